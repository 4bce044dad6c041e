/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far a replay has come: one line on standard error, if that is a terminal.
 */
#ifndef DAEMON_COMMAND_PROGRESS_H
#define DAEMON_COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool enabled;
	bool shown; /* the line stands on the terminal now */
	uint64_t started_us;
	uint64_t updated_us;
};

void progress_start(struct progress *progress);

/* Shows the line again, at most five times a second. total is 0 when not known. */
void progress_update(struct progress *progress, uint64_t packets, uint64_t done, uint64_t total);

/* Takes the line away, before something else is written. */
void progress_clear(struct progress *progress);

#endif
