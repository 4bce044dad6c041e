/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holds the numbers that a fake changes for a minute, so that whoever asks for metrics again and
 * again does not learn when a fake was seen: two different values are at least a minute apart.
 */
#ifndef DAEMON_METRICS_MINUTE_H
#define DAEMON_METRICS_MINUTE_H

#include <stdint.h>

#include "daemon/metrics/metrics.h"

#define MINUTE_S 60

/* Zero-initialise, but for begun_s. */
struct minute {
	uint64_t begun_s; /* when the daemon started, then when the numbers were taken */
	struct metrics held;
};

/*
 * Puts the numbers held in the place of those that findings, answers and events change; takes new
 * ones when MINUTE_S are over since the last were taken, or since the start.
 *
 * \param elapsed_s  CLOCK_BOOTTIME, seconds.
 */
void minute_hold(struct minute *minute, struct metrics *metrics, uint64_t elapsed_s);

#endif
