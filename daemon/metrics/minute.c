/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/metrics/minute.h"

#include <string.h>

/* All that a worker's gate and responder count, but for the names read, and what follows of it. */
static void copy(struct metrics *to, const struct metrics *from)
{
	uint64_t observations[VIA_COUNT];

	_Static_assert(sizeof(observations) == sizeof(to->workers.gate.observations),
		       "one counter for each way");
	memcpy(observations, to->workers.gate.observations, sizeof(observations));
	to->workers.gate = from->workers.gate;
	memcpy(to->workers.gate.observations, observations, sizeof(observations));
	to->workers.responder = from->workers.responder;
	to->events = from->events;
	to->sent = from->sent;
	to->send_failures = from->send_failures;
}

void minute_hold(struct minute *minute, struct metrics *metrics, uint64_t elapsed_s)
{
	if (elapsed_s - minute->begun_s >= MINUTE_S) {
		minute->held = *metrics;
		minute->begun_s = elapsed_s;
	}
	copy(metrics, &minute->held);
}
