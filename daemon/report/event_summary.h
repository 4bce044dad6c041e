/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the event log says, added up: by fake, and by day.
 */
#ifndef DAEMON_REPORT_EVENT_SUMMARY_H
#define DAEMON_REPORT_EVENT_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "daemon/report/event_reader.h"

/* Fakes and days kept; events of further ones are counted and left out. */
#define SUMMARY_FAKES_MAX 20000
#define SUMMARY_DAYS_MAX 50000

/* Addresses and names under the registered one that are kept of a fake: those seen first. */
#define SUMMARY_ADDRESSES_MAX 32
#define SUMMARY_EXAMPLES_MAX 8

struct fake {
	const char *name, *imitates, *site, *why; /* of the latest day */
	enum technique technique;
	enum confidence confidence;
	enum action action;
	bool via_web;       /* it was asked for by more than DNS */
	time_t first, last; /* dates, as in struct logged_event */
	uint64_t days;      /* on which it was seen */
	uint64_t count;     /* sightings, of the days that have a count; 0: none has */
	size_t devices;     /* the largest band of a day: a lower bound, for bands do not add up */
	const char *addresses[SUMMARY_ADDRESSES_MAX];
	size_t address_count;
	const char *examples[SUMMARY_EXAMPLES_MAX];
	size_t example_count;
};

struct day {
	time_t date;
	uint64_t fakes; /* seen on it */
};

struct event_summary;

/* \returns NULL without memory. Free with event_summary_free(). */
struct event_summary *event_summary_new(void);
void event_summary_free(struct event_summary *summary);

/*
 * Adds an event. Events of one fake and day count as one day when they follow each other, as in a
 * log.
 *
 * \returns false when out of memory or the summary is full: it is left out.
 */
bool event_summary_add(struct event_summary *summary, const struct logged_event *event);

/* Adds a day's coverage. */
void event_summary_cover(struct event_summary *summary, const struct logged_coverage *coverage);

/* Its mean in per cent over the days that have one. \returns how many; for 0 there is none. */
uint32_t event_summary_coverage(const struct event_summary *summary, double shares[COVERAGE_PARTS]);

/* The fakes, those seen on most days first, of equal ones those of more devices, then in order of
 * their names. Sorted by this call; valid until the next event_summary_add(). */
const struct fake *const *event_summary_fakes(struct event_summary *summary, size_t *count);

/* The days on which anything was seen, in order; likewise. */
const struct day *event_summary_days(struct event_summary *summary, size_t *count);

#endif
