/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/assess_letters.h"

#include <string.h>

#include "policy/engine/assess_place.h"
#include "policy/engine/bait_words.h"
#include "policy/engine/candidate_shape.h"
#include "policy/engine/slip_search.h"
#include "policy/name/words.h"

/* Up to this length a changed letter leaves too little to go by. */
#define TINY_TOKEN_MAX 3

/* Up to this length, a token that is changed in two ways at once is likelier something else. */
#define BRIEF_TOKEN_MAX 7

static bool is_untypical(const struct assessment *a)
{
	return (a->alignment.kinds & (KIND(EDIT_INSERTION) | KIND(EDIT_SUBSTITUTION))) != 0;
}

/* Whether the elements are a word themselves, so that they need no token to explain them. */
static bool is_word_itself(const struct name *name, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++) {
		if (name->kind[i] != 0 && name->origin[i] >= 0x80) {
			return false;
		}
	}
	return word_is_common(name->base + start, end - start);
}

/*
 * For a short token: letters that tell nothing stand beside it, or digits in front, as in the
 * hexadecimal labels of delivery networks.
 */
static bool is_among_strangers(const struct surroundings *around)
{
	bool nothing_right = around->right == PIECE_NONE || around->right == PIECE_OTHER ||
			     around->right == PIECE_OTHER_SHORT;

	if (around->left == PIECE_DIGITS) {
		return true;
	}
	return is_glued(around) && nothing_right &&
	       (around->left == PIECE_NONE || around->left == PIECE_OTHER ||
		around->left == PIECE_OTHER_SHORT);
}

/* The letter that is appended stands behind a hyphen. */
static bool is_set_apart(const struct name *name, const struct alignment *alignment)
{
	const struct edit *last = &alignment->edits[alignment->edit_count - 1];

	return last->kind == EDIT_APPENDED && name->base[last->seen - 1] == '-';
}

/* A slip, and something else. */
static bool is_changed_twice(const struct assessment *a)
{
	return a->alignment.slips > 0 && a->alignment.edit_count > 1;
}

/* Forms that are no resemblance at all, wherever they stand. */
static bool is_out_of_question(const struct name_context *setting, const struct assessment *a)
{
	const struct alignment *alignment = &a->alignment;
	const struct surroundings *around = &a->surroundings;
	const bool changed = is_changed(a);

	if ((changed || is_glued(around)) && names_delivery(a->token->text, a->token->len) &&
	    a->token->len <= BRIEF_TOKEN_MAX) {
		return true; /* "b-cdn" is not a slip of "fbcdn": it names what it is for */
	}
	if (a->token->is_half && (alignment->edit_count > 0 || around->hyphens_inside ||
				  around->glued_left || around->glued_right)) {
		return true;
	}
	if (alignment->slips == 1 && is_set_apart(setting->name, alignment)) {
		return true; /* "label-x" is the label and something else */
	}
	if (spans_labels(around) && (!around->whole || alignment->slips > 0)) {
		/* "steam.community-friends": so many letters do not meet over a dot by chance */
		return alignment->edit_count > 0 || is_glued(around) ||
		       a->token->len < TWO_SLIPS_LEN_MIN;
	}
	if (alignment->slips > 1 || alignment->glances > 2) {
		return alignment->slips > 2 || is_glued(around) ||
		       alignment->slips + alignment->glances >
			   token_changes_max(a->token->len, setting->ends_made_up);
	}
	if (alignment->slips + alignment->glances == 1 && alignment->edit_count == 1 &&
	    !(around->letters_left && around->letters_right) &&
	    a->token->len >= GLUED_SLIP_LEN_MIN) {
		return false; /* with other letters on one side; what they are is asked later */
	}
	if (a->token->len <= TINY_TOKEN_MAX && (a->alignment.glances > 0 || is_untypical(a))) {
		return true;
	}
	if (is_changed_twice(a) && a->token->len < BRIEF_TOKEN_MAX) {
		return true;
	}
	if (is_glued(around) && a->token->len <= BRIEF_TOKEN_MAX &&
	    (is_hyphenated(a) || (alignment->edit_count > 0 && a->token->len <= LONG_TOKEN_MIN))) {
		return true;
	}
	/* a changed letter is looked for in a whole label or between hyphens, digits apart */
	return changed && is_glued(around);
}

/*
 * Characters that are like no letter of ASCII are all the same to the alignment, yet each is like
 * itself only: the name has to have the token's, in their order.
 */
static bool has_same_non_latin(const struct name *name, const struct assessment *a)
{
	const uint32_t *non_latin = a->token->non_latin;

	if (non_latin == NULL) {
		return true;
	}
	for (size_t i = a->start; i < a->end; i++) {
		if (name->base[i] == '?' && *non_latin++ != name->origin[i]) {
			return false;
		}
	}
	return *non_latin == 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits and nothing else, where the token has letters. */
static bool is_number(const struct name *name, const struct assessment *a)
{
	if (a->alignment.edit_count == 0) {
		return false;
	}
	for (size_t i = a->start; i < a->end; i++) {
		if (!is_digit(name->base[i]) && name->base[i] != '-') {
			return false;
		}
	}
	return strspn(a->token->text, "0123456789-") < a->token->len;
}

/*
 * A digit that passes for the token's first or last letter and stands beside another digit is read
 * as part of a number: then neither is the one a letter in disguise, nor the other put beside the
 * token ("appl365" is not apple65).
 */
static void read_numbers(const struct name *name, struct assessment *a)
{
	struct surroundings *around = &a->surroundings;
	size_t digits = 0, of_number = 0;

	for (size_t i = 0; i < a->alignment.edit_count; i++) {
		const struct edit *edit = &a->alignment.edits[i];
		bool continues_left, continues_right;

		if (edit->kind != EDIT_DIGIT || edit->seen_len != 1 ||
		    !is_digit(name->base[edit->seen])) {
			continue;
		}
		continues_left = edit->seen == a->start && around->glued_left &&
				 is_digit(name->base[a->start - 1]);
		continues_right = edit->seen + 1U == a->end && around->glued_right &&
				  is_digit(name->base[a->end]);
		if (continues_left && around->left == PIECE_DIGITS) {
			around->left = PIECE_OTHER_SHORT;
		}
		if (continues_right && around->right == PIECE_DIGITS) {
			around->right = PIECE_OTHER_SHORT;
		}
		digits++;
		of_number += continues_left || continues_right;
	}
	a->digits_are_number = digits > 0 && digits == of_number;
}

static void weigh_token(const struct token *token, evidence_set *set)
{
	evidence_add(set, evidence_of_length(token->len));
	if (token->is_word) {
		evidence_add(set, EVIDENCE_TOKEN_IS_WORD);
	}
}

static void weigh_disguise(const struct assessment *a, evidence_set *set)
{
	unsigned kinds = a->alignment.kinds;

	if ((kinds & KIND(EDIT_SCRIPT)) != 0) {
		evidence_add(set, EVIDENCE_DISGUISED_SCRIPT);
	} else if ((kinds & KIND(EDIT_VIETNAMESE)) != 0) {
		evidence_add(set, EVIDENCE_DISGUISED_VIETNAMESE);
	} else if ((kinds & KIND(EDIT_DIGIT)) != 0 && !a->digits_are_number) {
		evidence_add(set, EVIDENCE_DISGUISED_DIGIT);
	} else if ((kinds & KIND(EDIT_LETTER)) != 0) {
		evidence_add(set, EVIDENCE_DISGUISED_LETTER);
	} else if ((kinds & KIND(EDIT_WEAK_LOOKALIKE)) != 0) {
		evidence_add(set, EVIDENCE_DISGUISED_GLANCE);
	}
	if (is_hyphenated(a) && a->alignment.slips == 0) {
		evidence_add(set, EVIDENCE_HYPHENS_INSIDE);
	}
	if (spans_labels(&a->surroundings)) {
		evidence_add(set, EVIDENCE_DOTS_INSIDE);
	}
	if (a->alignment.slips > 0) {
		evidence_add(set, EVIDENCE_SLIP);
		if (is_untypical(a)) {
			evidence_add(set, EVIDENCE_SLIP_UNTYPICAL);
		}
		if ((kinds & KIND(EDIT_SOUND)) != 0) {
			evidence_add(set, EVIDENCE_SLIP_SOUND);
		}
		if (a->alignment.slips > 1) {
			evidence_add(set, EVIDENCE_SLIP_MORE);
		}
		if ((kinds & (KIND(EDIT_REPETITION) - 1)) != 0) {
			evidence_add(set, EVIDENCE_SLIP_AND_DISGUISE);
		}
	}
}

static void weigh_piece(enum piece piece, const char *suffix, evidence_set *set)
{
	switch (piece) {
	case PIECE_DECORATION:
		evidence_add(set, EVIDENCE_DECORATION);
		break;
	case PIECE_OWN_SUFFIX:
		evidence_add(set, EVIDENCE_OWN_SUFFIX);
		if (suffix_is_government(suffix)) {
			evidence_add(set, EVIDENCE_GOVERNMENT_SUFFIX);
		}
		break;
	case PIECE_DIGITS:
		evidence_add(set, EVIDENCE_DIGITS);
		break;
	case PIECE_WORDS:
	case PIECE_PLAIN:
		evidence_add(set, EVIDENCE_WORDS);
		break;
	case PIECE_MACHINE:
		evidence_add(set, EVIDENCE_MACHINE_WORDS);
		break;
	case PIECE_OTHER_SHORT:
		evidence_add(set, EVIDENCE_STRANGE_SHORT);
		break;
	case PIECE_OTHER:
		evidence_add(set, EVIDENCE_STRANGE_LONG);
		break;
	case PIECE_NONE:
		break;
	}
}

static void weigh_pieces(const struct surroundings *around, const char *suffix, evidence_set *set)
{
	weigh_piece(around->left, suffix, set);
	weigh_piece(around->right, suffix, set);
	weigh_piece(around->left_rest, suffix, set);
	weigh_piece(around->right_rest, suffix, set);
	for (size_t i = 0; i < PIECES_MAX; i++) {
		weigh_piece(around->besides[i], suffix, set);
	}
	/* what a machine's name has besides is not bait */
	if (evidence_has(*set, EVIDENCE_MACHINE_WORDS)) {
		*set &= ~((evidence_set)1 << EVIDENCE_WORDS);
	}
	if (evidence_has(*set, EVIDENCE_DECORATION)) {
		*set &= ~((evidence_set)1 << EVIDENCE_MACHINE_WORDS);
	}
}

/* A common word as it is, with other words and nothing else: people name honest things so. */
static bool is_phrase(const struct assessment *a)
{
	static const enum evidence others[] = {EVIDENCE_DECORATION, EVIDENCE_DIGITS,
					       EVIDENCE_OWN_SUFFIX, EVIDENCE_STRANGE_SHORT,
					       EVIDENCE_STRANGE_LONG};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (evidence_has(a->evidence, others[i])) {
			return false;
		}
	}
	return a->token->is_word && !is_disguised(a) && evidence_has(a->evidence, EVIDENCE_WORDS);
}

static bool is_bait(enum piece piece)
{
	return piece == PIECE_DECORATION || piece == PIECE_PLAIN;
}

/* The same of what is glued from one element to another; a long word of the list is a word. */
static bool is_bait_glued(const struct name_context *setting, enum piece piece, size_t start,
			  size_t end)
{
	return is_bait(piece) || (piece == PIECE_WORDS &&
				  bait_of(setting->name->base + start, end - start) != BAIT_NONE);
}

/*
 * Whether nothing is glued to the token but what fakes add. Behind it, in a name that ends as
 * made-up ones do, anything may be.
 */
static bool is_glued_to_bait(const struct name_context *setting, const struct assessment *a)
{
	const struct surroundings *around = &a->surroundings;

	if (around->letters_left &&
	    !is_bait_glued(setting, around->left, around->left_edge, a->start)) {
		return false;
	}
	return !around->letters_right ||
	       is_bait_glued(setting, around->right, a->end, around->right_edge) ||
	       (setting->ends_made_up && a->alignment.slips > 0);
}

/* Whether some piece of the token's label is what fakes add. */
static bool is_beside_bait(const struct surroundings *around)
{
	return is_bait(around->left) || is_bait(around->right) || is_bait(around->left_rest) ||
	       is_bait(around->right_rest);
}

/* Whether what stands beside a token that is changed makes up for it. */
static bool is_change_likely(const struct name_context *setting, const struct assessment *a)
{
	const struct surroundings *around = &a->surroundings;

	if (!is_glued_to_bait(setting, a)) {
		return false; /* "amazonas" is another word, "viettcombanklogin" is not */
	}
	if (!is_changed_twice(a)) {
		return true;
	}
	if (a->token->len <= BRIEF_TOKEN_MAX) {
		return is_beside_bait(around) || (around->whole && setting->is_cheap);
	}
	if (is_beside_bait(around)) {
		return true;
	}
	return a->alignment.slips == 1 || (around->whole && a->token->len >= TWO_SLIPS_LEN_MIN);
}

/* What is glued to the token is decorations: no better reading is to be looked for. */
static bool is_glued_to_lures(const struct surroundings *around)
{
	return (around->left == PIECE_DECORATION || around->right == PIECE_DECORATION) &&
	       (!around->letters_left || around->left == PIECE_DECORATION) &&
	       (!around->letters_right || around->right == PIECE_DECORATION);
}

/* The letters are a word of their own, or fall into words otherwise. */
static bool is_other_word(const struct name_context *setting, const struct assessment *a)
{
	return (is_changed(a) && is_word_itself(setting->name, a->start, a->end)) ||
	       (!is_glued_to_lures(&a->surroundings) &&
		explained_by_other_word(setting, a->start, a->end, &a->surroundings));
}

/* Whether the name ends as the token's site does: without that, it has another public suffix. */
static bool ends_in_suffix(const struct name *name, const struct token *token)
{
	size_t len = strlen(token->suffix);

	return len < name->text_len && name->text[name->text_len - len - 1] == '.' &&
	       memcmp(name->text + name->text_len - len, token->suffix, len) == 0;
}

/* A slip makes a word of the label, but under the site's own suffix, which few names share. */
static bool is_word_in_place(const struct name_context *setting, const struct assessment *a)
{
	return a->alignment.slips > 0 && a->surroundings.whole &&
	       a->token->len >= GLUED_SLIP_LEN_MIN && suffix_is_national(a->token->suffix) &&
	       ends_in_suffix(setting->name, a->token);
}

/* The most that the place can be worth before it is known which label is registrable. */
static enum evidence best_place(const struct assessment *a)
{
	const struct surroundings *around = &a->surroundings;

	if (around->whole) {
		return a->alignment.slips > 0 ? EVIDENCE_WHOLE_LABEL_SLIP : EVIDENCE_WHOLE_LABEL;
	}
	return around->glued_left && around->glued_right ? EVIDENCE_PART_INSIDE
							 : EVIDENCE_PART_BETWEEN_HYPHENS;
}

/* Whether the evidence so far could still be enough in the best of places. */
static bool can_reach_threshold(const struct name_context *setting, const struct assessment *a)
{
	evidence_set best = a->evidence;
	const struct name *name = setting->name;
	enum confidence confidence;

	evidence_add(&best, best_place(a));
	if (a->surroundings.first_label > 0) {
		evidence_add(&best, EVIDENCE_DECORATION_ELSEWHERE);
	}
	/* Behind it stands at least the label that its host registered, and a suffix. */
	if (a->surroundings.last_label + 2 < name->label_count) {
		evidence_add(&best, EVIDENCE_HOSTED);
		evidence_add(&best, EVIDENCE_DECORATION_BEHIND);
		evidence_add(&best, EVIDENCE_THROWAWAY_BEHIND);
	}
	if (surroundings_suffix_follows(name, a->token, a->end, &a->surroundings)) {
		evidence_add(&best, EVIDENCE_DOMAIN_IN_FRONT);
	}
	if (ends_in_suffix(name, a->token)) {
		weigh_same_suffix(setting, a, &best);
	}
	return evidence_confidence(evidence_points(best), &confidence);
}

bool assess_letters(const struct name_context *setting, struct aligner *aligner,
		    const struct token *token, size_t start, size_t end, struct assessment *out)
{
	bool phrase;

	out->token = token;
	out->start = start;
	out->end = end;
	out->evidence = 0;
	surroundings_locate(setting->name, start, end, &out->surroundings);
	if (!align(aligner, setting->name, start, end, token->text, &out->alignment) ||
	    is_out_of_question(setting, out) || is_number(setting->name, out) ||
	    !has_same_non_latin(setting->name, out)) {
		return false;
	}
	surroundings_read(setting, token, start, end, &out->surroundings);
	if (is_changed(out) && !is_change_likely(setting, out)) {
		return false;
	}
	if (token->len <= SHORT_TOKEN_MAX && is_among_strangers(&out->surroundings)) {
		return false;
	}
	read_numbers(setting->name, out);
	weigh_token(token, &out->evidence);
	weigh_disguise(out, &out->evidence);
	weigh_pieces(&out->surroundings, token->suffix, &out->evidence);
	if (out->alignment.slips > 0 && evidence_has(out->evidence, EVIDENCE_DIGITS)) {
		evidence_add(&out->evidence, EVIDENCE_SLIP_AND_DIGITS);
	}
	phrase = is_phrase(out);
	if (phrase) {
		evidence_add(&out->evidence, EVIDENCE_WORD_WITH_WORDS);
	}
	if (setting->is_cheap) {
		evidence_add(&out->evidence, EVIDENCE_CHEAP_SUFFIX);
		if (token->len >= LONG_TOKEN_MIN && !phrase &&
		    (!token->is_word || token->len > LONG_TOKEN_MIN)) {
			evidence_add(&out->evidence, EVIDENCE_CHEAP_SUFFIX_LONG);
		}
	}
	if (!can_reach_threshold(setting, out)) {
		return false;
	}
	if (!is_other_word(setting, out)) {
		return true;
	}
	evidence_add(&out->evidence,
		     is_word_in_place(setting, out) ? EVIDENCE_WORD_IN_PLACE : EVIDENCE_OTHER_WORD);
	return can_reach_threshold(setting, out);
}
