/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One candidate weighed: how the name's letters came about from the token's, what stands round
 * them, and what all that adds up to. Internal to policy/.
 *
 * In two steps, since most candidates end at the first: only for the others the caller looks up the
 * public suffix and whether the name is exempt, once a name (judge.c), which the second step needs.
 */
#ifndef POLICY_ENGINE_ASSESSMENT_H
#define POLICY_ENGINE_ASSESSMENT_H

#include <stdbool.h>

#include "policy/engine/alignment.h"
#include "policy/engine/evidence.h"
#include "policy/engine/surroundings.h"

struct assessment {
	const struct token *token;
	size_t start, end; /* elements of the name */
	struct alignment alignment;
	struct surroundings surroundings;
	bool digits_are_number; /* each digit that passes for a letter is part of a number that
				   goes on beside the token */
	evidence_set evidence;
	enum technique technique;
	int points;
};

/*
 * Weighs what the letters tell by themselves.
 * \returns false when no place of theirs could make it a finding.
 */
bool assess_letters(const struct name_context *setting, struct aligner *aligner,
		    const struct token *token, size_t start, size_t end, struct assessment *out);

/*
 * Adds where they stand. The context must be complete, see struct name_context.
 * \returns false when the candidate is not a resemblance after all.
 */
bool assess_place(const struct name_context *setting, struct assessment *out);

#endif
