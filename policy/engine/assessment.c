/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/assessment.h"

#include "policy/engine/assess_letters.h"
#include "policy/engine/assess_place.h"
#include "policy/engine/name_place.h"

/* Another site's token stands there as it is, so that a changed letter explains nothing. */
static bool is_explained(const struct name_context *setting, const struct assessment *a)
{
	if (a->alignment.edit_count == 0) {
		return false;
	}
	for (size_t at = a->start; at < a->end; at++) {
		const struct token *exact = setting->exact[at];

		if (exact != NULL && exact->site != a->token->site &&
		    exact->len + 1 >= a->token->len) {
			return true;
		}
	}
	return false;
}

enum assess_result assess(struct name_context *context, const struct exemption *exemption,
			  struct aligner *aligner, const struct token *token, size_t start,
			  size_t end, struct assessment *out)
{
	if (!assess_letters(context, aligner, token, start, end, out) ||
	    is_explained(context, out)) {
		return ASSESS_NOTHING;
	}
	if (context->place == PLACE_UNKNOWN) {
		const bool exempt = is_protected(exemption, context->name) ||
				    !name_place_find(context) || is_exempt(exemption, context);
		context->place = exempt ? PLACE_EXEMPT : PLACE_KNOWN;
	}
	if (context->place == PLACE_EXEMPT) {
		return ASSESS_EXEMPT;
	}
	return assess_place(context, out) ? ASSESS_RESEMBLES : ASSESS_NOTHING;
}
