/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decorations: what imitations add to a site's name ("login", "xac-thuc"). They raise the
 * confidence of a resemblance already found and mean nothing on their own. Internal to policy/.
 */
#ifndef POLICY_PATTERN_DECORATIONS_H
#define POLICY_PATTERN_DECORATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/pattern/pattern.h"

/* Which part of a text a decoration has to be. */
enum pattern_place {
	PATTERN_ANYWHERE, /* the leftmost one */
	PATTERN_AT_START,
	PATTERN_AT_END, /* the leftmost one that reaches the end */
	PATTERN_WHOLE,
};

/* Compiled; never changes; may be shared by threads. */
struct decorations;

/*
 * \param patterns  count of them, each taken by pattern_words_list(). With none of them there is no
 * decoration to find.
 * \returns NULL when memory is short or when the patterns together exceed what PCRE2 can hold.
 * Free with decorations_free().
 */
struct decorations *decorations_new(char *const *patterns, size_t count);
void decorations_free(struct decorations *decorations);

/*
 * Whether a piece of a name (no dots) is made of decorations, digits and hyphens and nothing else:
 * "login", "xac-thuc", "nhan-qua-247", "247". False for the empty piece. Takes no memory.
 *
 * \param text  len octets, ASCII; need not end in NUL.
 */
bool decorations_fill(const struct decorations *decorations, struct pattern_scratch *scratch,
		      const char *text, size_t len);

/*
 * Finds a decoration in a piece of a name: text[*start] up to but not including text[*end].
 *
 * \param place  anywhere, at the start, at the end; PATTERN_WHOLE is decorations_fill()'s.
 */
bool decorations_find(const struct decorations *decorations, struct pattern_scratch *scratch,
		      const char *text, size_t len, enum pattern_place place, size_t *start,
		      size_t *end);

#endif
