/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PCRE2 patterns of a policy: compiling a set of them into one, and matching that takes no memory
 * and cannot run away. Which patterns a policy may have is pattern_words.h's: neither anchors,
 * look-around, back references nor verbs, so that they keep their meaning when they are joined.
 * Letters match in either case. Internal to policy/.
 */
#ifndef POLICY_PATTERN_PATTERN_H
#define POLICY_PATTERN_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* Most patterns in a set, and the longest one in octets. */
#define PATTERN_COUNT_MAX 256
#define PATTERN_LEN_MAX 128

/* A thread's working memory for matching, good for any number of patterns. */
struct pattern_scratch;

/* \returns NULL when memory is short. Free with pattern_scratch_free(). */
struct pattern_scratch *pattern_scratch_new(void);
void pattern_scratch_free(struct pattern_scratch *scratch);

/* Patterns joined into one. Never changes; may be shared by threads. */
struct pattern;

/*
 * Joins patterns that pattern_words_list() took: the result matches where one of them does, at the
 * text's start.
 *
 * \param count  1 or more; 0 is for a run of only digits and hyphens.
 * \param whole  to the text's end, too.
 * \param run    instead of once, match one or more times in a row, with digits and hyphens in
 * between and around.
 * \returns NULL when memory is short or when the patterns together exceed what PCRE2 can hold.
 * Free with pattern_free().
 */
struct pattern *pattern_join(char *const *patterns, size_t count, bool whole, bool run);
void pattern_free(struct pattern *pattern);

/*
 * Matches a text. A text that would take too long counts as not matched.
 *
 * \param text        len octets, ASCII; need not end in NUL.
 * \param start, end  get the match: text[*start] up to but not including text[*end].
 */
bool pattern_match(const struct pattern *pattern, struct pattern_scratch *scratch, const char *text,
		   size_t len, size_t *start, size_t *end);

#endif
