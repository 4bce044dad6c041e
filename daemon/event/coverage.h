/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many flows of devices show to the gateway which names they ask for, by which way, and what
 * hides them. Counts only.
 */
#ifndef DAEMON_EVENT_COVERAGE_H
#define DAEMON_EVENT_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "dpi/inspector.h"
#include "dpi/observation.h"

/* Flows read by each `enum via`, then those of each `enum hidden`. */
#define COVERAGE_HIDDEN VIA_COUNT
#define COVERAGE_PARTS (VIA_COUNT + HIDDEN_COUNT)

struct coverage {
	uint64_t parts[COVERAGE_PARTS];
};

/* Fewer on a day say nothing of the office, and too much of the day. */
#define COVERAGE_LEAST 1000

/* "dns", "http", "tls", "quic", "doh", "dot", "vpn", "nameless". */
const char *coverage_text(unsigned part);

/*
 * Makes whole per cents of what was counted since `before`.
 *
 * \returns false when that is less than COVERAGE_LEAST.
 */
bool coverage_shares(const struct coverage *now, const struct coverage *before,
		     unsigned shares[COVERAGE_PARTS]);

#endif
