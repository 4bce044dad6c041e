/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/metrics/minute.h"

static uint64_t shown_at(struct minute *minute, uint64_t elapsed_s, uint64_t findings)
{
	struct metrics metrics = {.sent = findings, .workers.queue.packets = elapsed_s};

	metrics.workers.gate.observations[VIA_DNS] = elapsed_s;
	metrics.workers.gate.dns_answered = findings;
	metrics.events.sightings = findings;
	minute_hold(minute, &metrics, elapsed_s);
	assert_int_equal(metrics.sent, metrics.workers.gate.dns_answered);
	assert_int_equal(metrics.sent, metrics.events.sightings);
	/* What no fake changes is shown at once. */
	assert_int_equal(metrics.workers.queue.packets, elapsed_s);
	assert_int_equal(metrics.workers.gate.observations[VIA_DNS], elapsed_s);
	return metrics.sent;
}

/* Asked ten times a second's worth: values that differ are at least a minute apart. */
static void test_steps_are_a_minute_apart(void **state)
{
	(void)state;
	struct minute minute = {.begun_s = 1000};
	uint64_t last = 0;
	uint64_t stepped_s = 1000;

	for (uint64_t now = 1000; now < 2000; now++) {
		uint64_t shown = shown_at(&minute, now, now - 900);

		if (shown != last) {
			assert_true(now - stepped_s >= MINUTE_S);
			stepped_s = now;
			last = shown;
		}
	}
	assert_true(last > 0);
}

static void test_a_start_tells_nothing(void **state)
{
	(void)state;
	struct minute minute = {.begun_s = 5000};

	assert_int_equal(shown_at(&minute, 5002, 7), 0);
	assert_int_equal(shown_at(&minute, 5059, 7), 0);
	assert_int_equal(shown_at(&minute, 5300, 7), 7);
	assert_int_equal(shown_at(&minute, 5301, 8), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_steps_are_a_minute_apart),
	    cmocka_unit_test(test_a_start_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
