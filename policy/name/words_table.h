/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words that make_words hashed, as words.c looks them up. A file of their own: with them in
 * sight, static analysers take half a minute for words.c.
 */
#ifndef POLICY_NAME_WORDS_TABLE_H
#define POLICY_NAME_WORDS_TABLE_H

#include "policy/name/words.h"

/* Not through the GOT: every candidate label is looked up here. */
#pragma GCC visibility push(hidden)

/* Sorted by hash; bucket b is from start[b] to before start[b + 1]. */
extern const uint32_t common_words[], proper_words[];
extern const uint32_t common_words_start[WORD_BUCKETS + 1], proper_words_start[WORD_BUCKETS + 1];

/* By word_prefix(): bit n is set where a word has these letters in front and n letters in all. */
extern const uint32_t common_words_lengths[WORD_PREFIXES], proper_words_lengths[WORD_PREFIXES];

#pragma GCC visibility pop

#endif
