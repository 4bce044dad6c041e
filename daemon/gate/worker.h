/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One queue and the thread that decides on its packets. All functions are for the thread that made
 * the worker but worker_ask() and worker_read(), which are for one other.
 */
#ifndef DAEMON_GATE_WORKER_H
#define DAEMON_GATE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "daemon/gate/gate.h"
#include "daemon/gate/worker_stats.h"

struct worker;

struct worker_config {
	struct gate_config gate;
	uint16_t queue;          /* number of the netfilter queue */
	uint32_t receive_octets; /* see queue_open() */
	uint32_t released_mark;  /* one bit */
	const struct policy *policy;
	struct judge *judge;
};

/*
 * Binds the queue and starts the thread, with the signals of thread_signals.h held back.
 *
 * \param error  on failure gets a sentence that says what is wrong and what to do.
 * \returns NULL on failure; nothing is left behind. End it with worker_stop().
 */
struct worker *worker_start(const struct worker_config *config, char *error, size_t error_size);

/*
 * Has the thread judge by another policy from its next batch of packets on; returns once it does,
 * so that the former policy and judge may be freed.
 */
void worker_set_policy(struct worker *worker, const struct policy *policy, struct judge *judge);

/*
 * Asks for the worker's counters, which worker_read() then gets; so several workers can be asked
 * before the first is waited for. Neither may be running or follow once worker_stop() is called.
 */
void worker_ask(struct worker *worker);

/*
 * \param until  CLOCK_MONOTONIC; not later than then it returns.
 * \param stats  gets the counters.
 * \returns false when the worker did not answer in time: `stats` has what it said before.
 */
bool worker_read(struct worker *worker, const struct timespec *until, struct worker_stats *stats);

/*
 * Decides on what waits, lets later packets pass, ends the thread and frees the worker. No packet
 * is lost.
 *
 * \param stats  gets the final counters.
 */
void worker_stop(struct worker *worker, struct worker_stats *stats);

#endif
