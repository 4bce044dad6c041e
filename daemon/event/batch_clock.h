/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the event log is written: at 00:00, 06:00, 12:00 and 18:00 of the gateway's time zone, and
 * never within an hour of the daemon's start or of the batch before, whatever happens to the clock.
 * So neither a restart nor a clock that is set makes a line's or the file's time tell of a visit.
 * Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_BATCH_CLOCK_H
#define DAEMON_EVENT_BATCH_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define BATCHES_A_DAY 4
#define BATCH_INTERVAL_MIN_S 3600

struct batch_time {
	uint64_t real_s;    /* CLOCK_REALTIME */
	uint64_t elapsed_s; /* CLOCK_BOOTTIME: cannot be set */
};

struct batch_clock {
	int64_t slot;       /* number of the quarter day of the last batch, or of the start */
	uint64_t elapsed_s; /* of the last batch, or of the start */
};

/* What time it is. */
struct batch_time batch_time_now(void);

/* Days since 1970-01-01 of this moment in the local time zone (tzset(3)). */
int64_t batch_clock_day(uint64_t real_s);

void batch_clock_start(struct batch_clock *clock, const struct batch_time *now);

/* Whether a batch is due. After true the next one is at least BATCH_INTERVAL_MIN_S away. */
bool batch_clock_due(struct batch_clock *clock, const struct batch_time *now);

#endif
