/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counters of a whole run, added up over the workers. Never a name, never an address.
 */
#ifndef DAEMON_SERVICE_FINAL_STATS_H
#define DAEMON_SERVICE_FINAL_STATS_H

#include <stdint.h>
#include <stdio.h>

#include "daemon/gate/worker_stats.h"

/* Zero-initialise it. */
struct summary {
	struct worker_stats total;
	uint64_t sent; /* packets sent in a server's place */
	uint64_t send_failures;
};

void final_stats_add_worker(struct summary *summary, const struct worker_stats *stats);

/* Writes a few lines for a person, each begun with "truegate: ". */
void final_stats_print(const struct summary *summary, FILE *out);

#endif
