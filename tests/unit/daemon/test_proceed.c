/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/answer/proceed.h"
#include "daemon/answer/url_host.h"

#define FAKE "vietc0mbank.top"

static const uint8_t octets_a[4] = {192, 0, 2, 10};
static const uint8_t octets_b[4] = {192, 0, 2, 11};
static const uint8_t octets_a6[16] = {0x20, 1, 0x0d, 0xb8, [15] = 1};
static const struct device_address device_a = {octets_a, 4};
static const struct device_address device_b = {octets_b, 4};
static const struct device_address device_a6 = {octets_a6, 16};
static const uint8_t link_a[LINK_ADDRESS_SIZE] = {2, 0, 0, 0, 0, 0xa};
static const uint8_t link_b[LINK_ADDRESS_SIZE] = {2, 0, 0, 0, 0, 0xb};

static bool grant(struct proceed *p, struct device_address device, const char *name, uint64_t now_s)
{
	return proceed_grant_device(p, device, name, strlen(name), now_s);
}

static bool granted(struct proceed *p, struct device_address device, const char *name,
		    uint64_t now_s)
{
	return proceed_granted(p, device, name, strlen(name), now_s);
}

static bool token_ok(struct proceed *p, struct device_address device, const char *name,
		     enum proceed_step step, const char *token, uint64_t now_s)
{
	return proceed_token_ok(p, device, name, strlen(name), step, token, now_s);
}

static void test_grant_is_for_the_device_the_name_and_a_quarter_of_an_hour(void **state)
{
	(void)state;
	struct proceed *p = proceed_new(0);

	assert_non_null(p);
	assert_false(granted(p, device_a, FAKE, 1000));
	assert_true(grant(p, device_a, FAKE, 1010));
	assert_true(granted(p, device_a, FAKE, 1010));
	assert_true(granted(p, device_a, "static." FAKE, 1010));
	assert_true(granted(p, device_a, FAKE, 1010 + PROCEED_SECONDS - 1));
	assert_false(granted(p, device_a, FAKE, 1010 + PROCEED_SECONDS));
	assert_false(granted(p, device_b, FAKE, 1010));
	assert_false(granted(p, device_a6, FAKE, 1010));
	assert_false(granted(p, device_a, "top", 1010));
	assert_false(granted(p, device_a, "x" FAKE, 1010));
	assert_false(granted(p, device_a, "other.top", 1010));
	proceed_free(p);
}

static void test_token_is_for_the_device_the_name_the_step_and_half_an_hour(void **state)
{
	(void)state;
	const uint64_t made_s = 10 * PROCEED_SECONDS;
	struct proceed *p = proceed_new(0), *restarted = proceed_new(0);
	char token[PROCEED_TOKEN_SIZE], forged[PROCEED_TOKEN_SIZE];

	assert_true(p != NULL && restarted != NULL);
	assert_true(proceed_token(p, device_a, FAKE, strlen(FAKE), PROCEED_ASK, made_s, token));
	assert_int_equal(strspn(token, "0123456789abcdef"), PROCEED_TOKEN_SIZE - 1);
	assert_true(token_ok(p, device_a, FAKE, PROCEED_ASK, token, made_s));
	assert_true(token_ok(p, device_a, "Vietc0mBank.TOP.", PROCEED_ASK, token, made_s));
	assert_true(
	    token_ok(p, device_a, FAKE, PROCEED_ASK, token, made_s + 2 * PROCEED_SECONDS - 1));
	assert_false(token_ok(p, device_a, FAKE, PROCEED_ASK, token, made_s + 2 * PROCEED_SECONDS));
	assert_false(token_ok(p, device_b, FAKE, PROCEED_ASK, token, made_s));
	assert_false(token_ok(p, device_a6, FAKE, PROCEED_ASK, token, made_s));
	assert_false(token_ok(p, device_a, "vietcombamk.top", PROCEED_ASK, token, made_s));
	assert_false(token_ok(p, device_a, FAKE, PROCEED_CONFIRM, token, made_s));
	assert_false(token_ok(restarted, device_a, FAKE, PROCEED_ASK, token, made_s));
	assert_false(token_ok(p, device_a, FAKE, PROCEED_ASK, "", made_s));
	for (size_t i = 0; i < strlen(token); i++) {
		memcpy(forged, token, sizeof(forged));
		forged[i] = forged[i] == 'a' ? 'b' : 'a';
		assert_false(token_ok(p, device_a, FAKE, PROCEED_ASK, forged, made_s));
	}
	/* A token opens nothing by itself. */
	assert_false(granted(p, device_a, FAKE, made_s));
	proceed_free(p);
	proceed_free(restarted);
}

static void test_names_that_cannot_stand_in_a_url(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "a<b.example", "a..example", "\xff.example", "a/b"};
	struct proceed *p = proceed_new(0);
	char token[PROCEED_TOKEN_SIZE];

	assert_non_null(p);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(
		    proceed_token(p, device_a, bad[i], strlen(bad[i]), PROCEED_ASK, 1000, token));
		assert_false(grant(p, device_a, bad[i], 1000));
		assert_false(granted(p, device_a, bad[i], 1000));
	}
	/* By either way of writing it, it is one name. */
	assert_true(grant(p, device_a, "việtcombank.example", 1000));
	assert_true(granted(p, device_a, "xn--vitcombank-dv3e.example", 1001));
	proceed_free(p);
}

static void test_addresses_of_one_device(void **state)
{
	(void)state;
	struct proceed *p = proceed_new(0);
	char token[PROCEED_TOKEN_SIZE];

	assert_non_null(p);
	proceed_note_neighbour(p, device_a, link_a, 1000);
	proceed_note_neighbour(p, device_a6, link_a, 1000);
	proceed_note_neighbour(p, device_b, link_b, 1000);
	/* The page is read by IPv4, its form sent and the fake opened by IPv6. */
	assert_true(proceed_token(p, device_a, FAKE, strlen(FAKE), PROCEED_ASK, 1000, token));
	assert_true(token_ok(p, device_a6, FAKE, PROCEED_ASK, token, 1000));
	assert_true(grant(p, device_a, FAKE, 1000));
	assert_true(granted(p, device_a6, FAKE, 1001));
	assert_false(granted(p, device_b, FAKE, 1001));
	/* The IPv6 address is another device's now. */
	proceed_note_neighbour(p, device_a6, link_b, 1002);
	assert_false(granted(p, device_a6, FAKE, 1003));
	assert_true(granted(p, device_a, FAKE, 1003));
	proceed_free(p);
}

static void test_router_makes_no_devices_one(void **state)
{
	(void)state;
	struct proceed *p = proceed_new(0);

	assert_non_null(p);
	proceed_note_neighbour(p, device_a, link_a, 1000);
	assert_true(grant(p, device_a, FAKE, 1000));
	proceed_note_neighbour(p, device_b, link_a, 1001);
	assert_false(granted(p, device_b, FAKE, 1001));
	assert_true(grant(p, device_b, FAKE, 1001));
	assert_false(granted(p, device_a, FAKE, 1002));
	proceed_free(p);

	/* A device that was given another address an hour later is no router. */
	p = proceed_new(0);
	assert_non_null(p);
	proceed_note_neighbour(p, device_a, link_a, 1000);
	proceed_note_neighbour(p, device_b, link_a, 1000 + 2 * 3600);
	proceed_note_neighbour(p, device_a6, link_a, 1000 + 2 * 3600);
	assert_true(grant(p, device_b, FAKE, 1000 + 2 * 3600));
	assert_true(granted(p, device_a6, FAKE, 1000 + 2 * 3600));
	proceed_free(p);
}

static void test_full_table_forgets_the_oldest_and_keeps_the_newest(void **state)
{
	(void)state;
	struct proceed *p = proceed_new(8);

	assert_non_null(p);
	for (uint64_t i = 0; i < 12; i++) {
		char fake[32];

		(void)snprintf(fake, sizeof(fake), "fake%u.top", (unsigned)i);
		assert_true(grant(p, device_a, fake, 1000 + i));
		assert_true(granted(p, device_a, fake, 1000 + i));
	}
	assert_false(granted(p, device_a, "fake0.top", 1012));
	assert_false(granted(p, device_a, "fake3.top", 1012));
	assert_true(granted(p, device_a, "fake4.top", 1012));
	assert_true(granted(p, device_a, "fake11.top", 1012));
	/* Granted again: one place, a later end. */
	assert_true(grant(p, device_a, "fake4.top", 1500));
	assert_true(granted(p, device_a, "fake5.top", 1501));
	assert_true(granted(p, device_a, "fake4.top", 1500 + PROCEED_SECONDS - 1));
	proceed_free(p);
}

/* A flood of neighbours takes no more memory, and makes no two devices one. */
static void test_full_neighbours(void **state)
{
	(void)state;
	struct proceed *p = proceed_new(8);

	assert_non_null(p);
	assert_true(grant(p, device_a, FAKE, 1000));
	for (uint32_t i = 0; i < 100; i++) {
		const uint8_t octets[4] = {10, 0, (uint8_t)(i >> 8), (uint8_t)i};
		const uint8_t link[LINK_ADDRESS_SIZE] = {2, 1, [5] = (uint8_t)i};
		const struct device_address device = {octets, 4};

		proceed_note_neighbour(p, device, link, 1000 + i);
		assert_false(granted(p, device, FAKE, 1000 + i));
	}
	assert_true(granted(p, device_a, FAKE, 1100));
	proceed_free(p);
}

static void test_url_host(void **state)
{
	(void)state;
	char out[HOST_NAME_MAX_LEN + 1];
	static const char *const bad[] = {"", "a..b", ".a", "a b", "a:b", "a@b", "a\\b", "\x80"};

	assert_true(url_host("Example.COM", 11, out));
	assert_string_equal(out, "example.com");
	assert_true(url_host("a_b.example.", 12, out));
	assert_string_equal(out, "a_b.example");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(url_host(bad[i], strlen(bad[i]), out));
	}
	assert_false(url_host("a\0b", 3, out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_grant_is_for_the_device_the_name_and_a_quarter_of_an_hour),
	    cmocka_unit_test(test_token_is_for_the_device_the_name_the_step_and_half_an_hour),
	    cmocka_unit_test(test_names_that_cannot_stand_in_a_url),
	    cmocka_unit_test(test_addresses_of_one_device),
	    cmocka_unit_test(test_router_makes_no_devices_one),
	    cmocka_unit_test(test_full_table_forgets_the_oldest_and_keeps_the_newest),
	    cmocka_unit_test(test_full_neighbours),
	    cmocka_unit_test(test_url_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
