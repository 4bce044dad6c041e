/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/totals.h"

#include <stdlib.h>
#include <string.h>

typedef const char *what_fn(const struct fake *fake);

static const char *site_of(const struct fake *fake)
{
	return fake->site;
}

static const char *technique_of(const struct fake *fake)
{
	return technique_text(fake->technique);
}

static int compare_what(const void *a, const void *b)
{
	return strcmp(((const struct total *)a)->what, ((const struct total *)b)->what);
}

static int compare_count(const void *a, const void *b)
{
	const struct total *first = a;
	const struct total *second = b;
	if (first->days != second->days) {
		return first->days > second->days ? -1 : 1;
	}
	return compare_what(a, b);
}

static struct total *totals_by(what_fn *what, const struct fake *const *fakes, size_t fake_count,
			       size_t *count)
{
	struct total *totals = calloc(fake_count + 1, sizeof *totals);
	*count = 0;
	if (totals == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < fake_count; i++) {
		totals[i] =
		    (struct total){.what = what(fakes[i]), .fakes = 1, .days = fakes[i]->days};
	}
	qsort(totals, fake_count, sizeof *totals, compare_what);
	size_t last = 0;
	for (size_t i = 1; i < fake_count; i++) {
		if (strcmp(totals[i].what, totals[last].what) == 0) {
			totals[last].fakes++;
			totals[last].days += totals[i].days;
		} else {
			totals[++last] = totals[i];
		}
	}
	*count = fake_count == 0 ? 0 : last + 1;
	qsort(totals, *count, sizeof *totals, compare_count);
	return totals;
}

struct total *totals_by_site(const struct fake *const *fakes, size_t fake_count, size_t *count)
{
	return totals_by(site_of, fakes, fake_count, count);
}

struct total *totals_by_technique(const struct fake *const *fakes, size_t fake_count, size_t *count)
{
	return totals_by(technique_of, fakes, fake_count, count);
}
