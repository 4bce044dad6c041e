/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/close_search.h"

#include <string.h>

#include "policy/engine/evidence.h"

/* Letters of a label that are looked at. */
#define LETTERS_MAX LABEL_OCTETS_MAX

/* Shorter pieces are compared with nothing. */
#define PIECE_LEN_MIN 4

/* A label's letters without its hyphens, and which element each is. */
struct letters {
	char text[LETTERS_MAX];
	uint16_t element[LETTERS_MAX];
	size_t len;
};

static bool label_is(const struct name *name, size_t label, const char *text)
{
	size_t len = strlen(text);

	return (size_t)name->text_label[label + 1] - 1 - name->text_label[label] == len &&
	       memcmp(name->text + name->text_label[label], text, len) == 0;
}

/* Whether the label's letters end as a domain's do: "nwtcom", "card-co-jp". */
static bool ends_as_domain(const struct name *name, size_t label)
{
	static const char *const ends[] = {"com", "cojp", "nejp", "orjp", "comvn", "govvn"};
	char letters[LETTERS_MAX];
	size_t len = 0;

	for (size_t i = name->label[label]; i < name->label[label + 1] && len < LETTERS_MAX; i++) {
		if (name->base[i] != '-') {
			letters[len++] = name->base[i];
		}
	}
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t end_len = strlen(ends[i]);

		if (len >= end_len + ONE_SLIP_LEN_MIN - 1 &&
		    memcmp(letters + len - end_len, ends[i], end_len) == 0) {
			return true;
		}
	}
	return false;
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
	for (size_t i = start; i < end && out->len < LETTERS_MAX; i++) {
		if (name->base[i] != '-') {
			out->element[out->len] = (uint16_t)i;
			out->text[out->len++] = name->base[i];
		}
	}
}

/* A token's letters without its hyphens. */
struct meant {
	char text[TOKEN_LEN_MAX + 1];
	size_t len;
};

static void read_meant(const struct token *token, struct meant *out)
{
	out->len = 0;
	for (const char *c = token->text; *c != '\0'; c++) {
		if (*c != '-') {
			out->text[out->len++] = *c;
		}
	}
	out->text[out->len] = '\0';
}

static bool tail_fits(const struct letters *seen, size_t at, const char *meant, size_t len,
		      bool whole)
{
	return at + len <= seen->len && (!whole || at + len == seen->len) &&
	       memcmp(seen->text + at, meant, len) == 0;
}

/*
 * How many letters the label begins with that are the token's with one put in, left out, changed
 * or swapped with its neighbour; 0 for none. `same` letters in front are the same.
 */
static size_t one_slip_in_front(const struct letters *seen, const struct meant *token, size_t same,
				bool whole)
{
	size_t left = token->len - same;
	const char *meant = token->text + same;

	if (left == 0) {
		return 0;
	}
	if (tail_fits(seen, same + 1, meant + 1, left - 1, whole)) {
		return token->len;
	}
	if (tail_fits(seen, same + 1, meant, left, whole)) {
		return token->len + 1;
	}
	if (left >= 2 && same + 1 < seen->len && seen->text[same] == meant[1] &&
	    seen->text[same + 1] == meant[0] &&
	    tail_fits(seen, same + 2, meant + 2, left - 2, whole)) {
		return token->len;
	}
	return tail_fits(seen, same, meant + 1, left - 1, whole) ? token->len - 1 : 0;
}

static void add(struct search *search, size_t token, const struct letters *seen, size_t len)
{
	if (search->candidate_count < search->close_max) {
		search->candidates[search->candidate_count++] = (struct candidate){
		    .token = (uint32_t)token,
		    .start = seen->element[0],
		    .end = (uint16_t)(seen->element[len - 1] + 1),
		};
	} else {
		search->dropped++;
	}
}

/* The second letter is the token's, or one that a slip there leaves: swapped, left out, put in. */
static bool may_begin(const struct letters *seen, const struct token *token)
{
	char second = seen->text[1], third = seen->len > 2 ? seen->text[2] : '\0';

	return second == token->text[1] || second == token->text[2] || third == token->text[1] ||
	       third == token->text[2];
}

/* Two slips may change so many letters of the set at the most. */
#define LETTERS_OFF_MAX 4

static bool may_be_two_slips(const struct letters *seen, const struct token *token)
{
	uint32_t letters = 0;

	if (token->len < TWO_SLIPS_LEN_MIN || seen->len + 2 < token->len ||
	    seen->len > token->len + 2U) {
		return false;
	}
	for (size_t i = 0; i < seen->len; i++) {
		letters |= token_letter(seen->text[i]);
	}
	return __builtin_popcount(letters ^ token->letters) <= LETTERS_OFF_MAX;
}

static void search_letters(const struct token_table *tokens, const struct letters *seen,
			   struct search *search)
{
	unsigned char first = seen->len < PIECE_LEN_MIN ? 0x80 : (unsigned char)seen->text[0];

	if (first >= 0x80) {
		return;
	}
	for (size_t i = tokens->first_with[first]; i < tokens->first_with[first + 1]; i++) {
		const struct token *token = &tokens->items[i];
		struct meant meant;
		size_t same = 1, len;

		if (token->len < ONE_SLIP_LEN_MIN || !may_begin(seen, token)) {
			continue;
		}
		read_meant(token, &meant);
		if (meant.len < ONE_SLIP_LEN_MIN) {
			continue;
		}
		while (same < seen->len && same < meant.len &&
		       seen->text[same] == meant.text[same]) {
			same++;
		}
		len = one_slip_in_front(seen, &meant, same, meant.len == ONE_SLIP_LEN_MIN);
		if (len == 0 && may_be_two_slips(seen, token)) {
			len = seen->len;
		}
		if (len > 0 && (i == 0 || strcmp(tokens->items[i - 1].text, token->text) != 0)) {
			add(search, i, seen, len);
		}
	}
}

void close_search(const struct token_table *tokens, const struct name *name, struct search *search)
{
	search->close_max = search->candidate_count + CLOSE_CANDIDATES_MAX;
	for (size_t label = name->label_count - 1; label-- > 0;) {
		struct letters seen;
		size_t start = name->label[label], end = name->label[label + 1];

		read_letters(name, start, end, &seen);
		search_letters(tokens, &seen, search);
		for (size_t from = start; from < end;) {
			size_t to = from;

			while (to < end && name->base[to] != '-') {
				to++;
			}
			if (from > start || to < end) {
				read_letters(name, from, to, &seen);
				search_letters(tokens, &seen, search);
			}
			from = to + 1;
		}
	}
}
