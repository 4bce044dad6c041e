/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The protected domains and the sites' own, as a set: a name equal to or under one is never
 * flagged. Internal to policy/.
 */
#ifndef POLICY_ENGINE_PROTECTED_SET_H
#define POLICY_ENGINE_PROTECTED_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/file/parsed_policy.h"
#include "policy/name/name.h"

struct protected_set;

/* \returns NULL when memory is short. The parsed policy must outlive it. Free with
 * protected_set_free().
 */
struct protected_set *protected_set_new(const struct parsed_policy *parsed);
void protected_set_free(struct protected_set *set);
size_t protected_set_memory(const struct protected_set *set); /* octets */

/* Whether the name is equal to or under a protected domain that has a suffix. */
bool protected_set_has_domain(const struct protected_set *set, const struct name *name);

/*
 * Whether the label that stands before the name's public suffix is protected under any suffix.
 * \param registrable  that label.
 */
bool protected_set_has_label(const struct protected_set *set, const struct name *name,
			     size_t registrable);

#endif
