/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of a candidate's letters again and again while it is weighed. Internal to
 * assessment. */
#ifndef POLICY_ENGINE_CANDIDATE_SHAPE_H
#define POLICY_ENGINE_CANDIDATE_SHAPE_H

#include <stdbool.h>
#include <string.h>

#include "policy/engine/assessment.h"

/* From this length on, a coined label in front of another domain does not stand there by chance. */
#define LONG_TOKEN_MIN 5

#define KIND(kind) (1u << (kind))

static inline bool spans_labels(const struct surroundings *around)
{
	return around->first_label != around->last_label;
}

/* A hyphen stands among the token's letters that the token does not have. */
static inline bool is_hyphenated(const struct assessment *a)
{
	return a->surroundings.hyphens_inside && strchr(a->token->text, '-') == NULL;
}

/* The token's letters do not stand there as they are. */
static inline bool is_disguised(const struct assessment *a)
{
	return a->alignment.edit_count > 0 || a->surroundings.hyphens_inside ||
	       spans_labels(&a->surroundings);
}

/* Letters stand right beside it; digits do not count. */
static inline bool is_glued(const struct surroundings *around)
{
	return around->letters_left || around->letters_right;
}

/* A letter is not the token's nor much like it. */
static inline bool is_changed(const struct assessment *a)
{
	return a->alignment.slips > 0 || a->alignment.glances > 0;
}

#endif
