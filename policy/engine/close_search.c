/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/close_search.h"

#include <endian.h>
#include <string.h>

#include "policy/engine/evidence.h"
#include "policy/engine/slip.h"
#include "policy/name/glyph.h"

/* Letters of a label that are looked at. */
#define LETTERS_MAX LABEL_OCTETS_MAX

/* Shorter pieces are compared with nothing. */
#define PIECE_LEN_MIN 4

/* A label's letters without its hyphens, as glyph_fine() folds them, and which element each is. */
struct letters {
	char first; /* as it is */
	uint8_t text[LETTERS_MAX];
	uint16_t element[LETTERS_MAX];
	size_t len;
	uint32_t set;  /* slip_letters() */
	bool is_piece; /* something stands beyond a hyphen */
};

static bool label_is(const struct name *name, size_t label, const char *text)
{
	size_t len = strlen(text);

	return (size_t)name->text_label[label + 1] - 1 - name->text_label[label] == len &&
	       memcmp(name->text + name->text_label[label], text, len) == 0;
}

/* Whether letters of the label, and some in front of them, are these; hyphens left out. */
static bool ends_in(const struct name *name, size_t label, const char *letters)
{
	size_t start = name->label[label], at = name->label[label + 1];

	for (size_t left = strlen(letters); left > 0; at--) {
		if (at == start) {
			return false;
		}
		if (name->base[at - 1] != '-' && name->base[at - 1] != letters[--left]) {
			return false;
		}
	}
	return at >= start + ONE_SLIP_LEN_MIN - 1;
}

/* Whether the label ends as a domain does: "nwtcom", "card-co-jp". */
static bool ends_as_domain(const struct name *name, size_t label)
{
	/* Nothing is left of a label of only marks. */
	if (name->label[label] == name->label[label + 1]) {
		return false;
	}
	switch (name->base[name->label[label + 1] - 1]) {
	case 'm':
		return ends_in(name, label, "com");
	case 'n':
		return ends_in(name, label, "comvn") || ends_in(name, label, "govvn");
	case 'p':
		return ends_in(name, label, "cojp") || ends_in(name, label, "nejp") ||
		       ends_in(name, label, "orjp");
	default:
		return false;
	}
}

bool name_ends_made_up(const struct name *name)
{
	size_t last = name->label_count - 1;
	const char *top_level = name->text + name->text_label[last];

	if (name->label_count < 2) {
		return false;
	}
	if (suffix_is_cheap(top_level) || suffix_is_reported(top_level)) {
		return true;
	}
	for (size_t i = 1; i + 2 < name->label_count; i++) {
		if (label_is(name, i, "co") || label_is(name, i, "com") ||
		    label_is(name, i, "ne") || label_is(name, i, "jp") || label_is(name, i, "vn")) {
			return true;
		}
	}
	for (size_t i = 0; i + 2 < name->label_count; i++) {
		if (ends_as_domain(name, i)) {
			return true;
		}
	}
	return label_is_random(name->text + name->text_label[last - 1],
			       (size_t)name->text_label[last] - 1 - name->text_label[last - 1]);
}

static void read_letters(const struct name *name, size_t start, size_t end, struct letters *out)
{
	out->len = 0;
	out->first = start < end ? name->base[start] : '-';
	for (size_t i = start; i < end && out->len < LETTERS_MAX; i++) {
		if (name->base[i] != '-') {
			out->element[out->len] = (uint16_t)i;
			out->text[out->len++] = glyph_fine(name->base[i]);
		}
	}
	out->set = slip_letters(out->text, out->len);
}

/*
 * How many letters the label begins with that are the token's but for one slip; 0 for none. Of
 * several ways, the one that explains most.
 */
static size_t one_slip_in_front(const struct letters *seen, const struct token *token)
{
	const unsigned lengths = slip_in_front(seen->text, seen->len, token->fine, token->fine_len);
	const bool whole = token->fine_len <= ONE_SLIP_LEN_MIN;

	for (unsigned i = 3; lengths != 0 && i-- > 0;) {
		const size_t len = token->fine_len + i - 1U;

		if ((lengths >> i & 1) != 0 && (!whole || len == seen->len)) {
			return len;
		}
	}
	return 0;
}

/* Octets that are compared at once. */
typedef uint8_t lanes __attribute__((vector_size(BEGINNINGS)));

static inline lanes lanes_of(const uint8_t octets[BEGINNINGS])
{
	lanes read;

	memcpy(&read, octets, sizeof(read));
	return read;
}

/*
 * For each token 0xff when its second letter stands there, or what stands there is left of it by
 * one slip: swapped with the third, changed, left out, or something put in before it; otherwise 0.
 */
static inline lanes may_begin(const struct letters *seen, const struct token_beginnings *meant)
{
	const lanes none = {0};
	const lanes second = none + seen->text[1], third = none + seen->text[2],
		    fourth = none + seen->text[3];
	const lanes meant_second = lanes_of(meant->second), meant_third = lanes_of(meant->third),
		    meant_fourth = lanes_of(meant->fourth);

	const lanes as_it_is = (lanes)(second == meant_second);
	const lanes swapped_or_left_out =
	    (lanes)((second == meant_third) & ((third == meant_second) | (third == meant_fourth)));
	const lanes changed = (lanes)((third == meant_third) & (fourth == meant_fourth));
	const lanes put_in = (lanes)((third == meant_second) & (fourth == meant_third));

	return as_it_is | swapped_or_left_out | changed | put_in;
}

static bool may_be_two_slips(const struct letters *seen, const struct token *token)
{
	return token->len >= (seen->is_piece ? TWO_SLIPS_LEN_LEAST : TWO_SLIPS_LEN_MIN) &&
	       seen->len + 2 >= token->len && seen->len <= token->len + 2U &&
	       slip_letters_at_most(seen->set ^ token->letters, SLIP_LETTERS_OFF_MAX) &&
	       slip_whole(seen->text, seen->len, token->fine, token->fine_len,
			  token_changes_max(token->len, true));
}

/* Adds the token that the letters begin with but for a slip, or are but for two. */
static void compare(const struct token_table *tokens, const struct letters *seen, size_t i,
		    size_t candidates_max, struct search *search)
{
	const struct token *token = &tokens->items[i];
	size_t len = 0;

	if (slip_letters_at_most(token->letters & ~seen->set, SLIP_LETTERS_LACKING_MAX)) {
		len = one_slip_in_front(seen, token);
	}
	if (len == 0 && may_be_two_slips(seen, token)) {
		len = seen->len;
	}
	if (len > 0 && (i == 0 || strcmp(tokens->items[i - 1].text, token->text) != 0)) {
		const struct candidate found = {
		    .token = (uint32_t)i,
		    .start = seen->element[0],
		    .end = (uint16_t)(seen->element[len - 1] + 1),
		};

		search_add(search, found, candidates_max);
	}
}

/* For each token 0xff when so many of its letters are not there as two slips take, one letter each
 * at the most; otherwise 0. */
static inline lanes may_lack(const struct letters *seen, const struct token_beginnings *meant)
{
	lanes lacking = {0};

	for (size_t i = 0; i < sizeof(seen->set); i++) {
		lanes bits = lanes_of(meant->letters[i]) & (uint8_t)~(seen->set >> 8 * i);

		/* how many there are, of twos, of fours and of all eight; / 16 is >> 4, which gcc's
		 * analyzer takes for a shift too far when the operand is a vector of octets */
		bits -= bits >> 1 & 0x55;
		bits = (bits & 0x33) + (bits >> 2 & 0x33);
		lacking += (bits + bits / 16) & 0x0f;
	}
	return (lanes)(lacking <= SLIP_LETTERS_LACKING_MAX * 2);
}

static void search_letters(const struct token_table *tokens, const struct letters *seen,
			   size_t candidates_max, struct search *search)
{
	unsigned char first = seen->len < PIECE_LEN_MIN ? 0x80 : (unsigned char)seen->first;

	if (first >= 0x80) {
		return;
	}
	const size_t from = tokens->first_with[first], to = tokens->first_with[first + 1];

	for (size_t i = from - from % BEGINNINGS; i < to; i += BEGINNINGS) {
		const struct token_beginnings *beginnings = &tokens->beginnings[i / BEGINNINGS];
		const lanes may = may_begin(seen, beginnings) & may_lack(seen, beginnings);
		uint64_t words[BEGINNINGS / sizeof(uint64_t)];

		memcpy(words, &may, sizeof(words));
		for (size_t word = 0; word < BEGINNINGS / sizeof(uint64_t); word++) {
			uint64_t left = le64toh(words[word]);

			while (left != 0) {
				const size_t octet = (size_t)__builtin_ctzll(left) / 8;
				const size_t lane = word * sizeof(uint64_t) + octet;

				left &= ~(UINT64_C(0xff) << octet * 8);
				if (i + lane >= from && i + lane < to) {
					compare(tokens, seen, i + lane, candidates_max, search);
				}
			}
		}
	}
}

void close_search(const struct token_table *tokens, const struct name *name, struct search *search)
{
	const size_t candidates_max = search->candidate_count + CLOSE_CANDIDATES_MAX;

	for (size_t label = name->label_count - 1; label-- > 0;) {
		struct letters seen;
		size_t start = name->label[label], end = name->label[label + 1];

		read_letters(name, start, end, &seen);
		seen.is_piece = false;
		search_letters(tokens, &seen, candidates_max, search);
		for (size_t from = start; from < end;) {
			size_t to = from;

			while (to < end && name->base[to] != '-') {
				to++;
			}
			if (from > start || to < end) {
				read_letters(name, from, to, &seen);
				seen.is_piece = true;
				search_letters(tokens, &seen, candidates_max, search);
			}
			from = to + 1;
		}
	}
}
