/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/time_arg.h"

#include <stdlib.h>
#include <string.h>

/* Longest time back, in hours: a hundred years. */
#define HOURS_MAX (100UL * 366 * 24)

void time_arg_text(time_t moment, char out[MOMENT_SIZE])
{
	struct tm parts;
	if (gmtime_r(&moment, &parts) == NULL ||
	    strftime(out, MOMENT_SIZE, "%Y-%m-%d %H:%M", &parts) == 0) {
		memcpy(out, "?", 2);
	}
}

static bool read_date(const char *text, const char *format, size_t len, time_t *out)
{
	struct tm parts = {0};
	const char *end = strlen(text) == len ? strptime(text, format, &parts) : NULL;
	if (end == NULL || *end != '\0') {
		return false;
	}
	const int day = parts.tm_mday; /* 31 February would become 3 March */
	*out = timegm(&parts);
	return *out >= 0 && parts.tm_mday == day;
}

static bool read_span(const char *text, time_t now, time_t *out)
{
	char *unit = NULL;
	if (*text < '0' || *text > '9') {
		return false;
	}
	const unsigned long number = strtoul(text, &unit, 10);
	const unsigned long hours = strcmp(unit, "h") == 0   ? 1
				    : strcmp(unit, "d") == 0 ? 24
				    : strcmp(unit, "w") == 0 ? 7 * 24
							     : 0;
	if (hours == 0 || number > HOURS_MAX / hours) {
		return false;
	}
	*out = now - (time_t)(number * hours * 3600);
	return true;
}

bool time_arg_read(const char *text, time_t now, time_t *out)
{
	return read_date(text, "%Y-%m-%d", strlen("2026-11-23"), out) ||
	       read_date(text, "%Y-%m-%dT%H", strlen("2026-11-23T22"), out) ||
	       read_span(text, now, out);
}
