/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/judge.h"

#include <stdlib.h>
#include <string.h>

#include "policy/engine/assessment.h"
#include "policy/engine/close_search.h"
#include "policy/engine/evidence.h"
#include "policy/engine/explanation.h"
#include "policy/engine/honest_memo.h"
#include "policy/engine/judge_memo.h"
#include "policy/engine/met_suffixes.h"
#include "policy/engine/policy_parts.h"
#include "policy/name/suffix.h"

/*
 * Two honest sites may be a slip apart when their labels are short (uccard.co.jp, ucscard.co.jp;
 * paypay, paypal): from this length on a policy's domain one slip from another site's is refused.
 */
#define SISTER_SLIP_LEN 8

/* A shorter token meets other names' letters by chance. */
#define EXACT_LEN_MIN 5

struct judge {
	const struct policy *policy;
	const char *stranger_of; /* displayed name of the site whose domain is judged as a
				    stranger's; NULL: a name is judged */
	struct pattern_scratch *scratch;
	struct stretch stretch;
	struct known_pieces pieces;
	struct met_suffixes met;
	struct name name;
	struct search search;
	struct aligner aligner;
	struct assessment current;
	struct assessment best;     /* of what may be acted upon */
	struct assessment best_own; /* of an established name's own label */
	struct judge_memo memo;
	struct honest_memo *honest; /* NULL: is not to remember any */
	size_t work;                /* spent on the last of them */
	size_t weighed;             /* names that resembled something and were not in the memo */
	/* the longest token that stands, as it is, on each element; NULL for none */
	const struct token *exact[NAME_OCTETS_MAX * 3];
};

struct judge *judge_new(const struct policy *policy)
{
	struct judge *judge = calloc(1, sizeof(*judge));

	if (judge == NULL) {
		return NULL;
	}
	judge->policy = policy;
	judge->scratch = pattern_scratch_new();
	if (judge->scratch == NULL || !judge_memo_init(&judge->memo)) {
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
	honest_memo_free(judge->honest);
	free(judge);
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
	if (order == 0) {
		order = strcmp(a->token->suffix, b->token->suffix);
	}
	return order != 0 ? order < 0 : a->start < b->start;
}

/* None of the elements is a character that is only read as what it is taken for. */
static bool is_plain(const struct name *name, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++) {
		if (name->origin[i] >= 0x80) {
			return false;
		}
	}
	return true;
}

/* Marks the elements where a token stands letter for letter, with the longest such token. */
static void note_exact(struct judge *judge)
{
	const struct search *search = &judge->search;

	/* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what it holds */
	memset(judge->exact, 0, judge->name.element_count * sizeof(judge->exact[0]));
	for (size_t i = 0; i < search->candidate_count; i++) {
		const struct candidate *candidate = &search->candidates[i];
		const struct token *token = &judge->policy->tokens.items[candidate->token];
		size_t len = (size_t)candidate->end - candidate->start;

		if (token->is_half || len != token->len || len < EXACT_LEN_MIN ||
		    memcmp(judge->name.base + candidate->start, token->text, len) != 0 ||
		    !is_plain(&judge->name, candidate->start, candidate->end)) {
			continue;
		}
		for (size_t at = candidate->start; at < candidate->end; at++) {
			const struct token *known = judge->exact[at];

			if (known == NULL || known->len < len ||
			    (known->len == len && token < known)) {
				judge->exact[at] = token;
			}
		}
	}
}

/* The state of judging one name. */
struct verdict {
	struct name_context context;
	enum {
		ESTABLISHED_UNKNOWN,
		ESTABLISHED,
		NOT_ESTABLISHED
	} standing;     /* the registrable domain's */
	size_t work;    /* spent so far, as JUDGE_WORK_MAX counts it */
	bool found;     /* the judge's best */
	bool found_own; /* its best_own */
};

/* Whether many have visited the name's registrable domain for long. Looked up once a name. */
static bool is_established(const struct judge *judge, struct verdict *verdict)
{
	const struct established *established = judge->policy->established;
	const struct name *name = &judge->name;

	if (verdict->standing == ESTABLISHED_UNKNOWN) {
		const size_t offset = name->text_label[verdict->context.registrable];
		const bool known =
		    established != NULL && judge->stranger_of == NULL &&
		    established_has(established, name->text + offset, name->text_len - offset);
		verdict->standing = known ? ESTABLISHED : NOT_ESTABLISHED;
	}
	return verdict->standing == ESTABLISHED;
}

/* Keeps the current assessment when it explains the name better than those before. */
static void keep_better(const struct judge *judge, struct assessment *best, bool *found)
{
	if (!*found || is_better(&judge->current, best)) {
		*best = judge->current;
		*found = true;
	}
}

/* What a token takes in a label of a few letters. */
#define WORK_LEAST 3

/* Weighing a token takes longer in a longer label. */
static size_t work_of(const struct name *name, const struct candidate *candidate)
{
	const size_t label = name_label_of(name, candidate->start);

	return WORK_LEAST + (size_t)(name->label[label + 1] - name->label[label]) / 8;
}

/* In a policy's own domain a slip of a short label is another site's, not a fake's. */
static bool is_sister_slip(const struct judge *judge)
{
	const struct assessment *current = &judge->current;

	return judge->stranger_of != NULL && current->alignment.slips > 0 &&
	       current->token->len < SISTER_SLIP_LEN;
}

/* Weighs one token at the place of a candidate. */
static void weigh(struct judge *judge, const struct token *token, const struct candidate *candidate,
		  struct verdict *verdict)
{
	struct name_context *context = &verdict->context;
	const struct exemption exemption = {
	    .protected_set = judge->policy->protected_set,
	    .exceptions = judge->policy->exceptions,
	    .is_stranger = judge->stranger_of != NULL,
	};

	if (token->site == judge->stranger_of ||
	    assess(context, &exemption, &judge->aligner, token, candidate->start, candidate->end,
		   &judge->current) != ASSESS_RESEMBLES ||
	    is_sister_slip(judge)) {
		return;
	}
	/* Kept apart, so that an established name's own label hides nothing in front of it. */
	if (judge->current.surroundings.first_label >= context->registrable &&
	    is_established(judge, verdict)) {
		keep_better(judge, &judge->best_own, &verdict->found_own);
	} else {
		keep_better(judge, &judge->best, &verdict->found);
	}
}

/* How often one text is weighed in a label where it stands in the same way. */
#define SAME_TEXT_MAX 2

/* Letters or digits stand right beside it: bit 0 for the left side, bit 1 for the right. */
static unsigned glued_sides(const struct name *name, const struct candidate *candidate)
{
	const size_t label = name_label_of(name, candidate->start);
	unsigned sides = 0;

	if (candidate->start > name->label[label] && name->base[candidate->start - 1] != '-') {
		sides |= 1U;
	}
	if (candidate->end < name->label[label + 1] && name->base[candidate->end] != '-') {
		sides |= 2U;
	}
	return sides;
}

/*
 * Whether candidate number i repeats a text that was weighed often enough in its label, so that a
 * name of one token over and over costs little more than one that has it twice. Asks only about
 * the candidate's own label, so what stands in front changes nothing.
 */
static bool is_repeated(const struct judge *judge, size_t i)
{
	const struct candidate *candidate = &judge->search.candidates[i];
	const struct name *name = &judge->name;
	const size_t label = name_label_of(name, candidate->start);
	const unsigned sides = glued_sides(name, candidate);
	size_t same = 0;

	for (size_t j = 0; j < i && same < SAME_TEXT_MAX; j++) {
		const struct candidate *other = &judge->search.candidates[j];

		if (other->token == candidate->token && other->start >= name->label[label] &&
		    other->start < name->label[label + 1] && glued_sides(name, other) == sides) {
			same++;
		}
	}
	return same == SAME_TEXT_MAX;
}

/*
 * Weighs the tokens of a candidate's text: of each site those whose suffix matters, and one whose
 * suffix does not, which stands for the others.
 */
static void weigh_text(struct judge *judge, const struct candidate *candidate,
		       struct verdict *verdict)
{
	const struct token_table *tokens = &judge->policy->tokens;
	const struct token *first = &tokens->items[candidate->token];
	const struct token *end = tokens->items + tokens->count;
	const char *stood_for = NULL;
	const size_t work = work_of(&judge->name, candidate);

	for (const struct token *token = first;
	     token < end && verdict->context.place != PLACE_EXEMPT &&
	     verdict->work + work <= JUDGE_WORK_MAX && strcmp(token->text, first->text) == 0;
	     token++) {
		const bool meets = token->non_latin != NULL ||
				   met_suffixes_have(&judge->met, &judge->name, token->suffix);

		if (meets || stood_for != token->site) {
			verdict->work += work;
			weigh(judge, token, candidate, verdict);
		}
		if (!meets) {
			stood_for = token->site;
		}
	}
}

/*
 * Puts the candidates in the order of the name's labels, the last label first; within a label the
 * order of the search stays. So whatever stands in front of a label takes nothing from its turn.
 */
static void order_by_label(const struct name *name, struct search *search)
{
	struct candidate *items = search->candidates;

	for (size_t i = 1; i < search->candidate_count; i++) {
		const struct candidate moved = items[i];
		const size_t label = name_label_of(name, moved.end - 1U);
		size_t at = i;

		while (at > 0 && items[at - 1].end <= name->label[label]) {
			items[at] = items[at - 1];
			at--;
		}
		items[at] = moved;
	}
}

/* Fills a finding of an assessment. \returns false when it is too weak for one. */
static bool conclude(const struct judge *judge, const struct name_context *context,
		     const struct assessment *best, enum action at_most, struct finding *out)
{
	if (!evidence_confidence(best->points, &out->confidence)) {
		return false;
	}
	const enum action action = judge->policy->actions[out->confidence];
	out->imitates = best->token->imitated;
	out->site = best->token->site;
	out->technique = best->technique;
	out->action = action < at_most ? action : at_most;
	out->labels = (uint8_t)(judge->name.label_count - best->surroundings.first_label);
	explain(context, best, &wording_english, out->why);
	explain(context, best, &wording_vietnamese, out->why_vi);
	return true;
}

/* Of what is kept while the candidates of one name are weighed. */
static void forget_name_before(struct judge *judge)
{
	judge->stretch.text = NULL;
	memset(&judge->pieces, 0, sizeof(judge->pieces));
	met_suffixes_begin(&judge->met);
}

/*
 * Reads a name and finds what is to be weighed in it.
 * \returns JUDGE_FOUND when there is something.
 */
static enum judge_result look_for_candidates(struct judge *judge, const char *host, size_t host_len,
					     struct verdict *verdict)
{
	const struct policy *policy = judge->policy;
	struct search *search = &judge->search;

	if (!name_parse(host, host_len, &judge->name)) {
		return JUDGE_NOT_A_NAME;
	}
	index_search(policy->index, &judge->name, search);
	verdict->context = (struct name_context){.name = &judge->name,
						 .decorations = policy->decorations,
						 .scratch = judge->scratch,
						 .stretch = &judge->stretch,
						 .pieces = &judge->pieces,
						 .exact = judge->exact};
	verdict->context.ends_made_up = name_ends_made_up(&judge->name);
	slip_search(policy->slips, &judge->name, verdict->context.ends_made_up, search);
	if (verdict->context.ends_made_up) {
		close_search(&policy->tokens, &judge->name, search);
	}
	return search->candidate_count == 0 ? JUDGE_NOTHING : JUDGE_FOUND;
}

/* Weighs the candidates of the name that was read last. */
static enum judge_result weigh_candidates(struct judge *judge, struct verdict *verdict,
					  struct finding *out)
{
	struct search *search = &judge->search;
	struct name_context *context = &verdict->context;

	forget_name_before(judge);
	order_by_label(&judge->name, search);
	note_exact(judge);
	context->top_level = judge->name.text + judge->name.text_label[judge->name.label_count - 1];
	context->is_cheap = suffix_is_cheap(context->top_level);
	for (size_t i = 0; i < search->candidate_count && verdict->context.place != PLACE_EXEMPT;
	     i++) {
		if (verdict->work + WORK_LEAST <= JUDGE_WORK_MAX && !is_repeated(judge, i)) {
			weigh_text(judge, &search->candidates[i], verdict);
		}
	}
	judge->work = verdict->work;
	if (verdict->context.place == PLACE_EXEMPT) {
		return JUDGE_NOTHING;
	}
	if ((verdict->found && conclude(judge, context, &judge->best, ACTION_BLOCK, out)) ||
	    (verdict->found_own &&
	     conclude(judge, context, &judge->best_own, ACTION_OBSERVE, out))) {
		return JUDGE_FOUND;
	}
	return JUDGE_NOTHING;
}

bool judge_remember_honest(struct judge *judge)
{
	if (judge->honest == NULL) {
		judge->honest = honest_memo_new();
	}
	return judge->honest != NULL;
}

void judge_forget_honest(struct judge *judge)
{
	if (judge->honest != NULL) {
		honest_memo_forget(judge->honest);
	}
}

/* Judges a name that is not known to be honest. */
static enum judge_result judge_anew(struct judge *judge, const char *host, size_t host_len,
				    struct finding *out)
{
	struct verdict verdict = {0};
	enum judge_result result = look_for_candidates(judge, host, host_len, &verdict);

	if (result != JUDGE_FOUND) {
		return result; /* nearly all names; the memo would not have them */
	}
	const uint64_t hash = judge_memo_hash(&judge->memo, host, host_len);
	const struct finding *kept = judge_memo_get(&judge->memo, hash);
	if (kept != NULL) {
		*out = *kept;
		return JUDGE_FOUND;
	}
	result = weigh_candidates(judge, &verdict, out);
	judge->weighed++;
	if (result == JUDGE_FOUND) {
		judge_memo_put(&judge->memo, hash, out);
	}
	return result;
}

enum judge_result judge_name(struct judge *judge, const char *host, size_t host_len,
			     struct finding *out)
{
	if (judge->honest == NULL) {
		return judge_anew(judge, host, host_len, out);
	}
	const uint64_t hash = honest_memo_hash(judge->honest, host, host_len);
	if (honest_memo_has(judge->honest, hash)) {
		return JUDGE_NOTHING;
	}
	const enum judge_result result = judge_anew(judge, host, host_len, out);
	if (result == JUDGE_NOTHING) {
		honest_memo_add(judge->honest, hash);
	}
	return result;
}

size_t judge_weighed(const struct judge *judge)
{
	return judge->weighed;
}

enum judge_result judge_stranger(struct judge *judge, const char *host, size_t host_len,
				 const char *site, struct finding *out)
{
	struct verdict verdict = {0};

	judge->stranger_of = site;
	enum judge_result result = look_for_candidates(judge, host, host_len, &verdict);
	if (result == JUDGE_FOUND) {
		result = weigh_candidates(judge, &verdict, out);
	}
	judge->stranger_of = NULL;
	return result;
}

size_t judge_work(const struct judge *judge)
{
	return judge->work;
}
