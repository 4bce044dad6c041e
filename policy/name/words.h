/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which strings of letters are words of everyday language. They only ever speak for a name: a label
 * that is a word itself, or whose letters fall into words otherwise, is less likely to imitate.
 * Internal to policy/. The English words are those of Debian's wamerican, hashed at build time.
 */
#ifndef POLICY_NAME_WORDS_H
#define POLICY_NAME_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Letters of a word in the table. */
#define WORD_LEN_MIN 3
#define WORD_LEN_MAX 24

/* The table is divided by the upper bits of the hash: about two words each. */
#define WORD_BUCKET_SHIFT 17
#define WORD_BUCKETS (1U << (32 - WORD_BUCKET_SHIFT))

/* FNV-1a, 32 bits: shared by the table's maker and its reader. */
static inline uint32_t word_hash(const char *word, size_t len)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < len; i++) {
		hash = (hash ^ (unsigned char)word[i]) * 16777619U;
	}
	return hash;
}

/* The first three letters of a word, as a number: for each, the table says which lengths there are.
 */
#define WORD_PREFIXES (26U * 26U * 26U)

static inline uint32_t word_prefix(const char *word)
{
	return ((uint32_t)(word[0] - 'a') * 26U + (uint32_t)(word[1] - 'a')) * 26U +
	       (uint32_t)(word[2] - 'a');
}

/* A common English word, as "apple"; lower case ASCII letters. */
bool word_is_common(const char *text, size_t len);

/* A common word or a proper noun, as "appleton". */
bool word_is_known(const char *text, size_t len);

/*
 * The words that begin a text of len letters: a bit for each of their lengths. Quicker than to ask
 * for every length.
 */
uint32_t words_common_from(const char *text, size_t len);
uint32_t words_known_from(const char *text, size_t len);

/* What host names are made of everywhere, as "www" or "login". */
bool word_is_of_addresses(const char *text, size_t len);

/*
 * Vietnamese syllables side by side without their marks, as "nganhang": each an initial and a rime
 * that the language has.
 */
bool word_is_vietnamese(const char *text, size_t len);

#endif
