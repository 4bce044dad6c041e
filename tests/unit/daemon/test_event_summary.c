/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events added up by fake, by day, by site and by technique, within bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/report/event_summary.h"
#include "daemon/report/totals.h"

#define DATE ((time_t)1795392000)
#define A_DAY 86400

static struct logged_event make_event(const char *name, time_t date, uint64_t count)
{
	struct logged_event event = {.date = date, .count = count};
	snprintf(event.name, sizeof event.name, "%s", name);
	strcpy(event.imitates, "bank.example");
	strcpy(event.site, "Bank");
	strcpy(event.why, "why");
	return event;
}

static bool add(struct event_summary *summary, struct logged_event event)
{
	return event_summary_add(summary, &event);
}

static const struct fake *find(struct event_summary *summary, const char *name)
{
	size_t count = 0;
	const struct fake *const *fakes = event_summary_fakes(summary, &count);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fakes[i]->name, name) == 0) {
			return fakes[i];
		}
	}
	return NULL;
}

static void test_adding_up(void **state)
{
	(void)state;
	struct event_summary *summary = event_summary_new();
	struct logged_event event = make_event("a.top", DATE, 3);
	event.devices = 2;
	assert_true(add(summary, event));
	event = make_event("a.top", DATE + A_DAY, 4);
	event.devices = 1;
	event.confidence = CONFIDENCE_HIGH;
	strcpy(event.why, "newer");
	assert_true(add(summary, event));
	event = make_event("a.top", DATE - A_DAY, 5);
	event.via = VIA_HTTP;
	strcpy(event.why, "older");
	assert_true(add(summary, event));
	const struct fake *fake = find(summary, "a.top");
	assert_int_equal(fake->count, 12);
	assert_int_equal(fake->days, 3);
	event.count = 0; /* a further line of the day that was added last */
	assert_true(add(summary, event));
	assert_int_equal(fake->days, 3);
	assert_int_equal(fake->count, 12);
	assert_int_equal(fake->first, DATE - A_DAY);
	assert_int_equal(fake->last, DATE + A_DAY);
	assert_int_equal(fake->devices, 2); /* bands do not add up */
	assert_true(fake->via_web);
	assert_string_equal(fake->why, "newer"); /* of the latest day, whatever came last */
	assert_int_equal(fake->confidence, CONFIDENCE_HIGH);
	event_summary_free(summary);
}

static void test_order(void **state)
{
	(void)state;
	struct event_summary *summary = event_summary_new();
	size_t count = 0;
	assert_true(add(summary, make_event("b.top", DATE + 2 * A_DAY, 1)));
	assert_true(add(summary, make_event("c.top", DATE, 9)));
	assert_true(add(summary, make_event("c.top", DATE + A_DAY, 9)));
	assert_true(add(summary, make_event("a.top", DATE + A_DAY, 1)));
	const struct fake *const *fakes = event_summary_fakes(summary, &count);
	assert_int_equal(count, 3);
	assert_string_equal(fakes[0]->name, "c.top");
	assert_string_equal(fakes[1]->name, "a.top");
	assert_string_equal(fakes[2]->name, "b.top");
	const struct day *days = event_summary_days(summary, &count);
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(days[i].date, DATE + A_DAY * (time_t)i);
		assert_int_equal(days[i].fakes, i == 1 ? 2 : 1);
	}
	event_summary_free(summary);
}

static void test_addresses(void **state)
{
	(void)state;
	struct event_summary *summary = event_summary_new();
	for (unsigned i = 0; i < 2 * SUMMARY_ADDRESSES_MAX; i++) {
		struct logged_event event = make_event("a.top", DATE, 1);
		event.address_count = 2;
		strcpy(event.addresses[0], "192.0.2.1");
		snprintf(event.addresses[1], EVENT_ADDRESS_SIZE, "192.0.2.%u", 2 + i);
		assert_true(add(summary, event));
	}
	const struct fake *fake = find(summary, "a.top");
	assert_int_equal(fake->address_count, SUMMARY_ADDRESSES_MAX);
	assert_string_equal(fake->addresses[0], "192.0.2.1");
	assert_string_equal(fake->addresses[SUMMARY_ADDRESSES_MAX - 1], "192.0.2.32");
	event_summary_free(summary);
}

static void test_bounds(void **state)
{
	(void)state;
	struct event_summary *summary = event_summary_new();
	char name[32];
	size_t count = 0;
	for (unsigned i = 0; i < SUMMARY_FAKES_MAX; i++) {
		snprintf(name, sizeof name, "n%u.top", i);
		assert_true(add(summary, make_event(name, DATE, 1)));
	}
	assert_false(add(summary, make_event("further.top", DATE, 1)));
	assert_true(add(summary, make_event("n7.top", DATE, 1)));
	assert_int_equal(find(summary, "n7.top")->count, 2);
	for (time_t i = 1; i < SUMMARY_DAYS_MAX; i++) {
		assert_true(add(summary, make_event("n7.top", DATE + A_DAY * i, 1)));
	}
	assert_false(add(summary, make_event("n7.top", DATE - A_DAY, 1)));
	/* What is left out is counted nowhere. */
	assert_int_equal(find(summary, "n7.top")->count, 1 + SUMMARY_DAYS_MAX);
	assert_int_equal(find(summary, "n7.top")->first, DATE);
	event_summary_days(summary, &count);
	assert_int_equal(count, SUMMARY_DAYS_MAX);
	event_summary_free(summary);
}

static void test_totals(void **state)
{
	(void)state;
	struct event_summary *summary = event_summary_new();
	size_t fake_count = 0;
	size_t count = 0;
	struct total *totals = totals_by_site(NULL, 0, &count);
	assert_int_equal(count, 0);
	free(totals);
	struct logged_event event = make_event("a.top", DATE, 5);
	assert_true(add(summary, event));
	event = make_event("b.top", DATE, 3);
	strcpy(event.site, "Shop");
	event.technique = TECHNIQUE_TYPO;
	assert_true(add(summary, event));
	event = make_event("c.top", DATE, 4);
	strcpy(event.site, "Shop");
	assert_true(add(summary, event));
	const struct fake *const *fakes = event_summary_fakes(summary, &fake_count);
	totals = totals_by_site(fakes, fake_count, &count);
	assert_int_equal(count, 2);
	assert_string_equal(totals[0].what, "Shop");
	assert_int_equal(totals[0].fakes, 2);
	assert_int_equal(totals[0].days, 2);
	assert_int_equal(totals[1].days, 1);
	free(totals);
	totals = totals_by_technique(fakes, fake_count, &count);
	assert_int_equal(count, 2);
	assert_string_equal(totals[0].what, technique_text(TECHNIQUE_HOMOGLYPH));
	assert_int_equal(totals[0].days, 2);
	assert_int_equal(totals[1].fakes, 1);
	free(totals);
	event_summary_free(summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_adding_up), cmocka_unit_test(test_order),
	    cmocka_unit_test(test_addresses), cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_totals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
