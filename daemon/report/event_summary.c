/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/event_summary.h"

#include <stdlib.h>
#include <string.h>

/* uthash is told what to do when out of memory, instead of ending the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct fake_entry {
	struct fake fake; /* first: event_summary_fakes() hands out pointers to it */
	char *name;       /* the fake's texts, which it owns */
	char *imitates, *site, *why;
	char *addresses[SUMMARY_ADDRESSES_MAX];
	char *examples[SUMMARY_EXAMPLES_MAX];
	time_t added; /* date of the event that was added last */
	UT_hash_handle hh;
};

struct day_entry {
	time_t date;
	uint64_t fakes;
	UT_hash_handle hh;
};

struct event_summary {
	struct fake_entry *fakes;
	struct day_entry *days;
	const struct fake **fakes_sorted;
	struct day *days_sorted;
	uint64_t shares[COVERAGE_PARTS]; /* added up */
	uint32_t covered_days;
};

struct event_summary *event_summary_new(void)
{
	return calloc(1, sizeof(struct event_summary));
}

static void free_fake(struct fake_entry *entry)
{
	free(entry->name);
	free(entry->imitates);
	free(entry->site);
	free(entry->why);
	for (size_t i = 0; i < entry->fake.address_count; i++) {
		free(entry->addresses[i]);
	}
	for (size_t i = 0; i < entry->fake.example_count; i++) {
		free(entry->examples[i]);
	}
	free(entry);
}

void event_summary_free(struct event_summary *summary)
{
	if (summary == NULL) {
		return;
	}
	struct fake_entry *fake = summary->fakes;
	struct day_entry *day = summary->days;
	HASH_CLEAR(hh, summary->fakes);
	HASH_CLEAR(hh, summary->days);
	while (fake != NULL) {
		struct fake_entry *next = fake->hh.next;
		free_fake(fake);
		fake = next;
	}
	while (day != NULL) {
		struct day_entry *next = day->hh.next;
		free(day);
		day = next;
	}
	free(summary->fakes_sorted);
	free(summary->days_sorted);
	free(summary);
}

static struct fake_entry *find_fake(struct event_summary *summary, const struct logged_event *event)
{
	struct fake_entry *entry = NULL;
	HASH_FIND_STR(summary->fakes, event->name, entry);
	if (entry != NULL || HASH_COUNT(summary->fakes) == SUMMARY_FAKES_MAX) {
		return entry;
	}
	entry = calloc(1, sizeof *entry);
	if (entry == NULL) {
		return NULL;
	}
	entry->name = strdup(event->name);
	if (entry->name == NULL) {
		free(entry);
		return NULL;
	}
	entry->fake.name = entry->name;
	entry->fake.first = event->date;
	HASH_ADD_KEYPTR(hh, summary->fakes, entry->name, strlen(entry->name), entry);
	if (entry->hh.tbl == NULL) {
		free_fake(entry);
		return NULL;
	}
	return entry;
}

static struct day_entry *find_day(struct event_summary *summary, time_t date)
{
	struct day_entry *entry = NULL;
	HASH_FIND(hh, summary->days, &date, sizeof date, entry);
	if (entry != NULL || HASH_COUNT(summary->days) == SUMMARY_DAYS_MAX) {
		return entry;
	}
	entry = calloc(1, sizeof *entry);
	if (entry == NULL) {
		return NULL;
	}
	entry->date = date;
	HASH_ADD(hh, summary->days, date, sizeof entry->date, entry);
	if (entry->hh.tbl == NULL) {
		free(entry);
		return NULL;
	}
	return entry;
}

static bool put_text(char **owned, const char **shown, const char *text)
{
	if (*owned != NULL && strcmp(*owned, text) == 0) {
		return true;
	}
	char *copy = strdup(text);
	if (copy == NULL) {
		return false;
	}
	free(*owned);
	*owned = copy;
	*shown = copy;
	return true;
}

/* Keeps a text in a list while there is room. \returns false when out of memory. */
static bool add_to_list(char **owned, const char **shown, size_t *count, size_t max,
			const char *text)
{
	for (size_t i = 0; i < *count; i++) {
		if (strcmp(shown[i], text) == 0) {
			return true;
		}
	}
	if (*count == max) {
		return true;
	}
	if (!put_text(&owned[*count], &shown[*count], text)) {
		return false;
	}
	(*count)++;
	return true;
}

static bool add_lists(struct fake_entry *entry, const struct logged_event *event)
{
	struct fake *fake = &entry->fake;
	bool added = true;
	for (size_t i = 0; added && i < event->address_count; i++) {
		added = add_to_list(entry->addresses, fake->addresses, &fake->address_count,
				    SUMMARY_ADDRESSES_MAX, event->addresses[i]);
	}
	for (size_t i = 0; added && i < event->example_count; i++) {
		added = add_to_list(entry->examples, fake->examples, &fake->example_count,
				    SUMMARY_EXAMPLES_MAX, event->examples[i]);
	}
	return added;
}

/* What a fake is, as the latest day has it. */
static bool put_judgement(struct fake_entry *entry, const struct logged_event *event)
{
	struct fake *fake = &entry->fake;
	if (fake->imitates != NULL && event->date < fake->last) {
		return true;
	}
	fake->last = event->date;
	fake->technique = event->technique;
	fake->confidence = event->confidence;
	fake->action = event->action;
	return put_text(&entry->imitates, &fake->imitates, event->imitates) &&
	       put_text(&entry->site, &fake->site, event->site) &&
	       put_text(&entry->why, &fake->why, event->why);
}

bool event_summary_add(struct event_summary *summary, const struct logged_event *event)
{
	struct fake_entry *entry = find_fake(summary, event);
	struct day_entry *day = entry == NULL ? NULL : find_day(summary, event->date);
	if (day == NULL || !put_judgement(entry, event) || !add_lists(entry, event)) {
		return false;
	}
	struct fake *fake = &entry->fake;
	if (fake->days == 0 || entry->added != event->date) {
		entry->added = event->date;
		fake->days++;
		day->fakes++;
	}
	fake->count += event->count;
	fake->via_web = fake->via_web || event->via != VIA_DNS;
	if (event->date < fake->first) {
		fake->first = event->date;
	}
	if (event->devices > fake->devices) {
		fake->devices = event->devices;
	}
	return true;
}

void event_summary_cover(struct event_summary *summary, const struct logged_coverage *coverage)
{
	for (unsigned i = 0; i < COVERAGE_PARTS; i++) {
		summary->shares[i] += coverage->shares[i];
	}
	summary->covered_days++;
}

uint32_t event_summary_coverage(const struct event_summary *summary, double shares[COVERAGE_PARTS])
{
	for (unsigned i = 0; i < COVERAGE_PARTS && summary->covered_days > 0; i++) {
		shares[i] = (double)summary->shares[i] / summary->covered_days;
	}
	return summary->covered_days;
}

static int compare_fakes(const void *a, const void *b)
{
	const struct fake *first = *(const struct fake *const *)a;
	const struct fake *second = *(const struct fake *const *)b;
	if (first->days != second->days) {
		return first->days > second->days ? -1 : 1;
	}
	if (first->devices != second->devices) {
		return first->devices > second->devices ? -1 : 1;
	}
	return strcmp(first->name, second->name);
}

const struct fake *const *event_summary_fakes(struct event_summary *summary, size_t *count)
{
	size_t i = 0;
	*count = 0;
	free(summary->fakes_sorted);
	summary->fakes_sorted = calloc(HASH_COUNT(summary->fakes) + 1, sizeof(const struct fake *));
	if (summary->fakes_sorted == NULL) {
		return NULL;
	}
	for (struct fake_entry *entry = summary->fakes; entry != NULL; entry = entry->hh.next) {
		/* One whose first event could not be taken whole says nothing. */
		if (entry->fake.days > 0) {
			summary->fakes_sorted[i++] = &entry->fake;
		}
	}
	*count = i;
	qsort(summary->fakes_sorted, i, sizeof(const struct fake *), compare_fakes);
	return summary->fakes_sorted;
}

static int compare_days(const void *a, const void *b)
{
	const struct day *first = a;
	const struct day *second = b;
	return (first->date > second->date) - (first->date < second->date);
}

const struct day *event_summary_days(struct event_summary *summary, size_t *count)
{
	size_t i = 0;
	*count = 0;
	free(summary->days_sorted);
	summary->days_sorted = calloc(HASH_COUNT(summary->days) + 1, sizeof *summary->days_sorted);
	if (summary->days_sorted == NULL) {
		return NULL;
	}
	for (struct day_entry *entry = summary->days; entry != NULL; entry = entry->hh.next) {
		summary->days_sorted[i++] =
		    (struct day){.date = entry->date, .fakes = entry->fakes};
	}
	*count = i;
	qsort(summary->days_sorted, i, sizeof *summary->days_sorted, compare_days);
	return summary->days_sorted;
}
