/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an event is written: the line of the log, and the notice to whoever reads the journal.
 * Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_EVENT_TEXT_H
#define DAEMON_EVENT_EVENT_TEXT_H

#include <stddef.h>

#include "daemon/event/hour_table.h"

/*
 * Makes the line of an event, with its newline (docs/events.md).
 *
 * \param len  gets its length.
 * \returns NULL when memory is short; the caller frees it with free().
 */
char *event_line(const struct event *event, size_t *len);

#define EVENT_NOTICE_SIZE 2048

/* Writes the notice of event_notice_fn (event_log.h). */
void event_notice(const struct fake_sighting *sighting, char out[EVENT_NOTICE_SIZE]);

#endif
