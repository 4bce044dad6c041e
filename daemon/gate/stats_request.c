/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/gate/stats_request.h"

#include <errno.h>

void stats_request_init(struct stats_request *snapshot)
{
	*snapshot = (struct stats_request){0};
	pthread_mutex_init(&snapshot->lock, NULL);
	pthread_cond_init(&snapshot->given, NULL);
}

void stats_request_destroy(struct stats_request *snapshot)
{
	pthread_cond_destroy(&snapshot->given);
	pthread_mutex_destroy(&snapshot->lock);
}

void stats_request_ask(struct stats_request *snapshot)
{
	atomic_fetch_add_explicit(&snapshot->asked, 1, memory_order_release);
}

bool stats_request_read(struct stats_request *snapshot, const struct timespec *until,
			struct worker_stats *out)
{
	const uint32_t asked = atomic_load_explicit(&snapshot->asked, memory_order_relaxed);
	int result = 0;
	pthread_mutex_lock(&snapshot->lock);
	while (snapshot->answered != asked && result != ETIMEDOUT) {
		result = pthread_cond_clockwait(&snapshot->given, &snapshot->lock, CLOCK_MONOTONIC,
						until);
	}
	const bool in_time = snapshot->answered == asked;
	*out = snapshot->stats;
	pthread_mutex_unlock(&snapshot->lock);
	return in_time;
}

bool stats_request_wanted(const struct stats_request *snapshot)
{
	/* Only the worker writes `answered`, so it may read it without the lock. */
	return atomic_load_explicit(&snapshot->asked, memory_order_acquire) != snapshot->answered;
}

void stats_request_give(struct stats_request *snapshot, const struct worker_stats *stats)
{
	pthread_mutex_lock(&snapshot->lock);
	snapshot->stats = *stats;
	snapshot->answered = atomic_load_explicit(&snapshot->asked, memory_order_relaxed);
	pthread_cond_signal(&snapshot->given);
	pthread_mutex_unlock(&snapshot->lock);
}
