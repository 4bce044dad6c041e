/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `truegate status`: what is wrong, and all of it as text or JSON.
 */
#ifndef DAEMON_STATUS_STATUS_REPORT_H
#define DAEMON_STATUS_STATUS_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "daemon/status/gateway.h"

enum health {
	HEALTH_GOOD,
	HEALTH_DEGRADED, /* it runs, and something needs a look */
	HEALTH_DOWN,     /* it does not run */
};

/* Numbers of the daemon older than this mean that it hangs. */
#define STATE_AGE_MAX_S 60

#define PROBLEMS_MAX 12
#define PROBLEM_SIZE 512

struct problems {
	char texts[PROBLEMS_MAX][PROBLEM_SIZE]; /* each says what is wrong and what to do */
	size_t count;
};

enum health status_judge(const struct gateway *gateway, struct problems *out);

void status_text(const struct gateway *gateway, enum health health, const struct problems *problems,
		 FILE *out);

/* \returns false when out of memory. */
bool status_json(const struct gateway *gateway, enum health health, const struct problems *problems,
		 FILE *out);

/* "fine", "degraded", "not running" */
const char *health_text(enum health health);

#endif
