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

struct ledger;

/* \returns NULL when memory is short. Free with ledger_free(). */
struct ledger *ledger_new(void);
void ledger_free(struct ledger *ledger);

/* Adds an event. \returns false when memory is short or the ledger is full: it is left out. */
bool ledger_add(struct ledger *ledger, const struct event *event);

/* The fakes, those seen most first, of equal ones in order of their names. Sorted by this call;
 * valid until the next ledger_add(). */
const struct fake *const *ledger_fakes(struct ledger *ledger, size_t *count);

/* The hours in which anything was seen, in order; likewise. */
const struct hour *ledger_hours(struct ledger *ledger, size_t *count);

#endif
