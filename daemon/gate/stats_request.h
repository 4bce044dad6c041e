/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker's counters, for another thread to read while the worker runs. The reader asks, the
 * worker gives a copy between two batches: until it is asked a worker pays one atomic load a batch,
 * and its counters stay plain numbers of its own.
 *
 * One thread reads, one gives.
 */
#ifndef DAEMON_GATE_STATS_REQUEST_H
#define DAEMON_GATE_STATS_REQUEST_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "daemon/gate/worker_stats.h"

/* Its fields are snapshot.c's. */
struct stats_request {
	_Atomic uint32_t asked; /* times that the reader asked; wraps */
	pthread_mutex_t lock;   /* of what follows */
	pthread_cond_t given;
	uint32_t answered; /* value of `asked` that `stats` answers */
	struct worker_stats stats;
};

void stats_request_init(struct stats_request *snapshot);

/* Neither thread may use it any more. */
void stats_request_destroy(struct stats_request *snapshot);

/* The reader: asks. It then wakes the worker, by means that are its own. */
void stats_request_ask(struct stats_request *snapshot);

/*
 * The reader: waits for the answer to its latest question.
 *
 * \param until  CLOCK_MONOTONIC; not later than then it returns.
 * \param out    gets the counters given last, all 0 when none ever were.
 * \returns whether these are the answer; false when the worker did not give one in time.
 */
bool stats_request_read(struct stats_request *snapshot, const struct timespec *until,
			struct worker_stats *out);

/* The worker: whether there is a question that it did not answer yet. */
bool stats_request_wanted(const struct stats_request *snapshot);

/* The worker: answers. */
void stats_request_give(struct stats_request *snapshot, const struct worker_stats *stats);

#endif
