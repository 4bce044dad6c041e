/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a name is compared with: each site's labels and tokens, each with the protected domain it
 * stands for. Internal to policy/.
 */
#ifndef POLICY_ENGINE_TOKEN_TABLE_H
#define POLICY_ENGINE_TOKEN_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/engine/index.h"
#include "policy/file/parsed_policy.h"

struct token {
	const char *text; /* as read: A-labels decoded and folded to ASCII, '?' for a character that
			     is like no letter of ASCII */
	const uint8_t *fine;       /* its letters as glyph_fine() folds them, hyphens left out */
	const uint32_t *non_latin; /* what those are, in order, and a 0; NULL when there is none */
	const char *imitated; /* the protected domain that a finding shows, "vietcombank.com.vn" */
	const char *suffix;   /* public suffix of the domain that this one is of, "com.vn" */
	const char *site;     /* displayed name */
	uint32_t letters;     /* which fine letters it has (slip_letters()) */
	uint8_t len;          /* of the text */
	uint8_t fine_len;
	bool is_label; /* the domain's own label; otherwise one of the tokens the policy lists */
	bool is_word;  /* a common English word */
	bool is_half;  /* what stands before the hyphen of a label: it is anybody's word, too */
	bool ends_in_word; /* its last letters are a word, in which others' labels end, too:
			      "cloud" of icloud */
	bool is_worldwide; /* its site has the label under a suffix of no country, too */
};

/* A token of fewer letters is not looked for with a slip in it, nor with two. */
#define ONE_SLIP_LEN_MIN 5
#define TWO_SLIPS_LEN_MIN 10
#define TWO_SLIPS_LEN_LEAST 8 /* in a name that ends as made-up ones do */

/* How many slips, and letters that pass at a glance, a token of this length is known by: in twelve
 * letters two slips and a glance. */
static inline unsigned token_changes_max(size_t len, bool ends_made_up)
{
	if (len < TWO_SLIPS_LEN_MIN) {
		return ends_made_up && len >= TWO_SLIPS_LEN_LEAST ? 2 : 1;
	}
	return len < 12 ? 2 : 3;
}

/* The fine letters behind a token's first; NO_LETTER where it is not looked for with
 * a slip. Of so many tokens side by side, since many are compared with each name that ends as
 * made-up ones do. */
#define NO_LETTER 0xff
#define BEGINNINGS 16
struct token_beginnings {
	uint8_t second[BEGINNINGS], third[BEGINNINGS], fourth[BEGINNINGS];
	uint8_t letters[sizeof(uint32_t)]
		       [BEGINNINGS]; /* of the whole token, the lowest eight first */
};

/* In an order that does not depend on the order of sites in the policy. */
struct token_table {
	struct token *items;
	struct index_entry *entries; /* the same, as index_new() takes them */
	size_t count;
	struct token_beginnings *beginnings; /* of each item */
	uint32_t first_with[129]; /* the first item whose first letter is this one or greater */
	char *halves;             /* pool of texts */
	char *folded;             /* pools: labels whose folded form differs, */
	uint32_t *non_latin;      /* their characters that are like no letter of ASCII, */
	uint8_t *fine;            /* and their fine letters */
};

/* \returns false when memory is short. The parsed policy must outlive the tokens. Free with
 * token_table_free(). */
bool token_table_make(const struct parsed_policy *parsed, struct token_table *out);
void token_table_free(struct token_table *tokens);

#endif
