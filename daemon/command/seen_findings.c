/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/seen_findings.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROWS (SEEN_FINDINGS_MAX / SEEN_FINDINGS_ROW)

struct entry {
	uint8_t host_len; /* 0: empty */
	uint8_t via;
	char host[HOST_NAME_MAX_LEN];
};

struct row {
	struct entry entries[SEEN_FINDINGS_ROW];
	uint8_t oldest;
};

struct seen_findings {
	uint8_t
	    hash_key[crypto_shorthash_KEYBYTES]; /* random: who made the capture chose the names */
	struct row rows[ROWS];
};

struct seen_findings *seen_findings_new(void)
{
	struct seen_findings *seen = calloc(1, sizeof(*seen));

	if (seen != NULL) {
		crypto_shorthash_keygen(seen->hash_key);
	}
	return seen;
}

void seen_findings_free(struct seen_findings *seen)
{
	free(seen);
}

static bool is_same(const struct entry *entry, const struct observation *observation)
{
	return entry->host_len == observation->host_len && entry->via == observation->via &&
	       memcmp(entry->host, observation->host, observation->host_len) == 0;
}

bool seen_findings_add(struct seen_findings *seen, const struct observation *observation)
{
	uint64_t hash;
	struct row *row;

	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)observation->host,
			 observation->host_len, seen->hash_key);
	row = &seen->rows[hash % ROWS];
	for (size_t i = 0; i < SEEN_FINDINGS_ROW; i++) {
		if (is_same(&row->entries[i], observation)) {
			return false;
		}
	}

	struct entry *entry = &row->entries[row->oldest];
	row->oldest = (uint8_t)((row->oldest + 1) % SEEN_FINDINGS_ROW);
	entry->host_len = (uint8_t)observation->host_len;
	entry->via = (uint8_t)observation->via;
	memcpy(entry->host, observation->host, observation->host_len);
	return true;
}
