/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an event is written in the log. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_EVENT_TEXT_H
#define DAEMON_EVENT_EVENT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/event/coverage.h"
#include "daemon/event/event_table.h"

#define EVENT_DATE_SIZE 16

/* Writes a day (batch_clock_day()) as "2026-11-23"; "?" for one that has no date. */
void event_date(int64_t day, char out[EVENT_DATE_SIZE]);

/*
 * Makes the line of an event, with its newline (docs/events.md).
 *
 * \param len  gets its length.
 * \returns NULL without memory; the caller frees it with free().
 */
char *event_line(const struct event *event, size_t *len);

/* Likewise the line that says by which ways names were read on a day, in per cent. */
char *coverage_line(int64_t day, const unsigned shares[COVERAGE_PARTS], size_t *len);

#endif
