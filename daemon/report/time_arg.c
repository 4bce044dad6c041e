/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/time_arg.h"

#include <stdlib.h>
#include <string.h>

/* Longest time back, in days: a hundred years. */
#define DAYS_MAX (100UL * 366)

void date_text(time_t date, char out[DATE_TEXT_SIZE])
{
	struct tm parts;
	if (gmtime_r(&date, &parts) == NULL ||
	    strftime(out, DATE_TEXT_SIZE, "%Y-%m-%d", &parts) == 0) {
		memcpy(out, "?", 2);
	}
}

time_t date_of(time_t moment)
{
	struct tm parts;
	if (localtime_r(&moment, &parts) == NULL) {
		return moment - moment % SECONDS_A_DAY;
	}
	parts.tm_hour = parts.tm_min = parts.tm_sec = 0;
	return timegm(&parts);
}

static bool read_date(const char *text, time_t *out)
{
	struct tm parts = {0};
	const char *end =
	    strlen(text) == strlen("2026-11-23") ? strptime(text, "%Y-%m-%d", &parts) : NULL;
	if (end == NULL || *end != '\0') {
		return false;
	}
	const int day = parts.tm_mday; /* 31 February would become 3 March */
	*out = timegm(&parts);
	return *out >= 0 && parts.tm_mday == day;
}

static bool read_span(const char *text, time_t today, time_t *out)
{
	char *unit = NULL;
	if (*text < '0' || *text > '9') {
		return false;
	}
	const unsigned long number = strtoul(text, &unit, 10);
	const unsigned long days = strcmp(unit, "d") == 0 ? 1 : strcmp(unit, "w") == 0 ? 7 : 0;
	if (days == 0 || number > DAYS_MAX / days) {
		return false;
	}
	*out = today - (time_t)(number * days * SECONDS_A_DAY);
	return true;
}

bool time_arg_read(const char *text, time_t today, time_t *out)
{
	return read_date(text, out) || read_span(text, today, out);
}
