/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What changes from one policy to another, in words.
 */
#ifndef POLICY_DIFFERENCE_H
#define POLICY_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

/*
 * Takes one change, a line without a line feed: "site Vietcombank: domain vcb.example is added".
 * Texts are those of the policies, which hold nothing that could steer a terminal.
 */
typedef void difference_fn(void *ctx, const char *change);

/*
 * Tells each change: version, contact, actions, sites (by their displayed names) with domains and
 * tokens, exceptions, decorations. The order in which a policy lists them is not a difference.
 *
 * \param count  gets how many changes were told.
 * \returns false when out of memory; what was told may then be a part.
 */
bool policy_difference(const struct policy *before, const struct policy *after, difference_fn *tell,
		       void *ctx, size_t *count);

/*
 * Tells what the office's own file takes away from a policy: a milder action, another contact,
 * exceptions and search suffixes; each a line.
 *
 * \param count  gets how many lines were told.
 */
void policy_local_words(const struct policy *policy, difference_fn *fn, void *ctx, size_t *count);

#endif
