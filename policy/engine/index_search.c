/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "policy/engine/index_keys.h"
#include "policy/engine/slip.h"

static void add_candidate(const struct index *index, struct search *search, uint32_t token,
			  size_t start, size_t end)
{
	struct candidate found = {
	    .token = index->first_of_text[token], .start = (uint16_t)start, .end = (uint16_t)end};

	search_add(search, found, CANDIDATES_MAX);
}

/* Whether any token may have this key; most have none, and are known here. */
static inline bool may_have(const struct index *index, uint64_t key)
{
	uint64_t bits = filter_bits(key);

	return (index->filter[key >> 16 & index->filter_mask] & bits) == bits;
}

/* The slots that a key may be in; *end is where to stop. */
static inline const struct slot *slots_of(const struct index *index, uint64_t key,
					  const struct slot **end)
{
	uint64_t bucket = key & index->bucket_mask;

	*end = index->slots + index->bucket_start[bucket + 1];
	return index->slots + index->bucket_start[bucket];
}

/* A stretch of fine letters that might be a token as a whole. */
struct unit {
	size_t start, end;  /* in fine */
	bool under_suffix;  /* it is a whole label, and what follows its dot is some token's suffix,
			     */
	uint64_t rest_hash; /* whose hash this is */
};

/* Every token with this key becomes a candidate for elements start to end. */
static void look_up(const struct index *index, struct search *search, uint64_t key, size_t start,
		    size_t end)
{
	const struct slot *stop, *slot;

	if (!may_have(index, key)) {
		return;
	}
	slot = slots_of(index, key, &stop);
	for (; slot < stop; slot++) {
		if (slot->check == (uint32_t)(key >> 32)) {
			add_candidate(index, search, slot->token, start, end);
		}
	}
}

/* Every token with this key that is one slip away becomes a candidate for the unit. */
static void add_one_slip_apart(const struct index *index, struct search *search, uint64_t key,
			       const struct unit *unit)
{
	const struct slot *stop, *slot = slots_of(index, key, &stop);
	const uint8_t *letters = search->fine + unit->start;
	const size_t len = unit->end - unit->start;
	const uint32_t set = slot < stop ? slip_letters(letters, len) : 0;

	for (; slot < stop; slot++) {
		const struct fine_token *token = &index->fine[slot->token];

		/* a letter may be in the place of another */
		if (slot->check == (uint32_t)(key >> 32) &&
		    slip_letters_at_most(set ^ token->letters, 2) &&
		    slip_at_most_one(letters, len, token->text, token->len)) {
			add_candidate(index, search, slot->token, search->element[unit->start],
				      (size_t)search->element[unit->end - 1] + 1);
		}
	}
}

static inline void look_up_deletion(const struct index *index, struct search *search, uint64_t key,
				    const struct unit *unit)
{
	if (may_have(index, key)) {
		add_one_slip_apart(index, search, key, unit);
	}
}

/* It is the second letter of a spelled group. */
static inline bool is_inside(const struct search *search, size_t at)
{
	const uint16_t *from = search->spelled_from + at;

	return at > 0 && from[0] == from[-1];
}

static void fold_name(const struct name *name, size_t label_count, struct search *search)
{
	size_t fine = 0, spelled = 0;

	for (size_t label = 0; label < label_count; label++) {
		const size_t end = name->label[label + 1];

		search->label_fine[label] = (uint16_t)fine;
		search->label_spelled[label] = (uint16_t)spelled;
		/* A letter that does not count is written over by the next: no branch for it. */
		for (size_t i = name->label[label]; i < end; i++) {
			const uint8_t letter = glyph_fine(name->base[i]);
			const struct glyph_spelling spelling = glyph_spelling[letter];
			const size_t counts = name->base[i] != '-';

			search->fine[fine] = letter;
			search->element[fine] = (uint16_t)i;
			search->spelled[spelled] = spelling.first;
			search->spelled[spelled + 1] = spelling.second;
			search->spelled_from[spelled] = (uint16_t)fine;
			search->spelled_from[spelled + 1] = (uint16_t)fine;
			fine += counts;
			spelled += counts + (counts & (spelling.second != 0));
		}
	}
	search->label_fine[label_count] = (uint16_t)fine;
	search->label_spelled[label_count] = (uint16_t)spelled;
	search->length = fine;
	search->spelled_length = spelled;
	search->element[fine] = name->label[label_count];
	search->spelled_from[spelled] = (uint16_t)fine;
}

/* Tokens that stand, spelled out, at this place of the name. */
static void search_heads_at(const struct index *index, struct search *search, size_t at, size_t len)
{
	const size_t head_max = len - at < HEAD_MAX ? len - at : HEAD_MAX;
	uint64_t hash = hash_letters(search->spelled + at, HEAD_MIN - 1);

	for (size_t head = HEAD_MIN; head <= head_max; head++) {
		const struct slot *stop, *slot;

		hash = hash_step(hash, search->spelled[at + head - 1]);
		const uint64_t key = index_key(hash, KEY_HEAD + (uint32_t)head);
		if (!may_have(index, key)) {
			continue;
		}
		slot = slots_of(index, key, &stop);
		for (; slot < stop; slot++) {
			size_t token_len = index->head_len[slot->token];

			if (slot->check != (uint32_t)(key >> 32) || token_len > len - at ||
			    is_inside(search, at + token_len) ||
			    memcmp(search->spelled + at, index->head_text[slot->token],
				   token_len) != 0) {
				continue;
			}
			add_candidate(
			    index, search, slot->token, search->element[search->spelled_from[at]],
			    (size_t)search->element[search->spelled_from[at + token_len] - 1] + 1);
		}
	}
}

/*
 * Tokens that begin in a label. Called from the last label to the first, and goes from its end to
 * its start: what stands in front never comes before what stands behind, and so never takes its
 * place.
 */
static void search_heads(const struct index *index, struct search *search, size_t label)
{
	const size_t len = search->spelled_length;
	const size_t places = len < HEAD_MIN ? 0 : len - HEAD_MIN + 1;
	const size_t start = search->label_spelled[label], end = search->label_spelled[label + 1];

	for (size_t at = end < places ? end : places; at-- > start;) {
		if (bit_set_has(index->gram_seen, gram_place(index, search->spelled + at)) &&
		    !is_inside(search, at)) {
			search_heads_at(index, search, at, len);
		}
	}
}

static bool has_length(uint64_t lens, size_t len)
{
	return len < 64 && (lens >> len & 1) != 0;
}

/* The unit as it is, and with each of its letters taken out, among the long tokens' keys or the
 * short ones'. */
static void search_deletions(const struct index *index, struct search *search,
			     const struct unit *unit, uint32_t kind, uint64_t suffix)
{
	const uint8_t *fine = search->fine;
	const size_t len = unit->end - unit->start;
	uint64_t deletion = hash_letters(fine + unit->start + 1, len - 1);

	look_up_deletion(index, search,
			 index_key(hash_letters(fine + unit->start, len) ^ suffix, kind), unit);
	look_up_deletion(index, search, index_key(deletion ^ suffix, kind), unit);
	for (size_t gone = unit->start + 1; gone < unit->end; gone++) {
		if (fine[gone] == fine[gone - 1]) {
			continue;
		}
		deletion = hash_deletion_next(deletion, fine, gone - 1, unit->end);
		look_up_deletion(index, search, index_key(deletion ^ suffix, kind), unit);
	}
}

static inline bool may_have_end(const struct index *index, uint32_t form)
{
	return bit_set_has(index->end_seen, end_place(form));
}

/*
 * Long tokens that begin or end as the unit does, tried one by one.
 * \returns false when they are so many that the unit's deletions cost less.
 */
static bool search_ends(const struct index *index, struct search *search, const struct unit *unit,
			const uint32_t forms[2])
{
	uint64_t keys[2];
	size_t count = 0;

	for (size_t i = 0; i < 2; i++) {
		const struct slot *stop, *slot;

		if (!may_have_end(index, forms[i])) {
			continue;
		}
		keys[count] = index_key(forms[i], KEY_END);
		slot = slots_of(index, keys[count++], &stop);
		if (stop - slot > END_TOKENS_MAX) {
			return false;
		}
	}
	for (size_t i = 0; i < count; i++) {
		add_one_slip_apart(index, search, keys[i], unit);
	}
	return true;
}

/* Long tokens that are said like the unit, which is as long but for a letter, too. */
static void search_sounds(const struct index *index, struct search *search, const struct unit *unit)
{
	const uint8_t *fine = search->fine + unit->start;
	const size_t len = unit->end - unit->start;

	if (may_have_end(index, sound_form(fine, len))) {
		look_up(index, search, index_key(hash_letters(fine, len), KEY_SOUND),
			search->element[unit->start], (size_t)search->element[unit->end - 1] + 1);
	}
}

static void search_slips(const struct index *index, struct search *search, const struct unit *unit)
{
	const size_t len = unit->end - unit->start;
	const bool may_be_long = has_length(index->deletion_lens, len);
	const bool may_be_short = unit->under_suffix && has_length(index->deletion_short_lens, len);
	bool tried = false;

	if (!may_be_long && !may_be_short) {
		return;
	}
	if (len >= END_SHORT_MIN) {
		const uint8_t *fine = search->fine + unit->start;
		const uint32_t forms[2] = {end_form(fine, len, false),
					   end_form(fine + len - end_letters(len), len, true)};

		if (!may_have_end(index, forms[0]) && !may_have_end(index, forms[1])) {
			return; /* it is not a slip from any token */
		}
		tried = may_be_long && search_ends(index, search, unit, forms);
	}
	if (may_be_long) {
		search_sounds(index, search, unit);
	}
	if (may_be_long && !tried) {
		search_deletions(index, search, unit, KEY_DELETION, 0);
	}
	if (may_be_short) {
		search_deletions(index, search, unit, KEY_DELETION_SUFFIX, unit->rest_hash);
	}
}

static void search_skeleton(const struct index *index, struct search *search,
			    const struct unit *unit)
{
	const uint8_t *fine = search->fine + unit->start;
	const size_t len = unit->end - unit->start;
	struct skeleton skeleton = {0};

	if (len < SKELETON_LONG && !unit->under_suffix) {
		return;
	}
	skeleton_read(&skeleton, fine, len, SKELETON_HEAD);
	if (skeleton.letters == SKELETON_HEAD &&
	    !bit_set_has(index->skeleton_seen, skeleton_place(&skeleton))) {
		return;
	}
	skeleton_read(&skeleton, fine, len, SIZE_MAX);
	const size_t start = search->element[unit->start];
	const size_t end = (size_t)search->element[unit->end - 1] + 1;

	if (skeleton.letters >= SKELETON_LONG) {
		look_up(index, search, index_key(skeleton.hash, KEY_SKELETON), start, end);
	} else if (skeleton.letters >= SKELETON_MIN && unit->under_suffix) {
		look_up(index, search,
			index_key(skeleton.hash ^ unit->rest_hash, KEY_SKELETON_SUFFIX), start,
			end);
	}
}

/* A token of two or three letters from here on; few letters begin any. */
static inline void search_tiny_at(const struct index *index, struct search *search, size_t at,
				  size_t len)
{
	const uint8_t *fine = search->fine + at;

	if ((index->tiny_seen[tiny_word(fine)] & tiny_bit(fine, len)) != 0) {
		look_up(index, search, index_key(hash_letters(fine, len), KEY_TINY),
			search->element[at], (size_t)search->element[at + len - 1] + 1);
	}
}

/* Tokens of two or three letters: the whole unit, or the first or last letters of it. */
static void search_tiny(const struct index *index, struct search *search, const struct unit *unit)
{
	const size_t len = unit->end - unit->start;

	search_tiny_at(index, search, unit->start, TINY_LEN_MIN);
	if (len > TINY_LEN_MIN) {
		search_tiny_at(index, search, unit->end - TINY_LEN_MIN, TINY_LEN_MIN);
		search_tiny_at(index, search, unit->start, TINY_LEN_MAX);
	}
	if (len > TINY_LEN_MAX) {
		search_tiny_at(index, search, unit->end - TINY_LEN_MAX, TINY_LEN_MAX);
	}
}

static void search_unit(const struct index *index, struct search *search, const struct unit *unit)
{
	if (unit->end - unit->start < TINY_LEN_MIN) {
		return;
	}
	search_tiny(index, search, unit);
	search_slips(index, search, unit);
	search_skeleton(index, search, unit);
}

static bool is_digit_at(const struct name *name, const struct search *search, size_t fine)
{
	char base = name->base[search->element[fine]];

	return base >= '0' && base <= '9';
}

/* Looks at a unit, and at what is left of it without digits at its edges. */
static void search_stripped(const struct index *index, const struct name *name,
			    struct search *search, struct unit unit)
{
	size_t start = unit.start, end = unit.end;

	search_unit(index, search, &unit);
	while (start < end && is_digit_at(name, search, start)) {
		start++;
	}
	while (end > start && is_digit_at(name, search, end - 1)) {
		end--;
	}
	if (end - start == unit.end - unit.start) {
		return;
	}
	unit.start = start;
	unit.end = end;
	unit.under_suffix = false;
	search_unit(index, search, &unit);
}

/*
 * Hashes what follows each label, from the end so that each octet is read once. Labels that more
 * follows than a token's suffix has keep what was there.
 * \returns the first label whose rest was hashed.
 */
static size_t hash_rests(const struct index *index, const struct name *name,
			 uint64_t rest_hash[LABELS_MAX])
{
	size_t label = name->label_count - 1, at = name->text_len;
	uint64_t hash = 0;

	while (label > 0 && name->text_len - name->text_label[label] <= index->suffix_len_max) {
		for (; at > name->text_label[label]; at--) {
			hash += ((uint64_t)(uint8_t)name->text[at - 1] + 1) *
				index_powers[name->text_len - at];
		}
		rest_hash[--label] = hash;
	}
	return label;
}

/* Whether some token may have a suffix with this hash. */
static bool is_suffix(const struct index *index, uint64_t hash)
{
	size_t word;
	uint64_t bit = suffix_bit(hash, &word);

	return (index->suffix_seen[word] & bit) != 0;
}

/* Units of one label: all of it, and what stands between its hyphens. */
static void search_label(const struct index *index, const struct name *name, struct search *search,
			 const struct unit *whole)
{
	struct unit part = {.start = whole->start};

	if (whole->end - whole->start ==
	    (size_t)(search->element[whole->end - 1] - search->element[whole->start]) + 1) {
		search_stripped(index, name, search, *whole); /* no hyphens within */
		return;
	}
	for (size_t fine = whole->start + 1; fine < whole->end; fine++) {
		if (search->element[fine] == search->element[fine - 1] + 1) {
			continue;
		}
		part.end = fine;
		search_stripped(index, name, search, part);
		part.start = fine;
	}
	part.end = whole->end;
	search_stripped(index, name, search, *whole);
	if (part.start != whole->start) {
		search_stripped(index, name, search, part);
	}
}

void index_search(const struct index *index, const struct name *name, struct search *search)
{
	uint64_t rest_hash[LABELS_MAX];
	size_t first_hashed;

	search->candidate_count = 0;
	search->dropped = 0;
	if (name->label_count < 2) {
		return;
	}
	fold_name(name, name->label_count - 1, search);
	first_hashed = hash_rests(index, name, rest_hash);
	for (size_t label = name->label_count - 1; label-- > 0;) {
		struct unit whole = {.start = search->label_fine[label],
				     .end = search->label_fine[label + 1]};

		if (label >= first_hashed) {
			whole.rest_hash = rest_hash[label];
			whole.under_suffix = is_suffix(index, whole.rest_hash);
		}
		if (whole.start < whole.end) {
			search_label(index, name, search, &whole);
		}
		search_heads(index, search, label);
	}
}
