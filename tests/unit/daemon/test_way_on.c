/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nobody is only refused: of every name that the gate stops, by whatever action and by whatever
 * name, the device gets a token for a way on, and once it is granted nothing of the name is
 * stopped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/daemon/gate_office.h"

#define SMALLEST_TABLE 8 /* proceed.grants of truegate.conf(5) */
#define LABEL_63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk."

/* Five Greek, Cyrillic and Latin letters in ten octets, whose A-label has 16. */
#define WIDE "\xce\xb1\xd0\xb6\xc4\x81\xd1\x8f\xcf\x89"
#define WIDE_4 WIDE "." WIDE "." WIDE "." WIDE "."

static const char *const stopped[] = {
    FAKE,
    "www." FAKE,
    "_443._tcp." FAKE,
    "viet_c0mbank.top",
    "v\xc3\xad"
    "etcombank.com",
    "xn--vetcombank-x2i.com",
    WIDE "." FAKE,
    LABEL_63 LABEL_63 LABEL_63 FAKE, /* 207 octets */
};

static void test_every_stopped_name_has_a_way_on(void **state)
{
	struct office *office = *state;
	static const uint8_t octets[4] = {10, 0, 0, 10};
	const struct device_address device = {octets, 4};
	static const char *const actions[] = {"warn", "block"};
	for (size_t a = 0; a < 2; a++) {
		rule(office, actions[a]);
		for (size_t i = 0; i < sizeof(stopped) / sizeof(*stopped); i++) {
			const char *name = stopped[i];
			const size_t len = strlen(name);
			const uint64_t now_s = office->now.monotonic_us / 1000000;
			struct talk web = {false, 10, 80, 0, 80};
			char token[PROCEED_TOKEN_SIZE];

			/* HTTPS records are withheld by either action. */
			assert_true(ask_type(office, &dns, name, 65).drop);
			for (enum proceed_step step = PROCEED_ASK; step <= PROCEED_CONFIRM;
			     step++) {
				assert_true(proceed_token(office->proceed, device, name, len, step,
							  now_s, token));
				assert_true(proceed_token_ok(office->proceed, device, name, len,
							     step, token, now_s));
			}
			assert_true(
			    proceed_grant_device(office->proceed, device, name, len, now_s));
			assert_false(ask(office, &dns, name).drop);
			assert_false(ask_type(office, &dns, name, 65).drop);
			assert_false(get(office, &web, name).drop);
			/* For the next name, which may be under this one. */
			office->now.monotonic_us += UINT64_C(1000000) * PROCEED_SECONDS;
		}
	}
}

/* What cannot stand in a URL, where no way on could be offered, is not stopped. */
static void test_what_can_have_no_way_on_passes(void **state)
{
	struct office *office = *state;
	static const uint8_t octets[4] = {10, 0, 0, 10};
	const struct device_address device = {octets, 4};
	/* 15 labels of 10 octets, of 16 as A-labels: then longer than a name can be. */
	static const char name[] = WIDE_4 WIDE_4 WIDE_4 WIDE "." WIDE "." WIDE "." FAKE;
	char token[PROCEED_TOKEN_SIZE];
	rule(office, "block");
	assert_true(strlen(name) <= 253);
	assert_false(proceed_token(office->proceed, device, name, strlen(name), PROCEED_ASK,
				   office->now.monotonic_us / 1000000, token));
	assert_false(ask(office, &dns, name).drop);
	assert_false(ask_type(office, &dns, name, 65).drop);
}

/* The smallest table that a configuration can ask for holds the grant just made. */
static void test_smallest_table_keeps_the_newest(void **state)
{
	(void)state;
	struct proceed *proceed = proceed_new(SMALLEST_TABLE);
	assert_non_null(proceed);
	for (uint32_t i = 0; i < 1000; i++) {
		const uint8_t octets[4] = {10, 0, (uint8_t)(i >> 8), (uint8_t)i};
		const struct device_address device = {octets, 4};
		assert_true(proceed_grant_device(proceed, device, FAKE, strlen(FAKE), 1000 + i));
		assert_true(proceed_granted(proceed, device, FAKE, strlen(FAKE), 1000 + i));
	}
	proceed_free(proceed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_every_stopped_name_has_a_way_on, open_office,
					    close_office),
	    cmocka_unit_test_setup_teardown(test_what_can_have_no_way_on_passes, open_office,
					    close_office),
	    cmocka_unit_test(test_smallest_table_keeps_the_newest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
