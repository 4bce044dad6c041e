/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words that a pattern stands for: a pattern of a policy is a finite list, written short.
 * Internal to policy/; for loading only.
 */
#ifndef POLICY_PATTERN_PATTERN_WORDS_H
#define POLICY_PATTERN_PATTERN_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/pattern/pattern.h"

/* Words that one pattern may stand for, and depth of its brackets. */
#define PATTERN_WORDS_MAX 64
#define PATTERN_DEPTH_MAX 4
/* Letters that one [ ] may list. */
#define PATTERN_LETTERS_MAX 4

struct pattern_words {
	char items[PATTERN_WORDS_MAX][PATTERN_LEN_MAX + 1]; /* lower case */
	size_t count;
};

/*
 * Lists the words of a pattern: letters, digits and hyphens stand for themselves, as do '\.' for a
 * dot and '\-' for a hyphen; 'a?' for a or nothing, 'a|b' for one of both, '( )' and '(?: )' hold
 * several together, '[ei]' is short for '(e|i)': a few letters written out, never a range. A word
 * that two of its ways write is listed once.
 *
 * \param out  9 KiB; the caller's, on the heap.
 * \param why  on failure gets what is wrong and what to write, as a phrase to follow the pattern.
 */
bool pattern_words_list(const char *pattern, struct pattern_words *out, char *why, size_t why_size);

#endif
