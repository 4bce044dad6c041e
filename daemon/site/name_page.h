/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page about one name, in Vietnamese and English: whether and why it is warned of, what the
 * real site is, whom to ask, and how to go on. And the same as JSON, for help desks. Pure; nothing
 * of the device that asks is in either.
 */
#ifndef DAEMON_SITE_NAME_PAGE_H
#define DAEMON_SITE_NAME_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "policy/finding.h"

struct name_page {
	const char *name;              /* as url_host() writes it */
	const struct finding *finding; /* NULL: nothing is said of the name */
	const char *contact;           /* whom to ask; NULL or "": that paragraph is left out */
	const char *token;             /* the form's; NULL: no way on is offered */
	bool confirm;                  /* asked for the second time, at block */
	bool stale;                    /* what was pressed came from too old a page */
	bool granted;                  /* this device went on already */
};

/* Errors are left in `out` for ferror(). */
void name_page_write(FILE *out, const struct name_page *page);

/* A NUL-terminated JSON object, to free(); NULL when out of memory. */
char *name_json(const struct name_page *page);

#endif
