/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much of what devices ask for shows its name to the gateway, and by which way. Counts only.
 */
#ifndef DAEMON_EVENT_COVERAGE_H
#define DAEMON_EVENT_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "dpi/observation.h"

/* Names read by each `enum via`, then what hides its name. */
#define COVERAGE_HIDDEN VIA_COUNT
#define COVERAGE_PARTS (VIA_COUNT + 1)

struct coverage {
	uint64_t parts[COVERAGE_PARTS];
};

/* Fewer on a day say nothing of the office, and too much of the day. */
#define COVERAGE_LEAST 1000

/* "dns", "http", "tls", "quic", "hidden". */
const char *coverage_text(unsigned part);

/*
 * Makes whole per cents of what was counted since `before`.
 *
 * \returns false when that is less than COVERAGE_LEAST.
 */
bool coverage_shares(const struct coverage *now, const struct coverage *before,
		     unsigned shares[COVERAGE_PARTS]);

#endif
