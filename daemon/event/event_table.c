/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/event_table.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/event/device_quota.h"

#define NONE UINT32_MAX
#define ENTRIES_MAX (UINT32_C(1) << 20)

struct entry {
	struct event event;
	uint64_t key;    /* keyed hash over (name, site, day): nobody can choose what collides */
	uint32_t next;   /* in its hash chain or in the free list; or NONE, as the two below */
	uint32_t before; /* among those that one device saw: begun before this one */
	uint32_t after;
};

struct event_table {
	uint32_t size; /* a power of two; of chains as well */
	uint32_t free_first;
	uint32_t oldest; /* of those that one device saw */
	uint32_t newest;
	uint32_t *chains;
	struct entry *entries;
	struct device_quota quota;
	uint8_t hash_key[crypto_shorthash_KEYBYTES];
};

const char *event_device_band(uint32_t device_count)
{
	if (device_count < EVENT_DEVICES_MANY) {
		return "1-4";
	}
	return device_count < EVENT_DEVICES_MAX ? "5-9" : "10+";
}

struct event_table *event_table_new(uint32_t fakes)
{
	struct event_table *table = calloc(1, sizeof(*table));

	if (table == NULL || sodium_init() < 0) {
		goto fail;
	}
	table->size = 1;
	while (table->size < fakes && table->size < ENTRIES_MAX) {
		table->size <<= 1;
	}
	table->chains = malloc(table->size * sizeof(*table->chains));
	table->entries = calloc(table->size, sizeof(*table->entries));
	if (table->chains == NULL || table->entries == NULL) {
		goto fail;
	}
	table->oldest = table->newest = NONE;
	for (uint32_t i = 0; i < table->size; i++) {
		table->chains[i] = NONE;
		table->entries[i].next = i + 1 < table->size ? i + 1 : NONE;
	}
	randombytes_buf(table->hash_key, sizeof(table->hash_key));
	return table;

fail:
	event_table_free(table);
	return NULL;
}

void event_table_free(struct event_table *table)
{
	if (table == NULL) {
		return;
	}
	free(table->chains);
	free(table->entries);
	free(table);
}

static uint64_t key_of(const struct event_table *table, const char *name, const char *site,
		       int64_t day)
{
	uint8_t input[sizeof(day) + EVENT_NAME_TEXT_SIZE + SIGHTING_SITE_SIZE];
	size_t name_size = strlen(name) + 1;
	size_t len = 0;
	uint64_t key;

	memcpy(input, &day, sizeof(day));
	len += sizeof(day);
	memcpy(input + len, name, name_size);
	len += name_size;
	memcpy(input + len, site, strlen(site));
	len += strlen(site);
	crypto_shorthash((unsigned char *)&key, input, len, table->hash_key);
	return key;
}

static uint32_t *chain_of(struct event_table *table, uint64_t key)
{
	return &table->chains[key & (table->size - 1)];
}

static struct entry *find(struct event_table *table, uint64_t key)
{
	uint32_t i = *chain_of(table, key);

	while (i != NONE && table->entries[i].key != key) {
		i = table->entries[i].next;
	}
	return i == NONE ? NULL : &table->entries[i];
}

/* Takes an entry out of the list of those that one device saw. */
static void unlist(struct event_table *table, const struct entry *entry)
{
	*(entry->before != NONE ? &table->entries[entry->before].after : &table->oldest) =
	    entry->after;
	*(entry->after != NONE ? &table->entries[entry->after].before : &table->newest) =
	    entry->before;
}

static void forget(struct event_table *table, uint32_t index)
{
	struct entry *entry = &table->entries[index];
	uint32_t *link = chain_of(table, entry->key);

	if (entry->event.device_count == 1) {
		unlist(table, entry);
	}
	while (*link != index) {
		link = &table->entries[*link].next;
	}
	*link = entry->next;
	*entry = (struct entry){.next = table->free_first};
	table->free_first = index;
}

/* Takes a free entry; there must be one. */
static struct entry *begin_entry(struct event_table *table, uint64_t key)
{
	uint32_t index = table->free_first;
	uint32_t *head = chain_of(table, key);

	assert(index != NONE);

	struct entry *entry = &table->entries[index];

	table->free_first = entry->next;
	*entry = (struct entry){.key = key, .next = *head, .before = table->newest, .after = NONE};
	*head = index;
	*(table->newest != NONE ? &table->entries[table->newest].after : &table->oldest) = index;
	table->newest = index;
	return entry;
}

/* A device's hash is made over with the event's key, so that two events' hashes of it differ. */
static uint64_t device_of(const struct event_table *table, uint64_t key, uint64_t device_hash)
{
	const uint64_t input[2] = {key, device_hash};
	uint64_t hash;

	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)input, sizeof(input),
			 table->hash_key);
	return hash;
}

static void add_device(struct event_table *table, struct entry *entry, uint64_t hash)
{
	struct event *event = &entry->event;

	for (uint32_t i = 0; i < event->device_count; i++) {
		if (event->devices[i] == hash) {
			return;
		}
	}
	if (event->device_count < EVENT_DEVICES_MAX) {
		event->devices[event->device_count++] = hash;
		if (event->device_count == 2) {
			unlist(table, entry);
		}
	}
}

static void add_address(struct event *event, const struct address *address)
{
	if (address->len == 0) {
		return;
	}
	for (uint32_t i = 0; i < event->address_count; i++) {
		if (event->addresses[i].len == address->len &&
		    memcmp(event->addresses[i].octets, address->octets, address->len) == 0) {
			return;
		}
	}
	if (event->address_count < EVENT_ADDRESSES_MAX) {
		event->addresses[event->address_count++] = *address;
	}
}

static void add_example(struct event *event, const char *written)
{
	/* What only puts "*." or nothing before the registered name says no more than that. */
	const char *bare = strncmp(written, "*.", 2) == 0 ? written + 2 : written;

	if (strcmp(bare, event->name) == 0 || event->example_count == EVENT_EXAMPLES_MAX) {
		return;
	}
	for (uint32_t i = 0; i < event->example_count; i++) {
		if (strcmp(event->examples[i], written) == 0) {
			return;
		}
	}
	memcpy(event->examples[event->example_count++], written, strlen(written) + 1);
}

/* How much a way of asking says: HTTP brings an address and a name, DNS neither, others lie
 * between.
 */
static unsigned weight_of(enum via via)
{
	return via == VIA_DNS ? 0 : VIA_COUNT - (unsigned)via;
}

/* Adds a sighting to the event that it is one of. */
static void add(struct event_table *table, struct entry *entry,
		const struct fake_sighting *sighting, const struct event_name *name)
{
	struct event *event = &entry->event;

	if (event->device_count == 0 || sighting->confidence > event->strongest.confidence) {
		event->strongest = *sighting;
	}
	if (event->device_count == 0 || weight_of(sighting->via) > weight_of(event->via)) {
		event->via = sighting->via;
	}
	event->count++;
	add_device(table, entry, device_of(table, entry->key, sighting->device_hash));
	add_address(event, &sighting->server);
	add_example(event, name->written);
}

uint64_t event_table_count(struct event_table *table, const struct fake_sighting *sighting,
			   int64_t day)
{
	struct event_name name = {0};
	uint64_t left_out = 0;

	event_name_make(sighting->host, sighting->host_len, sighting->labels, &name);

	uint64_t key = key_of(table, name.registered, sighting->site, day);
	struct entry *entry = find(table, key);

	if (entry == NULL) {
		if (!device_quota_take(&table->quota, sighting->device_hash)) {
			return 1;
		}
		if (table->free_first == NONE && table->oldest == NONE) {
			return 1;
		}
		if (table->free_first == NONE) {
			left_out = table->entries[table->oldest].event.count;
			forget(table, table->oldest);
		}
		entry = begin_entry(table, key);
		entry->event.day = day;
		memcpy(entry->event.name, name.registered, sizeof(name.registered));
	}
	add(table, entry, sighting, &name);
	return left_out;
}

void event_table_batch(struct event_table *table, int64_t today, event_batch_fn *fn, void *ctx)
{
	for (uint32_t i = 0; i < table->size; i++) {
		struct event *event = &table->entries[i].event;
		bool is_used = event->device_count > 0;
		bool is_over = is_used && event->day != today;

		if (event->count > 0 && (is_over || event->device_count >= EVENT_DEVICES_MANY)) {
			fn(ctx, event);
			event->count = 0;
		}
		if (is_over) {
			forget(table, i);
		}
	}
	device_quota_clear(&table->quota);
}
