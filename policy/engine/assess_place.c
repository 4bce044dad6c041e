/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/assess_place.h"

#include <string.h>

#include "policy/engine/bait_words.h"
#include "policy/engine/candidate_shape.h"
#include "policy/engine/infrastructure.h"

/* One letter more is likelier a name of the brand's own. */
#define WHIM_MIN 2

/* Labels of a suffix are seldom longer: "com", "co", "jp". */
#define SUFFIX_LIKE_MAX 3

/* Label number i of the name, as it is written. */
static const char *label_text(const struct name *name, size_t label, size_t *len)
{
	*len = (size_t)name->text_label[label + 1] - 1 - name->text_label[label];
	return name->text + name->text_label[label];
}

static bool is_throwaway(const struct name_context *setting, const struct token *token)
{
	size_t len;
	const char *label = label_text(setting->name, setting->registrable, &len);

	return setting->is_cheap ||
	       (suffix_is_reported(setting->top_level) &&
		strcmp(token->suffix, setting->top_level) != 0) ||
	       label_is_random(label, len);
}

/* The registrable domain's name is one of a delivery network, under a suffix that costs. */
static bool is_delivery(const struct name_context *setting)
{
	size_t len;
	const char *label = label_text(setting->name, setting->registrable, &len);

	return !setting->is_cheap && names_delivery(label, len);
}

/* Nothing but short labels, such as a suffix's, stand between the token and the registrable one. */
static bool stands_before_registrable(const struct name_context *setting,
				      const struct surroundings *around)
{
	for (size_t i = around->last_label + 1; i < setting->registrable; i++) {
		size_t len;

		label_text(setting->name, i, &len);
		if (len > SUFFIX_LIKE_MAX) {
			return false;
		}
	}
	return true;
}

/* Long enough, whole, and no letter changed to another or hyphen put in that chance may have put.
 */
static bool stands_by_itself(const struct assessment *a)
{
	return a->token->len >= LONG_TOKEN_MIN && a->alignment.slips == 0 &&
	       a->alignment.glances == 0 && !a->surroundings.domain_in_front && !is_hyphenated(a) &&
	       !spans_labels(&a->surroundings);
}

static void weigh_place(const struct name_context *setting, const struct assessment *a, bool hosted,
			evidence_set *set)
{
	const struct surroundings *around = &a->surroundings;
	bool in_registrable = around->last_label == setting->registrable;
	bool delivery = !in_registrable && is_delivery(setting);
	bool throwaway = !in_registrable && !delivery && is_throwaway(setting, a->token);

	if (around->domain_in_front) {
		evidence_add(set, EVIDENCE_DOMAIN_IN_FRONT);
	}
	if (throwaway) {
		evidence_add(set, EVIDENCE_THROWAWAY_BEHIND);
	}
	if (delivery) {
		evidence_add(set, EVIDENCE_DELIVERY_BEHIND);
	}
	if (around->whole && in_registrable) {
		evidence_add(set, a->alignment.slips > 0 ? EVIDENCE_WHOLE_LABEL_SLIP
							 : EVIDENCE_WHOLE_LABEL);
	} else if (around->whole) {
		evidence_add(set, EVIDENCE_WHOLE_SUBDOMAIN);
		if (stands_by_itself(a) && !delivery &&
		    (throwaway ||
		     (!a->token->is_word && stands_before_registrable(setting, around)))) {
			evidence_add(set, EVIDENCE_WHOLE_IN_FRONT);
		}
	} else {
		if (around->glued_left && around->glued_right) {
			evidence_add(set, EVIDENCE_PART_INSIDE);
		} else if (around->glued_left || around->glued_right) {
			evidence_add(set, EVIDENCE_PART_GLUED);
		} else {
			evidence_add(set, EVIDENCE_PART_BETWEEN_HYPHENS);
		}
		if (!in_registrable && !hosted && !throwaway) {
			evidence_add(set, EVIDENCE_PART_OF_SUBDOMAIN);
		}
	}
}

/* The label in front of the suffix has a word of delivery networks: "robloxcdn.com". */
static bool is_in_delivery(const struct name_context *setting, const struct assessment *a)
{
	const struct name *name = setting->name;
	const size_t label = a->surroundings.last_label;
	size_t len;
	const char *text = label_text(name, label, &len);

	return names_delivery(text, len) &&
	       strcmp(name->text + name->text_label[label + 1], a->token->suffix) == 0;
}

void weigh_same_suffix(const struct name_context *setting, const struct assessment *a,
		       evidence_set *set)
{
	const bool national = suffix_is_national(a->token->suffix);
	const bool delivers =
	    evidence_has(*set, EVIDENCE_MACHINE_WORDS) && is_in_delivery(setting, a);
	const bool explains = evidence_has(*set, EVIDENCE_WORDS) ||
			      evidence_has(*set, EVIDENCE_DECORATION) || delivers;

	if (is_disguised(a)) {
		evidence_add(set, national ? EVIDENCE_SAME_NATIONAL_SUFFIX : EVIDENCE_SAME_SUFFIX);
		return;
	}
	if (national && explains && a->token->len <= SHORT_TOKEN_MAX) {
		evidence_add(set, EVIDENCE_SAME_NATIONAL_SUFFIX);
	}
	if (delivers) {
		evidence_add(set, EVIDENCE_DELIVERY_OWN_SUFFIX);
	}
}

/* Letters and digits, but no hyphens. */
static size_t count_letters(const struct name *name, size_t from, size_t to)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++) {
		count += name->base[i] != '-';
	}
	return count;
}

/*
 * A coined label in the registered one, beside letters that tell nothing or beside words that any
 * site may have; a brand that adds a word for a thing of its own does otherwise.
 */
static bool is_coined_and_whim(const struct name_context *setting, const struct assessment *a)
{
	const struct surroundings *around = &a->surroundings;
	const enum piece pieces[] = {around->left, around->right, around->left_rest,
				     around->right_rest};
	bool whim = false;

	if (a->token->is_word || a->token->len <= LONG_TOKEN_MIN || a->alignment.slips > 0 ||
	    around->last_label != setting->registrable || around->whole ||
	    names_delivery(a->token->text, a->token->len) ||
	    (around->letters_left && a->token->ends_in_word) ||
	    count_letters(setting->name, around->low, a->start) +
		    count_letters(setting->name, a->end, around->high) <
		WHIM_MIN) {
		return false;
	}
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		if (pieces[i] == PIECE_OTHER || pieces[i] == PIECE_OTHER_SHORT ||
		    pieces[i] == PIECE_PLAIN) {
			whim = true;
		} else if (pieces[i] != PIECE_NONE && pieces[i] != PIECE_DIGITS) {
			return false;
		}
	}
	return whim;
}

/* The suffixes where each common word has had an owner for decades. */
static bool is_old_suffix(const char *top_level)
{
	return strcmp(top_level, "com") == 0 || strcmp(top_level, "net") == 0 ||
	       strcmp(top_level, "org") == 0;
}

/* The very label under another suffix that costs, and nothing else. */
static void weigh_alone(const struct name_context *setting, const struct assessment *a,
			evidence_set *set)
{
	if (!a->surroundings.whole || is_disguised(a) ||
	    a->surroundings.last_label != setting->registrable ||
	    evidence_has(*set, EVIDENCE_CHEAP_SUFFIX)) {
		return;
	}
	if (a->token->is_worldwide) {
		evidence_add(set, EVIDENCE_OTHER_SUFFIX_ALONE);
	}
	if (a->token->is_word && is_old_suffix(setting->top_level)) {
		evidence_add(set, EVIDENCE_WORD_ALONE);
	}
}

/* What stands in front of a listed domain is itself one of a company's: its content, delivered. */
static bool is_listed_in_front(const struct name *name, size_t offset)
{
	return offset > 0 &&
	       infrastructure_behind(name->text, offset - 1).kind == INFRASTRUCTURE_OWN;
}

/*
 * Whether infrastructure.txt tells where the letters come from: they stand in a listed domain, or
 * in front of one where nobody has a name of their choice. A customer's domain in front may be a
 * fake itself, so a disguise is excused only where the company has all names.
 */
static bool is_infrastructure(const struct name_context *setting, const struct assessment *a)
{
	const struct name *name = setting->name;
	const struct infrastructure known = infrastructure_behind(name->text, name->text_len);

	if (known.kind == INFRASTRUCTURE_NONE) {
		return false;
	}
	if (name->text_label[a->surroundings.last_label] >= known.offset) {
		return true;
	}
	if (known.open) {
		return false;
	}
	return known.kind == INFRASTRUCTURE_OWN || !is_disguised(a) ||
	       is_listed_in_front(name, known.offset);
}

/* The half of a label beside a lure, under the site's own suffix: "deutsche-login.de". */
static bool is_half_of_site(const struct name_context *setting, const struct assessment *a)
{
	return a->surroundings.last_label == setting->registrable && a->surroundings.same_suffix &&
	       evidence_has(a->evidence, EVIDENCE_DECORATION);
}

static enum technique technique_of(const struct name_context *setting, const struct assessment *a)
{
	const struct surroundings *around = &a->surroundings;
	unsigned kinds = a->alignment.kinds;

	if ((kinds & (KIND(EDIT_SCRIPT) | KIND(EDIT_DIGIT))) != 0) {
		return TECHNIQUE_HOMOGLYPH;
	}
	if (a->alignment.slips > 0) {
		return (kinds & KIND(EDIT_BIT)) != 0 ? TECHNIQUE_BITSQUAT : TECHNIQUE_TYPO;
	}
	if ((kinds & (KIND(EDIT_LETTER) | KIND(EDIT_WEAK_LOOKALIKE))) != 0) {
		return TECHNIQUE_HOMOGLYPH;
	}
	if (kinds != 0) {
		return TECHNIQUE_DIACRITICS;
	}
	if (around->domain_in_front || spans_labels(around)) {
		return TECHNIQUE_SUBDOMAIN;
	}
	if (is_hyphenated(a)) {
		return TECHNIQUE_HYPHENATION;
	}
	if (around->last_label < setting->registrable && around->whole) {
		return TECHNIQUE_SUBDOMAIN;
	}
	if (around->whole) {
		return TECHNIQUE_TLD_SWAP;
	}
	if (around->left == PIECE_NONE && around->left_rest == PIECE_NONE &&
	    (around->right == PIECE_OWN_SUFFIX || around->right_rest == PIECE_OWN_SUFFIX)) {
		return TECHNIQUE_TLD_SWAP;
	}
	return TECHNIQUE_COMBOSQUAT;
}

/* Somebody chose the label: the registered one, or what stands in front of a host of people's
 * sites. */
static bool is_registered(const struct name_context *setting, const struct surroundings *around)
{
	return around->last_label == setting->registrable ||
	       (setting->is_hosted && around->last_label + 1 == setting->registrable);
}

bool assess_place(const struct name_context *setting, struct assessment *out)
{
	bool hosted;

	if (out->surroundings.last_label >= setting->suffix) {
		return false;
	}
	if (is_infrastructure(setting, out)) {
		return false;
	}
	if (!setting->ends_made_up && !is_registered(setting, &out->surroundings) &&
	    (out->alignment.slips > 1 || (is_changed(out) && is_glued(&out->surroundings)))) {
		return false; /* elsewhere such letters are a machine's far more often */
	}
	surroundings_place(setting, out->token, out->end, &out->surroundings);
	hosted = out->surroundings.last_label < setting->registrable && setting->is_hosted;
	weigh_place(setting, out, hosted, &out->evidence);
	if (out->token->is_half) {
		if (!is_half_of_site(setting, out)) {
			return false;
		}
		evidence_add(&out->evidence, EVIDENCE_HALF);
	}
	if (out->surroundings.same_suffix) {
		weigh_same_suffix(setting, out, &out->evidence);
	}
	if (out->surroundings.decoration_elsewhere) {
		evidence_add(&out->evidence, EVIDENCE_DECORATION_ELSEWHERE);
	}
	if (out->surroundings.decoration_behind && out->alignment.slips == 0) {
		evidence_add(&out->evidence, EVIDENCE_DECORATION_BEHIND);
	}
	weigh_alone(setting, out, &out->evidence);
	if (is_coined_and_whim(setting, out)) {
		evidence_add(&out->evidence, EVIDENCE_COINED_AND_WHIM);
	}
	if (hosted) {
		evidence_add(&out->evidence, EVIDENCE_HOSTED);
	}
	out->technique = technique_of(setting, out);
	out->points = evidence_points(out->evidence);
	if (!evidence_is_deceit(out->evidence) &&
	    out->points >= evidence_least_points(CONFIDENCE_HIGH)) {
		out->points = evidence_least_points(CONFIDENCE_HIGH) - 1;
	}
	return true;
}
