/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page at /: ask about a name, what is protected, what is excepted, who signed, what is seen.
 */
#ifndef DAEMON_SITE_HOME_PAGE_H
#define DAEMON_SITE_HOME_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include "policy/policy.h"

/* Sites, and exceptions of each kind, on one page. */
#define HOME_PAGE_ROWS 100

struct home_page {
	const struct policy *policy;
	time_t loaded;   /* when it came into force */
	bool canary;     /* dns.canary of truegate.conf(5) */
	bool not_a_name; /* what was typed cannot be asked about */
	size_t from;     /* the first row to list */
};

/* Errors are left in `out` for ferror(). */
void home_page_write(FILE *out, const struct home_page *page);

#endif
