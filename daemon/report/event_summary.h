/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the event log says, added up: by fake, and by hour.
 */
#ifndef DAEMON_REPORT_EVENT_SUMMARY_H
#define DAEMON_REPORT_EVENT_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "daemon/report/event_reader.h"

/* Fakes and hours kept; events of further ones are counted and left out. */
#define LEDGER_FAKES_MAX 20000
#define LEDGER_HOURS_MAX 50000

/* Addresses kept of a fake: those seen first. */
#define LEDGER_ADDRESSES_MAX 32

struct fake {
	const char *name, *imitates, *site, *why; /* of the latest hour */
	enum technique technique;
	enum confidence confidence;
	enum action action;
	bool via_http;
	time_t first, last; /* hours */
	uint64_t count;
	size_t devices; /* the largest band of an hour: a lower bound, for bands do not add up */
	const char *addresses[LEDGER_ADDRESSES_MAX];
	size_t address_count;
};

struct hour {
	time_t begin;
	uint64_t count;
};

struct event_summary;

/* \returns NULL when memory is short. Free with event_summary_free(). */
struct event_summary *event_summary_new(void);
void event_summary_free(struct event_summary *summary);

/* Adds an event. \returns false when memory is short or the event summary is full: it is left out.
 */
bool event_summary_add(struct event_summary *summary, const struct logged_event *event);

/* The fakes, those seen most first, of equal ones in order of their names. Sorted by this call;
 * valid until the next event_summary_add(). */
const struct fake *const *event_summary_fakes(struct event_summary *summary, size_t *count);

/* The hours in which anything was seen, in order; likewise. */
const struct hour *event_summary_hours(struct event_summary *summary, size_t *count);

#endif
