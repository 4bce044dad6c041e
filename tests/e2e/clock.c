/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The clock of truegate-clock, which is truegate but for this: the end-to-end tests cannot wait for
 * the end of the day. It is ahead by as many seconds as the file says that TRUEGATE_CLOCK names.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "daemon/event/batch_clock.h"

static uint64_t ahead_s(void)
{
	const char *path = getenv("TRUEGATE_CLOCK");
	char text[32] = "";
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		(void)!read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	return strtoull(text, NULL, 10);
}

struct batch_time batch_time_now(void)
{
	struct timespec elapsed;
	const uint64_t ahead = ahead_s();

	clock_gettime(CLOCK_BOOTTIME, &elapsed);
	return (struct batch_time){.real_s = (uint64_t)time(NULL) + ahead,
				   .elapsed_s = (uint64_t)elapsed.tv_sec + ahead};
}
