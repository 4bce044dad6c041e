/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/plain_dns.h"

#include <assert.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/observation.h"

#define PLACES 4096 /* a power of two */

/* A place holds the upper half of a hash and the second of the question, or 0. */
struct plain_dns {
	uint8_t key[crypto_shorthash_KEYBYTES];
	_Atomic uint64_t places[PLACES];
};

struct plain_dns *plain_dns_new(void)
{
	struct plain_dns *table = calloc(1, sizeof(*table));

	if (table != NULL) {
		randombytes_buf(table->key, sizeof(table->key));
	}
	return table;
}

void plain_dns_free(struct plain_dns *table)
{
	free(table);
}

static uint64_t hash_of(const struct plain_dns *table, struct device_address device,
			const char *host, size_t host_len)
{
	uint8_t input[16 + HOST_NAME_MAX_LEN];
	uint64_t hash;

	assert(device.len <= 16 && host_len <= HOST_NAME_MAX_LEN);
	memcpy(input, device.octets, device.len);
	memcpy(input + device.len, host, host_len);
	crypto_shorthash((unsigned char *)&hash, input, device.len + host_len, table->key);
	return hash;
}

void plain_dns_note(struct plain_dns *table, struct device_address device, const char *host,
		    size_t host_len, uint64_t now_s)
{
	uint64_t hash = hash_of(table, device, host, host_len);

	atomic_store_explicit(&table->places[hash % PLACES],
			      (hash >> 32) << 32 | (uint32_t)(now_s + 1), memory_order_relaxed);
}

bool plain_dns_asked(const struct plain_dns *table, struct device_address device, const char *host,
		     size_t host_len, uint64_t now_s)
{
	uint64_t hash = hash_of(table, device, host, host_len);
	uint64_t place = atomic_load_explicit(&table->places[hash % PLACES], memory_order_relaxed);

	return (uint32_t)place != 0 && place >> 32 == hash >> 32 &&
	       now_s + 1 - (uint32_t)place <= PLAIN_DNS_SECONDS;
}
