/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fakes and their days by site and by technique.
 */
#ifndef DAEMON_REPORT_TOTALS_H
#define DAEMON_REPORT_TOTALS_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/report/event_summary.h"

struct total {
	const char *what; /* a site's name, or a technique */
	size_t fakes;
	uint64_t days; /* on which each of them was seen, added up */
};

/*
 * Adds up; those of most days first.
 *
 * \param count  gets how many there are.
 * \returns an array the caller frees, NULL without memory. Its texts are the fakes'.
 */
struct total *totals_by_site(const struct fake *const *fakes, size_t fake_count, size_t *count);
struct total *totals_by_technique(const struct fake *const *fakes, size_t fake_count,
				  size_t *count);

#endif
