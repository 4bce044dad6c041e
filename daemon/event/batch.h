/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The lines of one batch, put in an order that says nothing of when or in what order the fakes were
 * seen. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_BATCH_H
#define DAEMON_EVENT_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/event/event_table.h"
#include "daemon/event/log_file.h"

/*
 * Octets that the events of few devices may have in one batch, so that who invents names does not
 * fill the disk. Which of them are written is drawn by lot. Those of EVENT_DEVICES_MANY devices and
 * more are always written.
 */
#define BATCH_FEW_OCTETS_MAX 57344

struct batch {
	struct batch_line *lines;
	size_t count;
	size_t room;
	uint64_t left_out; /* sightings of events that are not written */
	uint64_t lost;     /* events whose line could not be made or written */
};

/* Adds an event's line; zero-initialise the batch first. Without memory it is counted as lost. */
void batch_add(struct batch *batch, const struct event *event);

/* Writes the lines, in order of their names, and frees them. \returns how many were written. */
uint64_t batch_write(struct batch *batch, struct log_file *file);

#endif
