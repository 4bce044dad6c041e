/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/pattern/decorations.h"

#include <stdlib.h>

struct decorations {
	struct pattern *run;
	struct pattern *places[PATTERN_WHOLE]; /* by enum pattern_place; NULL without patterns */
};

struct decorations *decorations_new(char *const *patterns, size_t count)
{
	struct decorations *decorations = calloc(1, sizeof(*decorations));
	if (decorations == NULL) {
		return NULL;
	}
	decorations->run = pattern_join(patterns, count, PATTERN_WHOLE, true);
	bool whole = decorations->run != NULL;
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
	return pattern_match(decorations->run, scratch, text, len, &start, &end);
}

bool decorations_find(const struct decorations *decorations, struct pattern_scratch *scratch,
		      const char *text, size_t len, enum pattern_place place, size_t *start,
		      size_t *end)
{
	if (place >= PATTERN_WHOLE || decorations->places[place] == NULL) {
		return false;
	}
	return pattern_match(decorations->places[place], scratch, text, len, start, end);
}
