#include "daemon/event/hour_table.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct entry {
	struct event event;
	uint64_t key; /* keyed hash over (host, hour): nobody can choose names that collide */
	UT_hash_handle hh;
};

struct hour_table {
	struct entry *entries; /* uthash keeps them in the order they were begun */
	uint32_t limit;
	uint8_t hash_key[crypto_shorthash_KEYBYTES];
};

const char *event_device_band(uint32_t device_count)
{
	if (device_count <= 1)
		return "1";
	if (device_count <= 4)
		return "2-4";
	return device_count <= 9 ? "5-9" : "10+";
}

struct hour_table *hour_table_new(uint32_t fakes)
{
	struct hour_table *table = calloc(1, sizeof(*table));

	if (table == NULL || sodium_init() < 0) {
		free(table);
		return NULL;
	}
	table->limit = fakes;
	randombytes_buf(table->hash_key, sizeof(table->hash_key));
	return table;
}

void hour_table_free(struct hour_table *table)
{
	struct entry *entry, *next;

	if (table == NULL)
		return;
	HASH_ITER(hh, table->entries, entry, next)
	{
		HASH_DEL(table->entries, entry);
		free(entry);
	}
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

static void close_entry(struct hour_table *table, struct entry *entry, event_close_fn *close,
			void *ctx)
{
	HASH_DEL(table->entries, entry);
	close(ctx, &entry->event);
	free(entry);
}

static struct entry *begin_entry(struct hour_table *table, uint64_t key, uint64_t hour)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (entry == NULL)
		return NULL;
	entry->key = key;
	entry->event.hour = hour;
	HASH_ADD(hh, table->entries, key, sizeof(entry->key), entry);
	if (entry->hh.tbl == NULL) { /* what HASH_NONFATAL_OOM leaves when it could not be added */
		free(entry);
		return NULL;
	}
	return entry;
}

static void add_device(struct event *event, uint64_t hash)
{
	for (uint32_t i = 0; i < event->device_count; i++)
		if (event->devices[i] == hash)
			return;
	if (event->device_count < EVENT_DEVICES_MAX)
		event->devices[event->device_count++] = hash;
}

static void add_address(struct event *event, const struct address *address)
{
	if (address->len == 0)
		return;
	for (uint32_t i = 0; i < event->address_count; i++)
		if (event->addresses[i].len == address->len &&
		    memcmp(event->addresses[i].octets, address->octets, address->len) == 0)
			return;
	if (event->address_count < EVENT_ADDRESSES_MAX)
		event->addresses[event->address_count++] = *address;
}

enum hour_table_result hour_table_count(struct hour_table *table,
					const struct fake_sighting *sighting, event_close_fn *close,
					void *ctx, bool *evicted)
{
	uint64_t hour = sighting->time_s / SECONDS_AN_HOUR;
	uint64_t key = key_of(table, sighting, hour);
	struct entry *entry = NULL;

	*evicted = false;
	HASH_FIND(hh, table->entries, &key, sizeof(key), entry);

	bool is_first = entry == NULL;

	if (is_first) {
		if (HASH_COUNT(table->entries) >= table->limit) {
			close_entry(table, table->entries, close, ctx);
			*evicted = true;
		}
		entry = begin_entry(table, key, hour);
		if (entry == NULL)
			return HOUR_TABLE_NO_MEMORY;
	}

	struct event *event = &entry->event;
	bool was_http = !is_first && event->latest.via == VIA_HTTP;

	event->latest = *sighting;
	if (was_http)
		event->latest.via = VIA_HTTP;
	event->count++;
	add_device(event, sighting->device_hash);
	add_address(event, &sighting->server);
	return is_first ? HOUR_TABLE_FIRST : HOUR_TABLE_COUNTED;
}

void hour_table_close_before(struct hour_table *table, uint64_t hour, event_close_fn *close,
			     void *ctx)
{
	struct entry *entry, *next;

	HASH_ITER(hh, table->entries, entry, next)
	{
		if (hour == UINT64_MAX || entry->event.hour < hour)
			close_entry(table, entry, close, ctx);
	}
}
