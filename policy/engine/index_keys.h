/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the index's maker (index_compile.c) and its reader (index_search.c) share: its parts, and
 * the keys by which a token is found. Internal to the two.
 *
 * Every question the index answers is "which tokens have this key?", a key being the hash of some
 * form of a text together with what kind of form it is.
 */
#ifndef POLICY_ENGINE_INDEX_KEYS_H
#define POLICY_ENGINE_INDEX_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "policy/engine/bit_set.h"
#include "policy/engine/index.h"
#include "policy/name/glyph.h"

enum key_kind {
	KEY_HEAD,            /* the first letters of a token, spelled out; + length class */
	KEY_DELETION = 16,   /* a long token with at most one letter taken out */
	KEY_DELETION_SUFFIX, /* a short token likewise, with its suffix */
	KEY_SKELETON,        /* a long token's skeleton */
	KEY_SKELETON_SUFFIX, /* a short one's, with its suffix */
	KEY_TINY,            /* a token of two or three letters */
	KEY_SUFFIX,          /* a suffix by itself */
	KEY_END,             /* the first or last letters of a long token's typos, see end_form() */
	/* A token with letters that are said alike in place of its own. Far from the others: a
	 * kind is added to the hash, as the last letter is. */
	KEY_SOUND = 128,
};

/* Letters of a token, spelled out, by which it is found within a text. */
#define HEAD_MIN 4
#define HEAD_MAX 8

/* Shortest token that is looked for as it sounds. */
#define SOUND_LEN_MIN 6

/* Skeletons shorter than this are too common to look up without the suffix, or at all. */
#define SKELETON_LONG 5
#define SKELETON_MIN 2

#define TINY_LEN_MIN 2
#define TINY_LEN_MAX 3

/* A word for each two fine letters of five bits, a bit in it for two and each third. */
#define TINY_WORDS 1024

/*
 * A slip is in one half of a text only, so one that is a slip from a token begins or ends with
 * letters that the token begins or ends with: two in a text of END_SHORT_MIN letters, three in one
 * of END_LONG_MIN. (Two neighbours swapped may be the middle two.)
 */
#define END_SHORT_MIN 5
#define END_LONG_MIN 7
#define END_BITS 16
/* Tokens with one such end, up to which they are tried one by one. */
#define END_TOKENS_MAX 8

/* Skeleton letters by which most skeletons are told apart. */
#define SKELETON_HEAD 4
#define SKELETON_BITS 15

/* The most bits of gram_place(). */
#define GRAM_BITS 20
/* Places of grams for each token: one gram in so many meets another's. */
#define GRAM_PLACES 32

/* Words of the set of suffixes: a few hundred suffixes are as many as there are in practice. */
#define SUFFIX_WORDS 256

struct slot {
	uint32_t check; /* upper half of the key */
	uint32_t token;
};

/* Of each token what a slip in it is told by. */
struct fine_token {
	const uint8_t *text; /* its fine letters */
	uint32_t letters;    /* which those are (slip_letters()) */
	uint8_t len;
};

struct index {
	size_t token_count;
	uint32_t bucket_mask;
	uint32_t *bucket_start; /* bucket_mask + 2 of them */
	struct slot *slots;
	size_t slot_count;
	uint64_t *filter; /* Bloom filter over all keys, a word a key: most look-ups end here */
	uint64_t filter_mask;
	uint64_t deletion_lens;       /* a bit for each length that a long token or its typo has */
	uint64_t deletion_short_lens; /* likewise of short ones */
	uint64_t *gram_seen; /* gram_place() of each four spelled letters that begin a token */
	uint32_t gram_shift;
	/* A bit for each end_form() of a text that a token or its typo may be, and sound_form(). */
	uint64_t end_seen[BIT_SET_WORDS(1 << END_BITS)];
	/* a bit for each skeleton's first letters */
	uint64_t skeleton_seen[BIT_SET_WORDS(1 << SKELETON_BITS)];
	uint64_t tiny_seen[TINY_WORDS];     /* a bit for each token of two or three letters */
	uint64_t suffix_seen[SUFFIX_WORDS]; /* a bit for each suffix's hash */
	size_t suffix_len_max;              /* octets of the longest */
	struct fine_token *fine;            /* each token */
	uint8_t **head_text;                /* its letters spelled out */
	uint8_t *head_len;
	uint8_t *pool;           /* of those texts */
	uint32_t *first_of_text; /* for each token, the first one with its text */
};

/* Odd multiplier of the polynomial hashes, and its powers; index_keys_ready() makes them. */
#define INDEX_MULTIPLIER 0x9e3779b97f4a7c15U
extern uint64_t index_powers[NAME_OCTETS_MAX * 6 + 1];

/* \returns false when the system has no means to make them once. */
bool index_keys_ready(void);

static inline uint64_t hash_step(uint64_t hash, uint8_t letter)
{
	return hash * INDEX_MULTIPLIER + letter + 1;
}

/*
 * Given the hash of a text that lacks letters[gone], gives that of the text that lacks
 * letters[gone + 1] instead. Letters start to end are the text.
 */
static inline uint64_t hash_deletion_next(uint64_t hash, const uint8_t *letters, size_t gone,
					  size_t end)
{
	return hash + ((uint64_t)letters[gone] - letters[gone + 1]) * index_powers[end - gone - 2];
}

static inline uint64_t hash_letters(const uint8_t *letters, size_t len)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < len; i++) {
		hash = hash_step(hash, letters[i]);
	}
	return hash;
}

/* The key of a form that has this hash. */
static inline uint64_t index_key(uint64_t hash, uint32_t kind)
{
	hash = (hash + kind) * 0xd6e8feb86659fd93U;
	return hash ^ hash >> 32;
}

/* The bits that a key sets in its word of the filter. */
static inline uint64_t filter_bits(uint64_t key)
{
	return 1ULL << (key >> 58) | 1ULL << (key >> 52 & 63) | 1ULL << (key >> 46 & 63);
}

/* Of the octets that were read so far. */
struct skeleton {
	size_t octets;
	size_t letters;
	uint64_t hash;
	uint8_t last; /* letter, 0 for none */
};

/* Reads on, from {0} at the beginning, to the end of the text or up to so many letters. */
void skeleton_read(struct skeleton *skeleton, const uint8_t *fine, size_t len, size_t letters_max);

/* Which bit of skeleton_seen the first SKELETON_HEAD letters have. */
static inline uint32_t skeleton_place(const struct skeleton *head)
{
	return (uint32_t)(head->hash * 0xd6e8feb86659fd93U >> (64 - SKELETON_BITS));
}

/*
 * Where the bit of a gram, HEAD_MIN spelled letters, is. There are few bits, many grams share one:
 * each letter of each name is asked for, and what is looked at has to stay in a processor's first
 * cache.
 */
static inline uint32_t gram_place(const struct index *index, const uint8_t *spelled)
{
	uint32_t gram;

	_Static_assert(sizeof(gram) == HEAD_MIN, "a gram is read at once");
	memcpy(&gram, spelled, sizeof(gram));
	return gram * 0x9e3779b1U >> index->gram_shift;
}

/* The word of tiny_seen for texts that begin with these letters. */
static inline size_t tiny_word(const uint8_t *fine)
{
	return (size_t)fine[0] | (size_t)fine[1] << 5;
}

/* The bit in it for one of so many letters. */
static inline uint64_t tiny_bit(const uint8_t *fine, size_t len)
{
	return UINT64_C(1) << (len < TINY_LEN_MAX ? 0 : fine[2] + 1);
}

/* How many letters of a text's ends are compared with tokens' ends. */
static inline size_t end_letters(size_t len)
{
	return len < END_LONG_MIN ? 2 : 3;
}

/* \param letters  end_letters() of them, which a text of len begins with, or ends with. */
static inline uint32_t end_form(const uint8_t *letters, size_t len, bool last)
{
	uint32_t form = (uint32_t)(letters[0] | letters[1] << 5);

	if (len >= END_LONG_MIN) {
		form |= (uint32_t)letters[2] << 10;
	}
	return form | (last ? 1U << 15 : 0U) | (uint32_t)len << 16;
}

/* The form of what is said like a token: its first letters, apart from those of typos. */
static inline uint32_t sound_form(const uint8_t *letters, size_t len)
{
	return end_form(letters, len, false) | UINT32_C(1) << 31;
}

/* Which bit of end_seen a form has. */
static inline uint32_t end_place(uint32_t form)
{
	return form * 0x9e3779b1U >> (32 - END_BITS);
}

/* Which bit of suffix_seen a suffix with this hash has. */
static inline uint64_t suffix_bit(uint64_t hash, size_t *word)
{
	hash = index_key(hash, KEY_SUFFIX);
	*word = hash % SUFFIX_WORDS;
	return 1ULL << (hash >> 58);
}

#endif
