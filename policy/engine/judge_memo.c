/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/judge_memo.h"

#include <string.h>

#include <sodium.h>

_Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "a hash is 64 bits");

bool judge_memo_init(struct judge_memo *memo)
{
	if (sodium_init() < 0) {
		return false;
	}
	crypto_shorthash_keygen(memo->key);
	return true;
}

uint64_t judge_memo_hash(const struct judge_memo *memo, const char *host, size_t host_len)
{
	unsigned char octets[crypto_shorthash_BYTES];
	uint64_t hash;

	crypto_shorthash(octets, (const unsigned char *)host, host_len, memo->key);
	memcpy(&hash, octets, sizeof(hash));
	return hash;
}

const struct finding *judge_memo_get(const struct judge_memo *memo, uint64_t hash)
{
	const struct judge_memo_entry *entry = &memo->entries[hash % JUDGE_MEMO_PLACES];

	return entry->used && entry->hash == hash ? &entry->finding : NULL;
}

void judge_memo_put(struct judge_memo *memo, uint64_t hash, const struct finding *finding)
{
	struct judge_memo_entry *entry = &memo->entries[hash % JUDGE_MEMO_PLACES];

	entry->hash = hash;
	entry->used = true;
	entry->finding = *finding;
}
