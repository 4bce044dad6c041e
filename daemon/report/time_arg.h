/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dates as a report shows them and as a person gives them. A date is a time_t: its 00:00, as if in
 * UTC.
 */
#ifndef DAEMON_REPORT_TIME_ARG_H
#define DAEMON_REPORT_TIME_ARG_H

#include <stdbool.h>
#include <time.h>

#define SECONDS_A_DAY 86400

#define DATE_TEXT_SIZE 32

/* "2026-11-23" */
void date_text(time_t date, char out[DATE_TEXT_SIZE]);

/* The date of a moment in the local time zone. */
time_t date_of(time_t moment);

/*
 * Reads "2026-11-23" or, so long before today, "7d", "4w".
 * \returns false when it is neither.
 */
bool time_arg_read(const char *text, time_t today, time_t *out);

#endif
