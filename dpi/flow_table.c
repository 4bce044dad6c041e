/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/flow_table.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

struct flow_table {
	struct flow *flows;
	uint32_t *buckets;
	uint32_t capacity;
	uint32_t bucket_mask;
	uint32_t idle_ms;
	uint32_t unused; /* chained through flow.chain */
	uint32_t newest;
	uint32_t oldest;
	flow_gone_fn *gone;
	void *ctx;
	uint8_t key[crypto_shorthash_KEYBYTES];
};

static size_t bucket_count(uint32_t capacity)
{
	size_t count = 1;
	while (count < capacity) {
		count *= 2;
	}
	return count;
}

size_t flow_table_memory(uint32_t capacity)
{
	return sizeof(struct flow_table) + capacity * sizeof(struct flow) +
	       bucket_count(capacity) * sizeof(uint32_t);
}

struct flow_table *flow_table_new(uint32_t capacity, uint32_t idle_ms, flow_gone_fn *gone,
				  void *ctx)
{
	struct flow_table *table = calloc(1, sizeof(*table));
	if (table == NULL) {
		return NULL;
	}
	size_t buckets = bucket_count(capacity);
	table->flows = calloc(capacity, sizeof(*table->flows));
	table->buckets = calloc(buckets, sizeof(*table->buckets));
	if (table->flows == NULL || table->buckets == NULL) {
		flow_table_free(table);
		return NULL;
	}

	table->capacity = capacity;
	table->bucket_mask = (uint32_t)(buckets - 1);
	table->idle_ms = idle_ms;
	table->newest = NONE;
	table->oldest = NONE;
	table->gone = gone;
	table->ctx = ctx;
	for (size_t i = 0; i < buckets; i++) {
		table->buckets[i] = NONE;
	}
	for (uint32_t i = 0; i < capacity; i++) {
		table->flows[i].chain = i + 1 < capacity ? i + 1 : NONE;
	}
	crypto_shorthash_keygen(table->key);
	return table;
}

void flow_table_free(struct flow_table *table)
{
	if (table == NULL) {
		return;
	}
	free(table->flows);
	free(table->buckets);
	sodium_memzero(table->key, sizeof(table->key));
	free(table);
}

uint64_t flow_table_tag(const struct flow_table *table, const struct packet *packet,
			enum flow_direction direction)
{
	size_t size = packet->ip_version == 4 ? 4 : 16;
	bool there = direction == FLOW_FORWARD;
	uint8_t endpoints[16 + 16 + 2 * sizeof(uint16_t) + 1];
	uint16_t ports[2] = {there ? packet->source_port : packet->dest_port,
			     there ? packet->dest_port : packet->source_port};
	memcpy(endpoints, there ? packet->source : packet->dest, size);
	memcpy(endpoints + size, there ? packet->dest : packet->source, size);
	memcpy(endpoints + 2 * size, ports, sizeof(ports));
	endpoints[2 * size + sizeof(ports)] = packet->protocol;

	uint64_t tag = 0;
	_Static_assert(sizeof(tag) == crypto_shorthash_BYTES, "a tag is one SipHash");
	crypto_shorthash((unsigned char *)&tag, endpoints, 2 * size + sizeof(ports) + 1,
			 table->key);
	return tag;
}

static void unlink_age(struct flow_table *table, struct flow *flow)
{
	if (flow->newer == NONE) {
		table->newest = flow->older;
	} else {
		table->flows[flow->newer].older = flow->older;
	}
	if (flow->older == NONE) {
		table->oldest = flow->newer;
	} else {
		table->flows[flow->older].newer = flow->newer;
	}
}

static void link_newest(struct flow_table *table, struct flow *flow)
{
	uint32_t number = flow_table_number(table, flow);
	flow->newer = NONE;
	flow->older = table->newest;
	if (table->newest == NONE) {
		table->oldest = number;
	} else {
		table->flows[table->newest].newer = number;
	}
	table->newest = number;
}

struct flow *flow_table_find(struct flow_table *table, uint64_t tag, uint32_t now_ms)
{
	uint32_t number = table->buckets[tag & table->bucket_mask];
	while (number != NONE && table->flows[number].tag != tag) {
		number = table->flows[number].chain;
	}
	if (number == NONE) {
		return NULL;
	}

	struct flow *flow = &table->flows[number];
	flow->seen_ms = now_ms;
	if (table->newest != number) {
		unlink_age(table, flow);
		link_newest(table, flow);
	}
	return flow;
}

void flow_table_remove(struct flow_table *table, struct flow *flow)
{
	uint32_t number = flow_table_number(table, flow);
	uint32_t *link = &table->buckets[flow->tag & table->bucket_mask];
	while (*link != number) {
		link = &table->flows[*link].chain;
	}
	*link = flow->chain;
	unlink_age(table, flow);
	memset(flow, 0, sizeof(*flow));
	flow->chain = table->unused;
	table->unused = number;
}

static void forget_oldest(struct flow_table *table)
{
	struct flow *flow = &table->flows[table->oldest];
	table->gone(table->ctx, flow);
	flow_table_remove(table, flow);
}

struct flow *flow_table_begin(struct flow_table *table, uint64_t tag, uint32_t now_ms,
			      enum flow_room *room)
{
	*room = table->unused == NONE ? FLOW_ROOM_EVICTED : FLOW_ROOM_FREE;
	if (table->unused == NONE) {
		forget_oldest(table);
	}

	uint32_t number = table->unused;
	struct flow *flow = &table->flows[number];
	table->unused = flow->chain;
	memset(flow, 0, sizeof(*flow));
	flow->tag = tag;
	flow->seen_ms = now_ms;
	uint32_t *bucket = &table->buckets[tag & table->bucket_mask];
	flow->chain = *bucket;
	*bucket = number;
	link_newest(table, flow);
	return flow;
}

void flow_table_expire(struct flow_table *table, uint32_t now_ms, unsigned most)
{
	for (unsigned i = 0; i < most && table->oldest != NONE; i++) {
		/* Signed, for the odd packet whose time lies before the last one's. */
		int32_t idle = (int32_t)(now_ms - table->flows[table->oldest].seen_ms);
		if (idle < 0 || (uint32_t)idle < table->idle_ms) {
			return;
		}
		forget_oldest(table);
	}
}

uint32_t flow_table_number(const struct flow_table *table, const struct flow *flow)
{
	return (uint32_t)(flow - table->flows);
}

struct flow *flow_table_at(struct flow_table *table, uint32_t number)
{
	return &table->flows[number];
}
