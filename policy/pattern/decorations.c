/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/pattern/decorations.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/pattern/pattern_words.h"

/* Letters, digits, the hyphen, and one for all else. */
#define CHARACTERS 38

/* For the first two characters of the words, or the last two, a bit for each length that there is.
 * A word of one character stands for every pair. */
struct edge {
	uint64_t lengths[CHARACTERS][CHARACTERS];
};

struct decorations {
	struct pattern *run;
	struct pattern *places[PATTERN_WHOLE]; /* by enum pattern_place; NULL without patterns */
	/* Most pieces end here, unmatched. */
	struct edge first, last;
};

static size_t character(char c)
{
	if (c >= 'a' && c <= 'z') {
		return (size_t)(c - 'a');
	}
	if (c >= '0' && c <= '9') {
		return 26 + (size_t)(c - '0');
	}
	return c == '-' ? 36 : 37;
}

static void note_pair(struct edge *edge, const char *pair, size_t len)
{
	const uint64_t bit = (uint64_t)1 << (len < 63 ? len : 63);

	if (len >= 2) {
		edge->lengths[character(pair[0])][character(pair[1])] |= bit;
		return;
	}
	for (size_t i = 0; i < CHARACTERS; i++) {
		for (size_t j = 0; j < CHARACTERS; j++) {
			edge->lengths[i][j] |= bit;
		}
	}
}

/* Whether a word of the patterns may stand at the edge whose two characters these are, len octets
 * being there. */
static bool may_stand(const struct edge *edge, const char *pair, size_t len)
{
	if (len < 2) {
		return true; /* what is so short is matched at once */
	}
	const uint64_t lengths = edge->lengths[character(pair[0])][character(pair[1])];

	return len >= 63 ? lengths != 0 : (lengths & (((uint64_t)2 << len) - 1)) != 0;
}

static bool may_stand_anywhere(const struct decorations *decorations, const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && !may_stand(&decorations->first, text + at, len - at)) {
		at++;
	}
	return at < len;
}

/* \returns false when out of memory. */
static bool note_edges(struct decorations *decorations, char *const *patterns, size_t count)
{
	struct pattern_words *words = malloc(sizeof(*words));
	char why[128];

	if (words == NULL) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (!pattern_words_list(patterns[i], words, why, sizeof(why))) {
			/* not taken by who listed it: PCRE2 alone tells */
			memset(&decorations->first, 0xff, sizeof(decorations->first));
			memset(&decorations->last, 0xff, sizeof(decorations->last));
			break;
		}
		for (size_t j = 0; j < words->count; j++) {
			const char *word = words->items[j];
			const size_t len = strlen(word);

			note_pair(&decorations->first, word, len);
			note_pair(&decorations->last, word + (len < 2 ? 0 : len - 2), len);
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
	decorations->run = pattern_join(patterns, count, PATTERN_WHOLE, true);
	bool whole = decorations->run != NULL && note_edges(decorations, patterns, count);
	for (size_t i = 0; whole && count > 0 && i < PATTERN_WHOLE; i++) {
		decorations->places[i] =
		    pattern_join(patterns, count, (enum pattern_place)i, false);
		whole = decorations->places[i] != NULL;
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
	for (size_t i = 0; i < PATTERN_WHOLE; i++) {
		pattern_free(decorations->places[i]);
	}
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
	if (place >= PATTERN_WHOLE || decorations->places[place] == NULL) {
		return false;
	}
	if ((place == PATTERN_AT_START && !may_stand(&decorations->first, text, len)) ||
	    (place == PATTERN_AT_END &&
	     !may_stand(&decorations->last, text + (len < 2 ? 0 : len - 2), len)) ||
	    (place == PATTERN_ANYWHERE && !may_stand_anywhere(decorations, text, len))) {
		return false;
	}
	return pattern_match(decorations->places[place], scratch, text, len, start, end);
}
