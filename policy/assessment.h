/*
 * One candidate weighed: how the name's letters came about from the token's, what stands round
 * them, and what all that adds up to. Internal to policy/.
 */
#ifndef POLICY_ASSESSMENT_H
#define POLICY_ASSESSMENT_H

#include <stdbool.h>

#include "policy/alignment.h"
#include "policy/evidence.h"
#include "policy/surroundings.h"

struct assessment {
	const struct token *token;
	size_t start, end; /* elements of the name */
	struct alignment alignment;
	struct surroundings surroundings;
	enum technique technique;
	int points;
};

/* \returns false when the candidate is no resemblance worth weighing. */
bool assess(const struct setting *setting, struct aligner *aligner, const struct token *token,
	    size_t start, size_t end, struct assessment *out);

/*
 * Writes why, for a person, as struct finding has it.
 */
void assessment_explain(const struct setting *setting, const struct assessment *assessment,
			char why[FINDING_WHY_SIZE]);

#endif
