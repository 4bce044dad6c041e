/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define US_PER_S 1000000U
#define UPDATE_US 200000U

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * US_PER_S + (uint64_t)now.tv_nsec / 1000;
}

void progress_start(struct progress *progress)
{
	*progress = (struct progress){.enabled = isatty(STDERR_FILENO) == 1};
	if (progress->enabled) {
		progress->started_us = progress->updated_us = now_us();
	}
}

void progress_update(struct progress *progress, uint64_t packets, uint64_t done, uint64_t total)
{
	if (!progress->enabled) {
		return;
	}
	uint64_t now = now_us();
	if (now - progress->updated_us < UPDATE_US) {
		return;
	}

	uint64_t rate = packets * US_PER_S / (now - progress->started_us);
	if (total > 0) {
		fprintf(stderr, "\r\x1b[K%3" PRIu64 " %%  ", done * 100 / total);
	} else {
		fputs("\r\x1b[K", stderr);
	}
	fprintf(stderr, "%" PRIu64 " packets, %" PRIu64 " a second", packets, rate);
	progress->updated_us = now;
	progress->shown = true;
}

void progress_clear(struct progress *progress)
{
	if (progress->shown) {
		fputs("\r\x1b[K", stderr);
	}
	progress->shown = false;
}
