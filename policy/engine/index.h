/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds the tokens that a name might imitate, without looking at each. It finds too many rather
 * than too few: what it finds is compared letter by letter afterwards. Internal to policy/.
 */
#ifndef POLICY_ENGINE_INDEX_H
#define POLICY_ENGINE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/name/name.h"

/* A token is at most a label. */
#define TOKEN_LEN_MAX LABEL_OCTETS_MAX

/* Up to this length a token's typos are looked for under its own suffix only. */
#define TOKEN_SHORT_MAX 5

/* What an index is made of: one a token, those of one text side by side. Strings are the caller's
 * and must outlive the index. */
struct index_entry {
	const char *text;   /* 'a'-'z', '0'-'9', '-'; 2 to TOKEN_LEN_MAX */
	const char *suffix; /* public suffix of its site, "com.vn" */
};

struct index;

/* \returns NULL when memory is short. Free with index_free(). */
struct index *index_new(const struct index_entry *entries, size_t count);
void index_free(struct index *index);
size_t index_memory(const struct index *index); /* octets */

/* Elements start up to but not including end of the name may be the token. */
struct candidate {
	uint32_t token; /* position in the entries: the first of those with this text */
	uint16_t start, end;
};

/*
 * Most candidates of a name. They are found from the last label to the first, so that what is
 * dropped stands in front of all that is kept: the candidates of a name are among those of any
 * name that ends in it.
 */
#define CANDIDATES_MAX 64

/* Room of their own for those that close_search() adds, so that no others take it. */
#define CLOSE_CANDIDATES_MAX 32

/* Likewise for slip_search(). */
#define SLIP_CANDIDATES_MAX 8

/* Working memory of one thread. */
struct search {
	size_t length; /* of fine: the elements but hyphens */
	uint8_t fine[NAME_OCTETS_MAX * 3];
	uint16_t element[NAME_OCTETS_MAX * 3 +
			 1]; /* which element each came from; last: element_count */
	size_t spelled_length;
	uint8_t spelled[NAME_OCTETS_MAX * 6];
	uint16_t spelled_from[NAME_OCTETS_MAX * 6 + 1]; /* position in fine */
	struct candidate candidates[CANDIDATES_MAX + SLIP_CANDIDATES_MAX + CLOSE_CANDIDATES_MAX];
	size_t candidate_count;
	size_t dropped;                         /* found beyond what there is room for */
	uint16_t label_fine[LABELS_MAX + 1];    /* where each label begins in fine, */
	uint16_t label_spelled[LABELS_MAX + 1]; /* and in spelled */
};

/* Adds a candidate that is not among them already; where there are max of them, counts it as
 * dropped. */
static inline void search_add(struct search *search, struct candidate found, size_t max)
{
	for (size_t i = 0; i < search->candidate_count; i++) {
		const struct candidate *known = &search->candidates[i];

		if (known->token == found.token && known->start == found.start &&
		    known->end == found.end) {
			return;
		}
	}
	if (search->candidate_count < max) {
		search->candidates[search->candidate_count++] = found;
	} else {
		search->dropped++;
	}
}

/* Fills search->candidates. Takes no memory. */
void index_search(const struct index *index, const struct name *name, struct search *search);

#endif
