/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that one worker counts. Counters only, so that they can be copied and added up. Never a
 * name, never an address.
 */
#ifndef DAEMON_GATE_WORKER_STATS_H
#define DAEMON_GATE_WORKER_STATS_H

#include <stdint.h>

#include "daemon/answer/responder.h"
#include "daemon/gate/gate.h"
#include "daemon/gate/latency.h"
#include "daemon/gate/queue.h"
#include "dpi/inspector.h"

struct worker_stats {
	struct queue_stats queue;
	struct gate_stats gate;
	struct inspector_stats inspector;
	struct responder_stats responder;
	struct latency latency;
};

_Static_assert(sizeof(struct worker_stats) % sizeof(uint64_t) == 0 &&
		   _Alignof(struct worker_stats) == _Alignof(uint64_t),
	       "counters only");

/* Adds each counter of `more` to that of `total`. */
void worker_stats_add(struct worker_stats *total, const struct worker_stats *more);

#endif
