/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The `why` of a finding. Internal to policy/. */
#ifndef POLICY_ENGINE_EXPLANATION_H
#define POLICY_ENGINE_EXPLANATION_H

#include "policy/engine/assessment.h"
#include "policy/engine/wording.h"

/*
 * Writes why, for a person, in the language of the wording: one phrase, UTF-8, no full stop. What
 * has no room is cut between two characters.
 */
void explain(const struct name_context *context, const struct assessment *assessment,
	     const struct wording *wording, char why[FINDING_WHY_SIZE]);

#endif
