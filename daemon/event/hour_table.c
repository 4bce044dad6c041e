/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/hour_table.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define ENTRIES_MAX (UINT32_C(1) << 20)

struct entry {
	struct event event;
	uint64_t key;    /* keyed hash over (host, hour): nobody can choose names that collide */
	uint32_t next;   /* in its hash chain or in the free list; or NONE, as the two below */
	uint32_t before; /* begun before this one */
	uint32_t after;
};

struct hour_table {
	uint32_t size; /* a power of two; of chains as well */
	uint32_t free_first;
	uint32_t oldest;
	uint32_t newest;
	uint32_t *chains;
	struct entry *entries;
	uint8_t hash_key[crypto_shorthash_KEYBYTES];
};

const char *event_device_band(uint32_t device_count)
{
	if (device_count <= 1) {
		return "1";
	}
	if (device_count <= 4) {
		return "2-4";
	}
	return device_count <= 9 ? "5-9" : "10+";
}

struct hour_table *hour_table_new(uint32_t fakes)
{
	struct hour_table *table = calloc(1, sizeof(*table));

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
	hour_table_free(table);
	return NULL;
}

void hour_table_free(struct hour_table *table)
{
	if (table == NULL) {
		return;
	}
	free(table->chains);
	free(table->entries);
	free(table);
}

static uint64_t key_of(const struct hour_table *table, const struct fake_sighting *sighting,
		       uint64_t hour)
{
	uint8_t input[sizeof(hour) + HOST_NAME_MAX_LEN];
	uint64_t key;

	memcpy(input, &hour, sizeof(hour));
	memcpy(input + sizeof(hour), sighting->host, sighting->host_len);
	crypto_shorthash((unsigned char *)&key, input, sizeof(hour) + sighting->host_len,
			 table->hash_key);
	return key;
}

static uint32_t *chain_of(struct hour_table *table, uint64_t key)
{
	return &table->chains[key & (table->size - 1)];
}

static struct entry *find(struct hour_table *table, uint64_t key)
{
	uint32_t i = *chain_of(table, key);

	while (i != NONE && table->entries[i].key != key) {
		i = table->entries[i].next;
	}
	return i == NONE ? NULL : &table->entries[i];
}

static void close_entry(struct hour_table *table, uint32_t index, event_close_fn *close, void *ctx)
{
	struct entry *entry = &table->entries[index];
	uint32_t *link = chain_of(table, entry->key);

	close(ctx, &entry->event);
	while (*link != index) {
		link = &table->entries[*link].next;
	}
	*link = entry->next;
	*(entry->before != NONE ? &table->entries[entry->before].after : &table->oldest) =
	    entry->after;
	*(entry->after != NONE ? &table->entries[entry->after].before : &table->newest) =
	    entry->before;
	entry->next = table->free_first;
	table->free_first = index;
}

/* Takes a free entry; there has to be one. */
static struct entry *begin_entry(struct hour_table *table, uint64_t key, uint64_t hour)
{
	uint32_t index = table->free_first;
	uint32_t *head = chain_of(table, key);
	struct entry *entry = &table->entries[index];

	table->free_first = entry->next;
	*entry = (struct entry){
	    .key = key, .event.hour = hour, .next = *head, .before = table->newest, .after = NONE};
	*head = index;
	*(table->newest != NONE ? &table->entries[table->newest].after : &table->oldest) = index;
	table->newest = index;
	return entry;
}

static void add_device(struct event *event, uint64_t hash)
{
	for (uint32_t i = 0; i < event->device_count; i++) {
		if (event->devices[i] == hash) {
			return;
		}
	}
	if (event->device_count < EVENT_DEVICES_MAX) {
		event->devices[event->device_count++] = hash;
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

bool hour_table_count(struct hour_table *table, const struct fake_sighting *sighting,
		      event_close_fn *close, void *ctx, bool *evicted)
{
	uint64_t hour = sighting->time_s / SECONDS_AN_HOUR;
	uint64_t key = key_of(table, sighting, hour);
	struct entry *entry = find(table, key);
	bool is_first = entry == NULL;

	*evicted = is_first && table->free_first == NONE;
	if (*evicted) {
		close_entry(table, table->oldest, close, ctx);
	}
	if (is_first) {
		entry = begin_entry(table, key, hour);
	}

	struct event *event = &entry->event;
	bool was_http = !is_first && event->latest.via == VIA_HTTP;

	event->latest = *sighting;
	if (was_http) {
		event->latest.via = VIA_HTTP;
	}
	event->count++;
	add_device(event, sighting->device_hash);
	add_address(event, &sighting->server);
	return is_first;
}

void hour_table_close_ended(struct hour_table *table, uint64_t hour, event_close_fn *close,
			    void *ctx)
{
	uint32_t i = table->oldest;

	while (i != NONE) {
		uint32_t after = table->entries[i].after;
		uint64_t begun = table->entries[i].event.hour;

		if (hour == UINT64_MAX || begun < hour || begun > hour + 1) {
			close_entry(table, i, close, ctx);
		}
		i = after;
	}
}
