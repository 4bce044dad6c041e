/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/pattern/decorations.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/pattern/pattern_words.h"

/* Letters, digits, the hyphen, and one for all else. */
#define CHARACTERS 38

#define EDGE 3

/* Which characters words begin with, or end in: a bit for the last of the three. A word of fewer
 * stands for every one in the places that it lacks. */
struct edge {
	uint64_t seen[CHARACTERS][CHARACTERS];
	size_t shortest; /* length of a word */
};

struct decorations {
	struct pattern *run;
	struct pattern *at_start, *whole; /* NULL without patterns */
	/* Most pieces end here, unmatched. */
	struct edge first, last;
};

static size_t character(char c)
{
	if (c >= 'a' && c <= 'z') {
		return (size_t)(c - 'a');
	}
	if (c >= 'A' && c <= 'Z') {
		return (size_t)(c - 'A');
	}
	if (c >= '0' && c <= '9') {
		return 26 + (size_t)(c - '0');
	}
	return c == '-' ? 36 : 37;
}

/* \param edge_text  len characters; of more than EDGE, the first count. */
static void note_edge(struct edge *edge, const char *edge_text, size_t len)
{
	size_t from[EDGE], to[EDGE];

	for (size_t i = 0; i < EDGE; i++) {
		from[i] = i < len ? character(edge_text[i]) : 0;
		to[i] = i < len ? from[i] + 1 : CHARACTERS;
	}
	for (size_t i = from[0]; i < to[0]; i++) {
		for (size_t j = from[1]; j < to[1]; j++) {
			for (size_t k = from[2]; k < to[2]; k++) {
				edge->seen[i][j] |= (uint64_t)1 << k;
			}
		}
	}
}

/* Whether a word may stand where these characters do; what is shorter than EDGE is matched at once.
 */
static bool may_stand(const struct edge *edge, const char *edge_text, size_t len)
{
	if (len < EDGE) {
		return len >= edge->shortest;
	}
	return (edge->seen[character(edge_text[0])][character(edge_text[1])] >>
		    character(edge_text[2]) &
		1) != 0;
}

/* The last characters. Those that a short word lacks are in front, so it stands for every three. */
static void note_last(struct edge *edge, const char *word, size_t len)
{
	if (len >= EDGE) {
		note_edge(edge, word + len - EDGE, EDGE);
	} else {
		note_edge(edge, "", 0);
	}
}

/* \returns false when out of memory. */
static bool note_edges(struct decorations *decorations, char *const *patterns, size_t count)
{
	struct pattern_words *words = malloc(sizeof(*words));
	char why[128];

	if (words == NULL) {
		return false;
	}
	decorations->first.shortest = decorations->last.shortest = SIZE_MAX;
	for (size_t i = 0; i < count; i++) {
		if (!pattern_words_list(patterns[i], words, why, sizeof(why))) {
			/* not taken by who listed it: PCRE2 alone tells */
			note_last(&decorations->last, "", 0);
			note_edge(&decorations->first, "", 0);
			decorations->first.shortest = decorations->last.shortest = 0;
			break;
		}
		for (size_t j = 0; j < words->count; j++) {
			const char *word = words->items[j];
			const size_t len = strlen(word);

			note_edge(&decorations->first, word, len);
			note_last(&decorations->last, word, len);
			if (len < decorations->first.shortest) {
				decorations->first.shortest = decorations->last.shortest = len;
			}
		}
	}
	free(words);
	return true;
}

struct decorations *decorations_new(char *const *patterns, size_t count)
{
	struct decorations *decorations = calloc(1, sizeof(*decorations));
	if (decorations == NULL) {
		return NULL;
	}
	decorations->run = pattern_join(patterns, count, true, true);
	bool whole = decorations->run != NULL && note_edges(decorations, patterns, count);
	if (whole && count > 0) {
		decorations->at_start = pattern_join(patterns, count, false, false);
		decorations->whole = pattern_join(patterns, count, true, false);
		whole = decorations->at_start != NULL && decorations->whole != NULL;
	}
	if (!whole) {
		decorations_free(decorations);
		return NULL;
	}
	return decorations;
}

void decorations_free(struct decorations *decorations)
{
	if (decorations == NULL) {
		return;
	}
	pattern_free(decorations->run);
	pattern_free(decorations->at_start);
	pattern_free(decorations->whole);
	free(decorations);
}

bool decorations_fill(const struct decorations *decorations, struct pattern_scratch *scratch,
		      const char *text, size_t len)
{
	size_t start = 0;
	size_t end = 0;
	if (len > 0 && text[0] != '-' && (text[0] < '0' || text[0] > '9') &&
	    !may_stand(&decorations->first, text, len)) {
		return false;
	}
	return pattern_match(decorations->run, scratch, text, len, &start, &end);
}

bool decorations_find(const struct decorations *decorations, struct pattern_scratch *scratch,
		      const char *text, size_t len, enum pattern_place place, size_t *start,
		      size_t *end)
{
	const struct pattern *pattern =
	    place == PATTERN_AT_END ? decorations->whole : decorations->at_start;

	if (place >= PATTERN_WHOLE || pattern == NULL ||
	    (place == PATTERN_AT_END &&
	     !may_stand(&decorations->last, text + (len < EDGE ? 0 : len - EDGE), len))) {
		return false;
	}
	/* Few places are left to match at. */
	for (size_t at = 0; at < len; at++) {
		if (may_stand(&decorations->first, text + at, len - at) &&
		    pattern_match(pattern, scratch, text + at, len - at, start, end)) {
			*start += at;
			*end += at;
			return true;
		}
		if (place == PATTERN_AT_START) {
			return false;
		}
	}
	return false;
}
