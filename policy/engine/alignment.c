/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/alignment.h"

#include <string.h>

#include "policy/name/confusables.h"
#include "policy/name/glyph.h"
#include "policy/name/sound.h"

/* How readily each edit is taken for the explanation; a lower sum wins. */
static const uint16_t edit_cost[EDIT_KIND_COUNT] = {
    [EDIT_VIETNAMESE] = 1,    [EDIT_SCRIPT] = 1,         [EDIT_DIGIT] = 2,
    [EDIT_LETTER] = 3,        [EDIT_WEAK_LOOKALIKE] = 8, [EDIT_REPETITION] = 9,
    [EDIT_OMISSION] = 10,     [EDIT_TRANSPOSITION] = 9,  [EDIT_NEIGHBOUR_KEY] = 10,
    [EDIT_EXTRA_KEY] = 10,    [EDIT_VOWEL] = 10,         [EDIT_APPENDED] = 10,
    [EDIT_SOUND] = 10,        [EDIT_BIT] = 11,           [EDIT_INSERTION] = 13,
    [EDIT_SUBSTITUTION] = 14,
};

/* A sum beyond this is not a resemblance: about three letters changed. */
#define COST_MAX 40
/* What any one letter changed costs at the most: enough for most that are one slip apart, and tried
 * first, since it leaves out most of the table. */
#define COST_OF_ONE 14
#define COST_NONE UINT16_MAX
/* What a letter more, a letter less or two swapped cost at the least. */
#define COST_SLIP_LEAST 9

/* Steps of the table: one letter for one, none for one, one for none, two swapped, a group or a
 * sound (+ number). */
enum step { STEP_NONE, STEP_PAIR, STEP_OMIT, STEP_INSERT, STEP_SWAP, STEP_GROUP, STEP_SOUND = 128 };

#define KIND_SAME EDIT_KIND_COUNT

static unsigned likeness_edit(enum likeness likeness)
{
	switch (likeness) {
	case LIKENESS_DIGIT:
		return EDIT_DIGIT;
	case LIKENESS_LETTER:
		return EDIT_LETTER;
	default:
		return EDIT_WEAK_LOOKALIKE;
	}
}

/* What it takes to see the element where the character was meant. */
static unsigned pair_kind(const struct name *name, size_t element, char meant)
{
	char seen = name->base[element];
	enum likeness likeness;

	if (seen == meant) {
		switch (name->kind[element]) {
		case CONFUSABLE_VIETNAMESE:
			return EDIT_VIETNAMESE;
		case CONFUSABLE_LOOKALIKE:
			return EDIT_SCRIPT;
		default:
			return KIND_SAME;
		}
	}
	likeness = glyph_likeness(seen, meant);
	/* or else a number would be the twin of another's name */
	if (meant >= '0' && meant <= '9' && name->origin[element] < 0x80) {
		return EDIT_SUBSTITUTION;
	}
	if (likeness != LIKENESS_NONE && name->kind[element] == CONFUSABLE_LOOKALIKE) {
		return EDIT_SCRIPT;
	}
	if (likeness != LIKENESS_NONE) {
		return likeness_edit(likeness);
	}
	if (is_vowel(seen) && is_vowel(meant)) {
		return EDIT_VOWEL;
	}
	if (keys_adjacent(seen, meant)) {
		return EDIT_NEIGHBOUR_KEY;
	}
	return one_bit_apart(seen, meant) ? EDIT_BIT : EDIT_SUBSTITUTION;
}

/* What an element is that the token does not have, meant_before and meant_behind standing beside
 * it. */
static unsigned insertion_kind(char seen, char meant_before, char meant_behind)
{
	if (seen == meant_before || seen == meant_behind) {
		return EDIT_REPETITION;
	}
	if ((meant_before != '\0' && keys_adjacent(seen, meant_before)) ||
	    (meant_behind != '\0' && keys_adjacent(seen, meant_behind))) {
		return EDIT_EXTRA_KEY;
	}
	return meant_behind == '\0' ? EDIT_APPENDED : EDIT_INSERTION;
}

/* Both texts without hyphens. */
struct texts {
	const struct name *name;
	const uint16_t *element;
	size_t seen_len;
	char meant[TOKEN_LEN_MAX + 2];
	uint8_t meant_at[TOKEN_LEN_MAX + 1]; /* position in the token */
	size_t meant_len;
};

static char seen_at(const struct texts *texts, size_t i)
{
	return texts->name->base[texts->element[i]];
}

static void relax(struct aligner *aligner, size_t i, size_t j, unsigned cost, unsigned step)
{
	if (cost < aligner->cost[i][j]) {
		aligner->cost[i][j] = (uint16_t)cost;
		aligner->step[i][j] = (uint8_t)step;
	}
}

static unsigned insertion_kind_at(const struct texts *texts, size_t i, size_t j)
{
	return insertion_kind(seen_at(texts, i), j > 0 ? texts->meant[j - 1] : '\0',
			      texts->meant[j]);
}

/* Whether letters that were seen, and those meant by them, stand here. */
static bool letters_fit(const struct texts *texts, const char *seen, const char *meant, size_t i,
			size_t j)
{
	size_t seen_len, meant_len;

	if (seen[0] != seen_at(texts, i) || meant[0] != texts->meant[j]) {
		return false;
	}
	seen_len = strlen(seen);
	meant_len = strlen(meant);
	if (seen_len > texts->seen_len - i || meant_len > texts->meant_len - j) {
		return false;
	}
	for (size_t k = 0; k < seen_len; k++) {
		if (seen_at(texts, i + k) != seen[k]) {
			return false;
		}
	}
	return memcmp(texts->meant + j, meant, meant_len) == 0;
}

/* Spreads the cost to what follows letters that pass for others, when they stand here. */
static void spread_letters(struct aligner *aligner, const struct texts *texts, size_t i, size_t j,
			   const char *seen, const char *meant, unsigned kind, unsigned step)
{
	if (letters_fit(texts, seen, meant, i, j)) {
		relax(aligner, i + strlen(seen), j + strlen(meant),
		      aligner->cost[i][j] + edit_cost[kind], step);
	}
}

static void spread_groups(struct aligner *aligner, const struct texts *texts, size_t i, size_t j)
{
	size_t count;
	const struct glyph_group *groups = glyph_groups(&count);

	for (size_t k = 0; k < count; k++) {
		spread_letters(aligner, texts, i, j, groups[k].seen, groups[k].meant,
			       likeness_edit(groups[k].likeness), STEP_GROUP + (unsigned)k);
	}
}

static void spread_sounds(struct aligner *aligner, const struct texts *texts, size_t i, size_t j)
{
	size_t count;
	const struct sound *all = sounds(&count);

	for (size_t k = 0; k < count; k++) {
		spread_letters(aligner, texts, i, j, all[k].seen, all[k].meant, EDIT_SOUND,
			       STEP_SOUND + (unsigned)k);
	}
}

/* A letter less, a letter more, two swapped. */
static void spread_slips(struct aligner *aligner, const struct texts *texts, size_t i, size_t j)
{
	unsigned cost = aligner->cost[i][j];

	if (j < texts->meant_len) {
		relax(aligner, i, j + 1, cost + edit_cost[EDIT_OMISSION], STEP_OMIT);
	}
	if (i == texts->seen_len) {
		return;
	}
	relax(aligner, i + 1, j, cost + edit_cost[insertion_kind_at(texts, i, j)], STEP_INSERT);
	if (i + 1 < texts->seen_len && j + 1 < texts->meant_len &&
	    seen_at(texts, i) == texts->meant[j + 1] && seen_at(texts, i + 1) == texts->meant[j]) {
		relax(aligner, i + 2, j + 2, cost + edit_cost[EDIT_TRANSPOSITION], STEP_SWAP);
	}
}

/* Spreads the cost of having aligned i and j characters to what can come next, leaving out what is
 * sure to cost more than most. */
static void spread(struct aligner *aligner, const struct texts *texts, size_t i, size_t j,
		   unsigned most)
{
	unsigned cost = aligner->cost[i][j];
	bool seen_left = i < texts->seen_len, meant_left = j < texts->meant_len;

	if (seen_left && meant_left) {
		unsigned kind = pair_kind(texts->name, texts->element[i], texts->meant[j]);

		relax(aligner, i + 1, j + 1, cost + (kind == KIND_SAME ? 0 : edit_cost[kind]),
		      STEP_PAIR);
		if (kind == KIND_SAME) {
			return;
		}
	}
	if (cost + COST_SLIP_LEAST <= most) {
		spread_slips(aligner, texts, i, j);
	}
	if (!seen_left || !meant_left) {
		return;
	}
	if (glyph_begins_group(seen_at(texts, i), texts->meant[j])) {
		spread_groups(aligner, texts, i, j);
	}
	if (cost + edit_cost[EDIT_SOUND] <= most &&
	    sound_begins(seen_at(texts, i), texts->meant[j])) {
		spread_sounds(aligner, texts, i, j);
	}
}

/* Undoes the step that led to *i, *j and says which edit it was; KIND_SAME for none. */
static unsigned step_back(const struct aligner *aligner, const struct texts *texts, size_t *i,
			  size_t *j)
{
	unsigned step = aligner->step[*i][*j];
	const struct glyph_group *groups;
	size_t count;

	switch (step) {
	case STEP_PAIR:
		--*i;
		--*j;
		return pair_kind(texts->name, texts->element[*i], texts->meant[*j]);
	case STEP_OMIT:
		--*j;
		return EDIT_OMISSION;
	case STEP_INSERT:
		--*i;
		return insertion_kind_at(texts, *i, *j);
	case STEP_SWAP:
		*i -= 2;
		*j -= 2;
		return EDIT_TRANSPOSITION;
	default:
		break;
	}
	if (step >= STEP_SOUND) {
		const struct sound *sound = &sounds(&count)[step - STEP_SOUND];

		*i -= strlen(sound->seen);
		*j -= strlen(sound->meant);
		return EDIT_SOUND;
	}
	groups = glyph_groups(&count);
	*i -= strlen(groups[step - STEP_GROUP].seen);
	*j -= strlen(groups[step - STEP_GROUP].meant);
	return likeness_edit(groups[step - STEP_GROUP].likeness);
}

/* The same letter passed for the same one at an earlier place of the name. */
static bool seen_before(const struct alignment *alignment, const struct texts *texts,
			const struct edit *edit)
{
	for (size_t i = 0; i < alignment->edit_count; i++) {
		const struct edit *other = &alignment->edits[i];

		if (other->kind == edit->kind && other->seen_len == edit->seen_len &&
		    texts->name->base[other->seen] == texts->name->base[edit->seen]) {
			return true;
		}
	}
	return false;
}

static bool note(struct alignment *out, const struct texts *texts, const struct edit *edit)
{
	if (out->edit_count == EDITS_MAX) {
		return false;
	}
	if (edit->kind >= EDIT_REPETITION) {
		out->slips++;
	}
	if (edit->kind == EDIT_WEAK_LOOKALIKE && !seen_before(out, texts, edit)) {
		out->glances++;
	}
	out->kinds |= 1U << edit->kind;
	out->edits[out->edit_count++] = *edit;
	return true;
}

static void reverse(struct alignment *out)
{
	for (size_t i = 0; i < out->edit_count / 2; i++) {
		struct edit edit = out->edits[i];

		out->edits[i] = out->edits[out->edit_count - 1 - i];
		out->edits[out->edit_count - 1 - i] = edit;
	}
}

/* Goes back over the steps to letter number `same`. */
static bool trace(const struct aligner *aligner, const struct texts *texts, size_t same,
		  struct alignment *out)
{
	size_t i = texts->seen_len, j = texts->meant_len;

	while (i > same || j > same) {
		size_t seen_end = i, meant_end = j;
		struct edit edit;

		edit.kind = (uint8_t)step_back(aligner, texts, &i, &j);
		if (edit.kind == KIND_SAME) {
			continue;
		}
		edit.seen_len = (uint8_t)(seen_end - i);
		edit.meant_len = (uint8_t)(meant_end - j);
		edit.seen = i < texts->seen_len ? texts->element[i] : texts->element[i - 1];
		edit.meant = j < texts->meant_len ? texts->meant_at[j] : (uint8_t)texts->meant_len;
		if (!note(out, texts, &edit)) {
			return false;
		}
	}
	reverse(out);
	return true;
}

/* How many letters the texts begin with that are the same; no other step is worth taking there. */
static size_t same_in_front(const struct texts *texts)
{
	size_t same = 0;

	while (same < texts->seen_len && same < texts->meant_len &&
	       pair_kind(texts->name, texts->element[same], texts->meant[same]) == KIND_SAME) {
		same++;
	}
	return same;
}

/*
 * Fills the table from letter number `same` of both on, leaving out what costs more than most.
 * \returns whether the whole costs no more than that.
 */
static bool fill(struct aligner *aligner, const struct texts *texts, size_t same, unsigned most)
{
	for (size_t i = same; i <= texts->seen_len; i++) {
		for (size_t j = same; j <= texts->meant_len; j++) {
			aligner->cost[i][j] = COST_NONE;
		}
	}
	aligner->cost[same][same] = 0;
	for (size_t i = same; i <= texts->seen_len; i++) {
		for (size_t j = same; j <= texts->meant_len; j++) {
			if (aligner->cost[i][j] <= most) {
				spread(aligner, texts, i, j, most);
			}
		}
	}
	return aligner->cost[texts->seen_len][texts->meant_len] <= most;
}

/*
 * Letter for letter, as they stand or as plain look-alikes: what most candidates are, and what
 * takes no table of costs. \returns false when the table is needed.
 */
static bool align_in_step(const struct texts *texts, struct alignment *out)
{
	if (texts->seen_len != texts->meant_len) {
		return false;
	}
	for (size_t i = 0; i < texts->seen_len; i++) {
		struct edit edit = {.seen_len = 1,
				    .meant_len = 1,
				    .seen = texts->element[i],
				    .meant = texts->meant_at[i]};

		edit.kind = (uint8_t)pair_kind(texts->name, edit.seen, texts->meant[i]);
		if (edit.kind == KIND_SAME) {
			continue;
		}
		if (edit.kind > EDIT_LETTER || !note(out, texts, &edit)) {
			memset(out, 0, sizeof(*out));
			return false;
		}
	}
	return true;
}

bool align(struct aligner *aligner, const struct name *name, size_t start, size_t end,
	   const char *token, struct alignment *out)
{
	struct texts texts = {.name = name, .element = aligner->element};
	size_t same;

	memset(out, 0, sizeof(*out));
	for (size_t i = start; i < end; i++) {
		if (name->base[i] == '-') {
			continue;
		}
		if (texts.seen_len == sizeof(aligner->element) / sizeof(aligner->element[0]) - 1) {
			return false;
		}
		aligner->element[texts.seen_len++] = (uint16_t)i;
	}
	for (size_t i = 0; token[i] != '\0'; i++) {
		if (token[i] == '-') {
			continue;
		}
		if (texts.meant_len == TOKEN_LEN_MAX) {
			return false;
		}
		texts.meant_at[texts.meant_len] = (uint8_t)i;
		texts.meant[texts.meant_len++] = token[i];
	}
	if (texts.seen_len == 0) {
		return false;
	}
	if (align_in_step(&texts, out)) {
		return true;
	}
	same = same_in_front(&texts);
	return (fill(aligner, &texts, same, COST_OF_ONE) ||
		fill(aligner, &texts, same, COST_MAX)) &&
	       trace(aligner, &texts, same, out);
}
