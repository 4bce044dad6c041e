/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of the event log (docs/events.md), read with suspicion: names come from the network, and a
 * log may be cut or edited.
 */
#ifndef DAEMON_REPORT_EVENT_READER_H
#define DAEMON_REPORT_EVENT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "daemon/event/coverage.h"
#include "dpi/observation.h"
#include "policy/finding.h"
#include "policy/limits.h"

/* Longest texts, with the NUL. */
#define EVENT_NAME_SIZE 1024
#define EVENT_TEXT_SIZE 256
#define EVENT_ADDRESS_SIZE 46 /* of IPv6 in text, INET6_ADDRSTRLEN */
#define EVENT_EXAMPLES 4

/* Bands of docs/events.md: "1-4", "5-9", "10+". */
#define EVENT_BANDS 3
extern const char *const event_bands[EVENT_BANDS];

struct logged_event {
	char name[EVENT_NAME_SIZE]; /* printable ASCII */
	char imitates[EVENT_TEXT_SIZE];
	char site[SITE_NAME_SIZE]; /* UTF-8, fit to show */
	char why[EVENT_TEXT_SIZE]; /* likewise */
	enum technique technique;
	enum confidence confidence;
	enum action action;
	enum via via;
	time_t date;    /* its 00:00, as if in UTC */
	uint64_t count; /* sightings; 0: too few to be told */
	size_t devices; /* number of a band */
	char addresses[EVENT_ADDRESSES_MAX][EVENT_ADDRESS_SIZE];
	size_t address_count;
	char examples[EVENT_EXAMPLES][EVENT_NAME_SIZE]; /* printable ASCII */
	size_t example_count;
};

/*
 * Reads one line.
 *
 * \param line  len octets, without line feed; need not end in NUL.
 * \returns false when it is not an event: not JSON, a key missing or of another type, a value out
 * of range. Unknown keys are skipped.
 */
bool event_read(const char *line, size_t len, struct logged_event *out);

/* By which ways names were read on a day, in per cent (daemon/event/coverage.h). */
struct logged_coverage {
	time_t date;
	unsigned shares[COVERAGE_PARTS];
};

/* Likewise a line of that kind. */
bool coverage_read(const char *line, size_t len, struct logged_coverage *out);

#endif
