/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In a file of its own, so that a test's program can have another clock. */
#include <time.h>

#include "daemon/event/batch_clock.h"

struct batch_time batch_time_now(void)
{
	struct timespec elapsed;

	clock_gettime(CLOCK_BOOTTIME, &elapsed);
	return (struct batch_time){.real_s = (uint64_t)time(NULL),
				   .elapsed_s = (uint64_t)elapsed.tv_sec};
}
