/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/event_summary.h"

#include <stdlib.h>
#include <string.h>

/* uthash is told what to do when memory is short, instead of ending the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct fake_entry {
	struct fake fake; /* first: event_summary_fakes() hands out pointers to it */
	char *name;       /* the fake's texts, which it owns */
	char *imitates, *site, *why;
	char *addresses[LEDGER_ADDRESSES_MAX];
	UT_hash_handle hh;
};

struct hour_entry {
	time_t begin;
	uint64_t count;
	UT_hash_handle hh;
};

struct event_summary {
	struct fake_entry *fakes;
	struct hour_entry *hours;
	const struct fake **fakes_sorted;
	struct hour *hours_sorted;
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
	free(entry);
}

void event_summary_free(struct event_summary *summary)
{
	if (summary == NULL) {
		return;
	}
	struct fake_entry *fake = summary->fakes;
	struct hour_entry *hour = summary->hours;
	HASH_CLEAR(hh, summary->fakes);
	HASH_CLEAR(hh, summary->hours);
	while (fake != NULL) {
		struct fake_entry *next = fake->hh.next;
		free_fake(fake);
		fake = next;
	}
	while (hour != NULL) {
		struct hour_entry *next = hour->hh.next;
		free(hour);
		hour = next;
	}
	free(summary->fakes_sorted);
	free(summary->hours_sorted);
	free(summary);
}

static struct fake_entry *find_fake(struct event_summary *summary, const struct logged_event *event)
{
	struct fake_entry *entry = NULL;
	HASH_FIND_STR(summary->fakes, event->name, entry);
	if (entry != NULL || HASH_COUNT(summary->fakes) == LEDGER_FAKES_MAX) {
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
	entry->fake.first = event->hour;
	HASH_ADD_KEYPTR(hh, summary->fakes, entry->name, strlen(entry->name), entry);
	if (entry->hh.tbl == NULL) {
		free_fake(entry);
		return NULL;
	}
	return entry;
}

static struct hour_entry *find_hour(struct event_summary *summary, time_t begin)
{
	struct hour_entry *entry = NULL;
	HASH_FIND(hh, summary->hours, &begin, sizeof begin, entry);
	if (entry != NULL || HASH_COUNT(summary->hours) == LEDGER_HOURS_MAX) {
		return entry;
	}
	entry = calloc(1, sizeof *entry);
	if (entry == NULL) {
		return NULL;
	}
	entry->begin = begin;
	HASH_ADD(hh, summary->hours, begin, sizeof entry->begin, entry);
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

/* Keeps an address while there is room. \returns false when memory is short. */
static bool add_address(struct fake_entry *entry, const char *address)
{
	struct fake *fake = &entry->fake;
	for (size_t i = 0; i < fake->address_count; i++) {
		if (strcmp(fake->addresses[i], address) == 0) {
			return true;
		}
	}
	if (fake->address_count == LEDGER_ADDRESSES_MAX) {
		return true;
	}
	if (!put_text(&entry->addresses[fake->address_count], &fake->addresses[fake->address_count],
		      address)) {
		return false;
	}
	fake->address_count++;
	return true;
}

static bool add_addresses(struct fake_entry *entry, const struct logged_event *event)
{
	bool added = true;
	for (size_t i = 0; added && i < event->address_count; i++) {
		added = add_address(entry, event->addresses[i]);
	}
	return added;
}

/* What a fake is, as the latest hour has it. */
static bool put_judgement(struct fake_entry *entry, const struct logged_event *event)
{
	struct fake *fake = &entry->fake;
	if (fake->imitates != NULL && event->hour < fake->last) {
		return true;
	}
	fake->last = event->hour;
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
	struct hour_entry *hour = entry == NULL ? NULL : find_hour(summary, event->hour);
	if (hour == NULL || !put_judgement(entry, event) || !add_addresses(entry, event)) {
		return false;
	}
	struct fake *fake = &entry->fake;
	hour->count += event->count;
	fake->count += event->count;
	fake->via_http = fake->via_http || event->via_http;
	if (event->hour < fake->first) {
		fake->first = event->hour;
	}
	if (event->devices > fake->devices) {
		fake->devices = event->devices;
	}
	return true;
}

static int compare_fakes(const void *a, const void *b)
{
	const struct fake *first = *(const struct fake *const *)a;
	const struct fake *second = *(const struct fake *const *)b;
	if (first->count != second->count) {
		return first->count > second->count ? -1 : 1;
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
		if (entry->fake.count > 0) {
			summary->fakes_sorted[i++] = &entry->fake;
		}
	}
	*count = i;
	qsort(summary->fakes_sorted, i, sizeof(const struct fake *), compare_fakes);
	return summary->fakes_sorted;
}

static int compare_hours(const void *a, const void *b)
{
	const struct hour *first = a;
	const struct hour *second = b;
	return (first->begin > second->begin) - (first->begin < second->begin);
}

const struct hour *event_summary_hours(struct event_summary *summary, size_t *count)
{
	size_t i = 0;
	*count = 0;
	free(summary->hours_sorted);
	summary->hours_sorted =
	    calloc(HASH_COUNT(summary->hours) + 1, sizeof *summary->hours_sorted);
	if (summary->hours_sorted == NULL) {
		return NULL;
	}
	for (struct hour_entry *entry = summary->hours; entry != NULL; entry = entry->hh.next) {
		summary->hours_sorted[i++] =
		    (struct hour){.begin = entry->begin, .count = entry->count};
	}
	*count = i;
	qsort(summary->hours_sorted, i, sizeof *summary->hours_sorted, compare_hours);
	return summary->hours_sorted;
}
