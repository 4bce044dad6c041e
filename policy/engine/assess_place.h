/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it tells where a candidate stands, and what all that adds up to. Internal to assessment. */
#ifndef POLICY_ENGINE_ASSESS_PLACE_H
#define POLICY_ENGINE_ASSESS_PLACE_H

#include <stdbool.h>

#include "policy/engine/assessment.h"

/* For a candidate whose letters were assessed, in a name whose place is known. \returns false when
 * it is not a resemblance after all. */
bool assess_place(const struct name_context *setting, struct assessment *out);

/*
 * The site's own suffix speaks for a slip or a disguise. Beside words it only tells how a short
 * token is meant, and only where few other names share the suffix.
 */
void weigh_same_suffix(const struct name_context *setting, const struct assessment *a,
		       evidence_set *set);

#endif
