/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/judge.h"

#include <stdlib.h>
#include <string.h>

#include "policy/engine/assessment.h"
#include "policy/engine/explanation.h"
#include "policy/engine/policy_parts.h"
#include "policy/name/suffix.h"

/*
 * Two honest sites may be a slip apart when their labels are short (uccard.co.jp, ucscard.co.jp;
 * paypay, paypal): from this length on a policy's domain one slip from another site's is refused.
 */
#define SISTER_SLIP_LEN 8

struct judge {
	const struct policy *policy;
	const char *stranger_of; /* displayed name of the site whose domain is judged as a
				    stranger's; NULL: a name is judged */
	struct pattern_scratch *scratch;
	struct name name;
	struct search search;
	struct aligner aligner;
	struct assessment current, best;
};

struct judge *judge_new(const struct policy *policy)
{
	struct judge *judge = calloc(1, sizeof(*judge));

	if (judge == NULL) {
		return NULL;
	}
	judge->policy = policy;
	judge->scratch = pattern_scratch_new();
	if (judge->scratch == NULL) {
		judge_free(judge);
		return NULL;
	}
	return judge;
}

void judge_free(struct judge *judge)
{
	if (judge == NULL) {
		return;
	}
	pattern_scratch_free(judge->scratch);
	free(judge);
}

static size_t label_at(const struct name *name, size_t offset)
{
	size_t label = 0;

	while (label < name->label_count && name->text_label[label] < offset) {
		label++;
	}
	return label;
}

/*
 * Completes the setting and asks whether the name is honest for certain: a public suffix,
 * protected, or an exception.
 */
static bool is_honest(const struct judge *judge, struct name_context *setting)
{
	const struct policy *policy = judge->policy;
	const struct name *name = &judge->name;
	bool is_suffix;
	size_t registrable;

	const bool is_stranger = judge->stranger_of != NULL;
	if (!is_stranger && protected_set_has_domain(policy->protected_set, name)) {
		return true;
	}
	registrable = registrable_offset(name->text, &is_suffix);
	if (is_suffix) {
		return true;
	}
	setting->registrable = label_at(name, registrable);
	setting->suffix = setting->registrable + 1;
	return !is_stranger &&
	       (protected_set_has_label(policy->protected_set, name, setting->registrable) ||
		exceptions_match(policy->exceptions, judge->scratch, name->text));
}

/* Which of two explains the name better; never a matter of the order of sites. */
static bool is_better(const struct assessment *a, const struct assessment *b)
{
	int order;

	if (a->points != b->points) {
		return a->points > b->points;
	}
	if (a->token->len != b->token->len) {
		return a->token->len > b->token->len;
	}
	order = strcmp(a->token->imitated, b->token->imitated);
	if (order == 0) {
		order = strcmp(a->token->text, b->token->text);
	}
	return order != 0 ? order < 0 : a->start < b->start;
}

enum judge_result judge_name(struct judge *judge, const char *host, size_t host_len,
			     struct finding *out)
{
	const struct policy *policy = judge->policy;
	struct search *search = &judge->search;
	struct name_context setting = {
	    .name = &judge->name, .decorations = policy->decorations, .scratch = judge->scratch};
	bool found = false, complete = false;

	if (!name_parse(host, host_len, &judge->name)) {
		return JUDGE_NOT_A_NAME;
	}
	index_search(policy->index, &judge->name, search);
	if (search->candidate_count == 0) {
		return JUDGE_NOTHING;
	}
	setting.top_level = judge->name.text + judge->name.text_label[judge->name.label_count - 1];
	for (size_t i = 0; i < search->candidate_count; i++) {
		const struct candidate *candidate = &search->candidates[i];
		const struct token *token = &policy->tokens.items[candidate->token];

		if (token->site == judge->stranger_of ||
		    !assess_letters(&setting, &judge->aligner, token, candidate->start,
				    candidate->end, &judge->current)) {
			continue;
		}
		if (judge->stranger_of != NULL && judge->current.alignment.slips > 0 &&
		    token->len < SISTER_SLIP_LEN) {
			continue;
		}
		if (!complete) {
			if (is_honest(judge, &setting)) {
				return JUDGE_NOTHING;
			}
			surroundings_find_decorations(&setting);
			complete = true;
		}
		if (assess_place(&setting, &judge->current) &&
		    (!found || is_better(&judge->current, &judge->best))) {
			judge->best = judge->current;
			found = true;
		}
	}
	if (!found || !evidence_confidence(judge->best.points, &out->confidence)) {
		return JUDGE_NOTHING;
	}
	out->imitates = judge->best.token->imitated;
	out->site = judge->best.token->site;
	out->technique = judge->best.technique;
	out->action = policy->actions[out->confidence];
	out->labels = (uint8_t)(judge->name.label_count - judge->best.surroundings.first_label);
	explain(&setting, &judge->best, &wording_english, out->why);
	explain(&setting, &judge->best, &wording_vietnamese, out->why_vi);
	return JUDGE_FOUND;
}

enum judge_result judge_stranger(struct judge *judge, const char *host, size_t host_len,
				 const char *site, struct finding *out)
{
	judge->stranger_of = site;
	const enum judge_result result = judge_name(judge, host, host_len, out);
	judge->stranger_of = NULL;
	return result;
}
