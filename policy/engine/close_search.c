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

/* The second letter is the token's, or what stands there is left of it by one slip: swapped with
 * the third, changed, left out, or something put in before it. */
static inline bool may_begin(char second, char third, char fourth,
			     const struct token_beginning *meant)
{
	if (second == meant->second) {
		return true;
	}
	return (second == meant->third && (third == meant->second || third == meant->fourth)) ||
	       (third == meant->third && fourth == meant->fourth) ||
	       (third == meant->second && fourth == meant->third);
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
	const char second = seen->text[1], third = seen->text[2], fourth = seen->text[3];

	for (size_t i = tokens->first_with[first]; i < tokens->first_with[first + 1]; i++) {
		const struct token *token = &tokens->items[i];
		struct meant meant;
		size_t same = 1, len;

		if (!may_begin(second, third, fourth, &tokens->beginnings[i])) {
			continue;
		}
		meant.len = token_read_letters(token->text, meant.text);
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
