/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/batch_clock.h"

#include <time.h>

#define SECONDS_A_DAY 86400

/* Local time as if it were UTC, in seconds since 1970. */
static int64_t local_s(uint64_t real_s)
{
	time_t moment = (time_t)real_s;
	struct tm parts;

	if (localtime_r(&moment, &parts) == NULL) {
		return (int64_t)real_s;
	}
	return timegm(&parts);
}

static int64_t slot_of(uint64_t real_s)
{
	return local_s(real_s) / (SECONDS_A_DAY / BATCHES_A_DAY);
}

int64_t batch_clock_day(uint64_t real_s)
{
	return local_s(real_s) / SECONDS_A_DAY;
}

void batch_clock_start(struct batch_clock *clock, const struct batch_time *now)
{
	clock->slot = slot_of(now->real_s);
	clock->elapsed_s = now->elapsed_s;
}

bool batch_clock_due(struct batch_clock *clock, const struct batch_time *now)
{
	if (slot_of(now->real_s) == clock->slot ||
	    now->elapsed_s - clock->elapsed_s < BATCH_INTERVAL_MIN_S) {
		return false;
	}
	batch_clock_start(clock, now);
	return true;
}
