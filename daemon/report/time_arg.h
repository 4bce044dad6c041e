/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moments as a report shows them and as a person gives them, in UTC.
 */
#ifndef DAEMON_REPORT_TIME_ARG_H
#define DAEMON_REPORT_TIME_ARG_H

#include <stdbool.h>
#include <time.h>

#define MOMENT_SIZE 32

/* "2026-11-23 22:00" */
void time_arg_text(time_t moment, char out[MOMENT_SIZE]);

/*
 * Reads "2026-11-23", "2026-11-23T22" or, so long before now, "36h", "7d", "4w".
 * \returns false when it is none of these.
 */
bool time_arg_read(const char *text, time_t now, time_t *out);

#endif
