/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/report_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/report/time_arg.h"
#include "daemon/report/totals.h"
#include "daemon/text/name_text.h"

/* Names longer than this push their row to the right instead of widening all. */
#define NAME_WIDTH_MAX 40

static int width_of(size_t least, const char *text, size_t most)
{
	const size_t len = strlen(text);
	return (int)(len > most ? (least > most ? least : most) : len > least ? len : least);
}

static void print_fake(const struct fake *fake, int name_width, int imitates_width, FILE *out)
{
	char first[DATE_TEXT_SIZE];
	char last[DATE_TEXT_SIZE];
	char shown[NAME_UNICODE_SIZE];
	date_text(fake->first, first);
	date_text(fake->last, last);
	fprintf(out, "%-*s  %-*s  %-11s  %-10s  %-7s  %5" PRIu64 "  %-7s  %s  %s\n", name_width,
		fake->name, imitates_width, fake->imitates, technique_text(fake->technique),
		confidence_text(fake->confidence), action_text(fake->action), fake->days,
		event_bands[fake->devices], first, last);
	if (name_unicode(fake->name, shown)) {
		fprintf(out, "    displays as %s\n", shown);
	}
	for (size_t i = 0; i < fake->example_count; i++) {
		fprintf(out, "    such as %s\n", fake->examples[i]);
	}
	if (fake->address_count > 0) {
		fputs("    at", out);
		for (size_t i = 0; i < fake->address_count; i++) {
			fprintf(out, " %s", fake->addresses[i]);
		}
		putc('\n', out);
	}
}

static void print_totals(const char *head, const struct total *totals, size_t count, FILE *out)
{
	fprintf(out, "\n%5s  %5s  %s\n", "FAKES", "DAYS", head);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%5zu  %5" PRIu64 "  %s\n", totals[i].fakes, totals[i].days,
			totals[i].what);
	}
}

/* What share of names was seen, and how. */
static void print_coverage(const struct event_summary *summary, FILE *out)
{
	double shares[COVERAGE_PARTS];
	const uint32_t days = event_summary_coverage(summary, shares);
	if (days == 0) {
		return;
	}
	fputs("\nFlows by the way their names were read, or by what hid them:", out);
	for (unsigned i = 0; i < COVERAGE_PARTS; i++) {
		fprintf(out, "%s %s %.0f%%", i == 0 ? "" : ",", coverage_text(i), shares[i]);
	}
	fprintf(out, " (mean of %" PRIu32 " days)\n", days);
}

bool report_text(struct event_summary *summary, FILE *out)
{
	size_t count = 0;
	const struct fake *const *fakes = event_summary_fakes(summary, &count);
	int name_width = 4;
	int imitates_width = 8;
	for (size_t i = 0; i < count; i++) {
		name_width = width_of((size_t)name_width, fakes[i]->name, NAME_WIDTH_MAX);
		imitates_width =
		    width_of((size_t)imitates_width, fakes[i]->imitates, NAME_WIDTH_MAX);
	}
	fprintf(out, "%-*s  %-*s  %-11s  %-10s  %-7s  %5s  %-7s  %-10s  %s\n", name_width, "NAME",
		imitates_width, "IMITATES", "TECHNIQUE", "CONFIDENCE", "ACTION", "DAYS", "DEVICES",
		"FIRST DAY", "LAST DAY");
	for (size_t i = 0; i < count; i++) {
		print_fake(fakes[i], name_width, imitates_width, out);
	}
	fputs("\nDays: on which it was seen. Devices: the largest band of a day; bands do not add "
	      "up.\n",
	      out);
	size_t site_count = 0;
	size_t technique_count = 0;
	struct total *sites = totals_by_site(fakes, count, &site_count);
	struct total *techniques = totals_by_technique(fakes, count, &technique_count);
	const bool whole = fakes != NULL && sites != NULL && techniques != NULL;
	if (whole) {
		print_totals("SITE", sites, site_count, out);
		print_totals("TECHNIQUE", techniques, technique_count, out);
		print_coverage(summary, out);
	}
	free(sites);
	free(techniques);
	return whole;
}
