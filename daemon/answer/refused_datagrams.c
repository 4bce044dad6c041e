/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/refused_datagrams.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define PLACES 1024 /* a power of two */

struct refused {
	uint64_t hash;
	uint64_t until_ms; /* 0: free */
};

struct refused_datagrams {
	uint8_t key[crypto_shorthash_KEYBYTES];
	uint64_t until_ms; /* no flow is refused later */
	struct refused places[PLACES];
};

struct refused_datagrams *refused_datagrams_new(void)
{
	struct refused_datagrams *table = calloc(1, sizeof(*table));

	if (table != NULL) {
		randombytes_buf(table->key, sizeof(table->key));
	}
	return table;
}

void refused_datagrams_free(struct refused_datagrams *table)
{
	free(table);
}

static uint64_t hash_of(const struct refused_datagrams *table, const struct packet *packet)
{
	const size_t size = packet->ip_version == 4 ? 4 : 16;
	uint8_t input[16 + 16 + 2 + 2];
	uint64_t hash;

	memcpy(input, packet->source, size);
	memcpy(input + size, packet->dest, size);
	memcpy(input + 2 * size, &packet->source_port, 2);
	memcpy(input + 2 * size + 2, &packet->dest_port, 2);
	crypto_shorthash((unsigned char *)&hash, input, 2 * size + 4, table->key);
	return hash;
}

static void put(struct refused_datagrams *table, uint64_t hash, uint64_t now_ms)
{
	table->until_ms = now_ms + REFUSED_DATAGRAMS_MS;
	table->places[hash % PLACES] = (struct refused){.hash = hash, .until_ms = table->until_ms};
}

void refused_datagrams_add(struct refused_datagrams *table, const struct packet *packet,
			   uint64_t now_ms)
{
	put(table, hash_of(table, packet), now_ms);
}

bool refused_datagrams_has(struct refused_datagrams *table, const struct packet *packet,
			   uint64_t now_ms)
{
	if (now_ms >= table->until_ms) {
		return false;
	}

	uint64_t hash = hash_of(table, packet);
	const struct refused *place = &table->places[hash % PLACES];

	if (place->hash != hash || now_ms >= place->until_ms) {
		return false;
	}
	put(table, hash, now_ms);
	return true;
}
