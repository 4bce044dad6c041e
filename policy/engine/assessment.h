/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One candidate weighed: how the name's letters came about from the token's, what stands round
 * them, and what all that adds up to. Internal to policy/.
 */
#ifndef POLICY_ENGINE_ASSESSMENT_H
#define POLICY_ENGINE_ASSESSMENT_H

#include <stdbool.h>

#include "include/attribute.h"
#include "policy/engine/alignment.h"
#include "policy/engine/evidence.h"
#include "policy/engine/exemption.h"
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

enum assess_result {
	ASSESS_NOTHING,   /* not a resemblance, or one too weak to be a finding */
	ASSESS_EXEMPT,    /* the name is never flagged, whatever its candidates */
	ASSESS_RESEMBLES, /* out is filled */
};

/*
 * Weighs a token where it may stand, elements start to end of the name. Most candidates end at
 * their letters; the first one of a name that does not has the name's place looked up, and kept in
 * the context.
 */
_mustcheck_ enum assess_result assess(struct name_context *context,
				      const struct exemption *exemption, struct aligner *aligner,
				      const struct token *token, size_t start, size_t end,
				      struct assessment *out);

#endif
