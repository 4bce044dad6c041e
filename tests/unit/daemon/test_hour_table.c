/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/event/hour_table.h"

#define HOUR UINT64_C(490000)

static struct fake_sighting sighting(const char *host, uint64_t time_s, uint64_t device)
{
	struct fake_sighting s = {.time_s = time_s, .device_hash = device, .action = ACTION_WARN};

	(void)snprintf(s.host, sizeof(s.host), "%s", host);
	s.host_len = (uint16_t)strlen(host);
	return s;
}

struct closed {
	struct event events[16];
	size_t count;
};

static void collect(void *ctx, const struct event *event)
{
	struct closed *closed = ctx;

	assert_true(closed->count < 16);
	closed->events[closed->count++] = *event;
}

static bool count(struct hour_table *table, const struct fake_sighting *s, struct closed *closed)
{
	bool evicted;

	return hour_table_count(table, s, collect, closed, &evicted);
}

static void test_counts_by_fake_and_hour(void **state)
{
	(void)state;
	struct hour_table *table = hour_table_new(8);
	struct closed closed = {0};
	struct fake_sighting a = sighting("a.example", HOUR * 3600, 1);
	struct fake_sighting b = sighting("b.example", HOUR * 3600 + 3599, 1);
	struct fake_sighting later = sighting("a.example", HOUR * 3600 + 3600, 1);

	assert_non_null(table);
	assert_true(count(table, &a, &closed));
	assert_false(count(table, &a, &closed));
	assert_true(count(table, &b, &closed));
	assert_true(count(table, &later, &closed));
	hour_table_close_ended(table, HOUR, collect, &closed);
	assert_int_equal(closed.count, 0);
	hour_table_close_ended(table, HOUR + 1, collect, &closed);
	assert_int_equal(closed.count, 2);
	assert_string_equal(closed.events[0].latest.host, "a.example");
	assert_int_equal(closed.events[0].hour, HOUR);
	assert_int_equal(closed.events[0].count, 2);
	assert_int_equal(closed.events[1].count, 1);
	hour_table_close_ended(table, UINT64_MAX, collect, &closed);
	assert_int_equal(closed.count, 3);
	assert_int_equal(closed.events[2].hour, HOUR + 1);
	hour_table_free(table);
}

static void test_devices_and_addresses_are_distinct_and_bounded(void **state)
{
	(void)state;
	struct hour_table *table = hour_table_new(8);
	struct closed closed = {0};

	assert_non_null(table);
	for (uint64_t i = 0; i < 40; i++) {
		struct fake_sighting s = sighting("a.example", HOUR * 3600, i / 2);

		s.via = i == 3 ? VIA_HTTP : VIA_DNS;
		s.server.len = i % 4 == 0 ? 0 : 4;
		s.server.octets[3] = (uint8_t)(i / 2);
		s.action = i == 39 ? ACTION_BLOCK : ACTION_WARN;
		count(table, &s, &closed);
	}
	hour_table_close_ended(table, UINT64_MAX, collect, &closed);
	assert_int_equal(closed.count, 1);
	assert_int_equal(closed.events[0].count, 40);
	assert_int_equal(closed.events[0].device_count, EVENT_DEVICES_MAX);
	assert_int_equal(closed.events[0].address_count, EVENT_ADDRESSES_MAX);
	assert_int_equal(closed.events[0].addresses[0].octets[3], 0);
	assert_int_equal(closed.events[0].addresses[1].octets[3], 1);
	assert_int_equal(closed.events[0].latest.via, VIA_HTTP);
	assert_int_equal(closed.events[0].latest.action, ACTION_BLOCK);
	hour_table_free(table);
}

static void test_full_table_closes_the_one_begun_first(void **state)
{
	(void)state;
	struct hour_table *table = hour_table_new(2);
	struct closed closed = {0};
	struct fake_sighting a = sighting("a.example", HOUR * 3600, 1);
	struct fake_sighting b = sighting("b.example", HOUR * 3600, 1);
	struct fake_sighting c = sighting("c.example", HOUR * 3600, 1);
	bool evicted;

	assert_non_null(table);
	hour_table_count(table, &a, collect, &closed, &evicted);
	hour_table_count(table, &b, collect, &closed, &evicted);
	hour_table_count(table, &a, collect, &closed, &evicted);
	assert_false(evicted);
	hour_table_count(table, &c, collect, &closed, &evicted);
	assert_true(evicted);
	assert_int_equal(closed.count, 1);
	assert_string_equal(closed.events[0].latest.host, "a.example");
	assert_int_equal(closed.events[0].count, 2);
	assert_true(hour_table_count(table, &a, collect, &closed, &evicted));
	assert_string_equal(closed.events[1].latest.host, "b.example");
	hour_table_free(table);
}

/* A clock that ran a day ahead was set right: what it had counted is not kept until that day. */
static void test_clock_set_back_closes_what_lies_ahead(void **state)
{
	(void)state;
	struct closed closed = {.count = 0};
	struct hour_table *table = hour_table_new(8);
	struct fake_sighting ahead = sighting("ahead.top", (HOUR + 24) * SECONDS_AN_HOUR, 1);
	struct fake_sighting next = sighting("next.top", (HOUR + 1) * SECONDS_AN_HOUR, 1);
	struct fake_sighting now = sighting("now.top", HOUR * SECONDS_AN_HOUR, 1);

	assert_non_null(table);
	count(table, &ahead, &closed);
	count(table, &next, &closed);
	count(table, &now, &closed);
	/* The next hour's may have begun while this one's are still waited for. */
	hour_table_close_ended(table, HOUR, collect, &closed);
	assert_int_equal(closed.count, 1);
	assert_string_equal(closed.events[0].latest.host, "ahead.top");
	hour_table_free(table);
}

static void test_bands(void **state)
{
	(void)state;
	static const char *const bands[] = {"1",   "1",   "2-4", "2-4", "2-4", "5-9",
					    "5-9", "5-9", "5-9", "5-9", "10+"};

	for (uint32_t i = 0; i < sizeof(bands) / sizeof(bands[0]); i++) {
		assert_string_equal(event_device_band(i), bands[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts_by_fake_and_hour),
	    cmocka_unit_test(test_devices_and_addresses_are_distinct_and_bounded),
	    cmocka_unit_test(test_full_table_closes_the_one_begun_first),
	    cmocka_unit_test(test_clock_set_back_closes_what_lies_ahead),
	    cmocka_unit_test(test_bands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
