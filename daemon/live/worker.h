/*
 * One queue and the thread that decides on its packets. All functions are for the thread that made
 * the worker.
 */
#ifndef DAEMON_LIVE_WORKER_H
#define DAEMON_LIVE_WORKER_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/live/gate.h"
#include "daemon/live/queue.h"

struct worker;

struct worker_config {
	struct gate_config gate;
	uint16_t queue;          /* number of the netfilter queue */
	uint32_t receive_octets; /* see queue_open() */
	uint32_t released_mark;  /* one bit */
	const struct policy *policy;
	struct judge *judge;
};

struct worker_stats {
	struct queue_stats queue;
	struct gate_stats gate;
	struct inspector_stats inspector;
	struct takeover_stats takeover;
};

/*
 * Binds the queue and starts the thread, with all signals blocked.
 *
 * \param error  on failure gets a sentence that says what is wrong and what to do.
 * \returns NULL on failure; nothing is left behind. End it with worker_stop().
 */
struct worker *worker_start(const struct worker_config *config, char *error, size_t error_size);

/*
 * Has the thread judge by another policy from its next batch of packets on; returns once it does,
 * so that the former policy and judge may be freed.
 */
void worker_rule(struct worker *worker, const struct policy *policy, struct judge *judge);

/*
 * Decides on what waits, lets later packets pass, ends the thread and frees the worker. No packet
 * is lost.
 *
 * \param stats  gets the final counters.
 */
void worker_stop(struct worker *worker, struct worker_stats *stats);

#endif
