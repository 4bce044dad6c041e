/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exceptions: names that are never flagged. Internal to policy/.
 */
#ifndef POLICY_PATTERN_EXCEPTIONS_H
#define POLICY_PATTERN_EXCEPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/pattern/pattern.h"

/* Compiled; never changes; may be shared by threads. */
struct exceptions;

/*
 * \param entries  as struct parsed_policy has them: a host name stands for itself and every name
 * under it, a pattern for the names that it matches from end to end.
 * \returns NULL when memory is short or when the patterns together exceed what PCRE2 can hold.
 * Free with exceptions_free().
 */
struct exceptions *exceptions_new(char *const *entries, size_t count);
void exceptions_free(struct exceptions *exceptions);

/*
 * Whether an exception holds for a name. Takes no memory.
 *
 * \param name  lower case, A-labels, no trailing dot; NUL-terminated.
 */
bool exceptions_match(const struct exceptions *exceptions, struct pattern_scratch *scratch,
		      const char *name);

/*
 * Whether an entry is a host name rather than a pattern: it has nothing but ASCII letters, digits,
 * hyphens, dots, and octets above 0x7f (a U-label).
 */
bool exception_is_host(const char *entry);

#endif
