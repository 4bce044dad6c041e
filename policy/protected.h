/*
 * The protected domains, as a set: a name equal to or under one is never flagged. Internal to
 * policy/.
 */
#ifndef POLICY_PROTECTED_H
#define POLICY_PROTECTED_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/name.h"
#include "policy/rulebook.h"

struct protected_set;

/* \returns NULL when memory is short. The rulebook must outlive it. Free with protected_set_free().
 */
struct protected_set *protected_set_new(const struct rulebook *rulebook);
void protected_set_free(struct protected_set *set);
size_t protected_set_memory(const struct protected_set *set); /* octets */

/*
 * Whether the name is a protected domain or under one.
 * \param registrable  the label of the name that stands before its public suffix; label_count when
 * there is none.
 */
bool protected_set_has(const struct protected_set *set, const struct name *name,
		       size_t registrable);

#endif
