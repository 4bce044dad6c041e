/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The histogram, and a worker's counters as another thread gets them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "daemon/gate/latency.h"
#include "daemon/gate/stats_request.h"

static void test_buckets(void **state)
{
	(void)state;
	struct latency latency = {0};
	latency_add(&latency, 0, 2);
	latency_add(&latency, latency_bounds_ns[0], 3);
	latency_add(&latency, latency_bounds_ns[0] + 1, 5);
	latency_add(&latency, latency_bounds_ns[LATENCY_BOUNDS - 1], 7);
	latency_add(&latency, latency_bounds_ns[LATENCY_BOUNDS - 1] + 1, 11);
	assert_int_equal(latency.packets[0], 5);
	assert_int_equal(latency.packets[1], 5);
	assert_int_equal(latency.packets[LATENCY_BOUNDS - 1], 7);
	assert_int_equal(latency.packets[LATENCY_BOUNDS], 11);
	assert_int_equal(latency.sum_ns, 3 * latency_bounds_ns[0] + 5 * (latency_bounds_ns[0] + 1) +
					     18 * latency_bounds_ns[LATENCY_BOUNDS - 1] + 11);
	for (size_t i = 1; i < LATENCY_BOUNDS; i++) {
		assert_true(latency_bounds_ns[i - 1] < latency_bounds_ns[i]);
	}
}

struct sharing {
	struct stats_request snapshot;
	_Atomic int stopping;
};

/* A worker: counters that belong together, changed all the while. */
static void *work(void *argument)
{
	struct sharing *sharing = argument;
	struct worker_stats stats = {0};
	while (!sharing->stopping) {
		stats.queue.packets++;
		stats.gate.proceeded++;
		stats.latency.sum_ns++;
		if (stats_request_wanted(&sharing->snapshot)) {
			stats_request_give(&sharing->snapshot, &stats);
		}
	}
	return NULL;
}

static struct timespec in_ms(long ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return until;
}

static void test_counters_fit_each_other(void **state)
{
	(void)state;
	struct sharing sharing = {0};
	pthread_t thread;
	uint64_t before = 0;
	stats_request_init(&sharing.snapshot);
	assert_int_equal(pthread_create(&thread, NULL, work, &sharing), 0);
	for (int i = 0; i < 2000; i++) {
		struct worker_stats stats;
		const struct timespec until = in_ms(20000);
		stats_request_ask(&sharing.snapshot);
		assert_true(stats_request_read(&sharing.snapshot, &until, &stats));
		assert_true(stats.queue.packets > before || i == 0);
		assert_int_equal(stats.queue.packets, stats.gate.proceeded);
		assert_int_equal(stats.queue.packets, stats.latency.sum_ns);
		before = stats.queue.packets;
	}
	sharing.stopping = 1;
	pthread_join(thread, NULL);
	stats_request_destroy(&sharing.snapshot);
}

static void test_a_worker_that_hangs(void **state)
{
	(void)state;
	struct stats_request snapshot;
	struct worker_stats stats = {.queue.packets = 3};
	struct timespec until = in_ms(20);
	stats_request_init(&snapshot);
	stats_request_ask(&snapshot);
	assert_false(stats_request_read(&snapshot, &until, &stats));
	assert_int_equal(stats.queue.packets, 0);
	/* It comes to itself too late: the next question gets what is then. */
	stats.queue.packets = 5;
	assert_true(stats_request_wanted(&snapshot));
	stats_request_give(&snapshot, &stats);
	assert_false(stats_request_wanted(&snapshot));
	stats_request_ask(&snapshot);
	until = in_ms(20);
	assert_false(stats_request_read(&snapshot, &until, &stats));
	assert_int_equal(stats.queue.packets, 5);
	stats_request_destroy(&snapshot);
}

static void test_adding_up(void **state)
{
	(void)state;
	struct worker_stats total = {0};
	struct worker_stats more;
	uint64_t numbers[sizeof more / sizeof(uint64_t)];
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		numbers[i] = i + 1;
	}
	memcpy(&more, numbers, sizeof more);
	worker_stats_add(&total, &more);
	worker_stats_add(&total, &more);
	memcpy(numbers, &total, sizeof total);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		assert_int_equal(numbers[i], 2 * (i + 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_buckets),
	    cmocka_unit_test(test_counters_fit_each_other),
	    cmocka_unit_test(test_a_worker_that_hangs),
	    cmocka_unit_test(test_adding_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
