/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/honest_memo.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <sodium.h>

#define SET_PLACES 16 /* of a hash: a line of the processor's cache */
#define SET_COUNT_LOG2 11
#define SET_COUNT ((size_t)1 << SET_COUNT_LOG2)

_Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "a hash is 64 bits");
_Static_assert(SET_COUNT *SET_PLACES == HONEST_MEMO_NAMES, "each name has a place");

/* The upper bits of a hash choose its set, the lower half is what the set holds of it. */
struct set {
	uint32_t halves[SET_PLACES]; /* the newest first; 0: nothing */
};

struct honest_memo {
	unsigned char key[crypto_shorthash_KEYBYTES];
	bool is_empty;
	struct set *sets; /* SET_COUNT, in pages of their own */
};

struct honest_memo *honest_memo_new(void)
{
	struct honest_memo *memo;
	void *sets;

	if (sodium_init() < 0) {
		return NULL;
	}
	memo = calloc(1, sizeof(*memo));
	if (memo == NULL) {
		return NULL;
	}
	sets = mmap(NULL, SET_COUNT * sizeof(struct set), PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (sets == MAP_FAILED) {
		free(memo);
		return NULL;
	}
	/* For whoever did not forbid core files anyway. */
	(void)madvise(sets, SET_COUNT * sizeof(struct set), MADV_DONTDUMP);
	memo->sets = sets;
	memo->is_empty = true;
	crypto_shorthash_keygen(memo->key);
	return memo;
}

void honest_memo_free(struct honest_memo *memo)
{
	if (memo == NULL) {
		return;
	}
	munmap(memo->sets, SET_COUNT * sizeof(struct set));
	free(memo);
}

uint64_t honest_memo_hash(const struct honest_memo *memo, const char *host, size_t host_len)
{
	unsigned char octets[crypto_shorthash_BYTES];
	uint64_t hash;

	crypto_shorthash(octets, (const unsigned char *)host, host_len, memo->key);
	memcpy(&hash, octets, sizeof(hash));
	return hash | 1; /* 0 is none */
}

static struct set *set_of(const struct honest_memo *memo, uint64_t hash)
{
	return &memo->sets[hash >> (64 - SET_COUNT_LOG2)];
}

bool honest_memo_has(const struct honest_memo *memo, uint64_t hash)
{
	const struct set *set = set_of(memo, hash);
	bool has = false;

	for (size_t i = 0; i < SET_PLACES; i++) {
		has |= set->halves[i] == (uint32_t)hash;
	}
	return has;
}

void honest_memo_add(struct honest_memo *memo, uint64_t hash)
{
	struct set *set = set_of(memo, hash);

	memmove(&set->halves[1], &set->halves[0], sizeof(*set) - sizeof(set->halves[0]));
	set->halves[0] = (uint32_t)hash;
	memo->is_empty = false;
}

void honest_memo_forget(struct honest_memo *memo)
{
	if (!memo->is_empty) {
		memset(memo->sets, 0, SET_COUNT * sizeof(struct set));
		memo->is_empty = true;
	}
}
