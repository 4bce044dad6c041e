/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/host_name.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_literals(void **state)
{
	(void)state;
	const char *const literals[] = {
	    "192.0.2.1", "192.0.2.1.",    "1", "0x7f.1",       "0X7F",
	    "0x",        "[2001:db8::1]", "[", "a.example.12", "0.0.0.0"};
	const char *const names[] = {"",    ".",    "a",   "1a", "0xg",
				     "1.a", "a.1b", "a..", "x0", "127-0-0-1"};
	for (size_t i = 0; i < sizeof(literals) / sizeof(literals[0]); i++) {
		assert_true(host_name_is_literal(literals[i], strlen(literals[i])));
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_false(host_name_is_literal(names[i], strlen(names[i])));
	}
}

static void test_from_http(void **state)
{
	(void)state;
	char out[HOST_NAME_MAX_LEN + 1];
	uint16_t len = 0;
	const char *const pairs[][2] = {
	    {"a", "a"},
	    {"WWW.Example.COM", "www.example.com"},
	    {"a_b.example.", "a_b.example"},
	    {"\xc3\xa1.example", "\xc3\xa1.example"},
	    {"xn--a-ecp.example", "xn--a-ecp.example"},
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_true(host_name_from_http(pairs[i][0], strlen(pairs[i][0]), out, &len));
		assert_string_equal(out, pairs[i][1]);
		assert_int_equal(len, strlen(pairs[i][1]));
	}
	const char *const bad[] = {"",    ".",   "..",  "a..b", ".a",   "a..",   "a b", "a,b",
				   "a@b", "a/b", "a:1", "a%62", "a\tb", "a\x7f", "*",   "a\"b"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(host_name_from_http(bad[i], strlen(bad[i]), out, &len));
	}
	assert_false(host_name_from_http("a\0b", 3, out, &len));
}

static void test_longest(void **state)
{
	(void)state;
	char host[HOST_NAME_MAX_LEN + 3];
	char out[HOST_NAME_MAX_LEN + 1];
	uint16_t len = 0;
	memset(host, 'A', sizeof(host));
	assert_true(host_name_from_http(host, HOST_NAME_MAX_LEN, out, &len));
	assert_int_equal(len, HOST_NAME_MAX_LEN);
	assert_int_equal(strlen(out), HOST_NAME_MAX_LEN);
	assert_false(host_name_from_http(host, HOST_NAME_MAX_LEN + 1, out, &len));
	host[HOST_NAME_MAX_LEN] = '.';
	assert_true(host_name_from_http(host, HOST_NAME_MAX_LEN + 1, out, &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_literals),
	    cmocka_unit_test(test_from_http),
	    cmocka_unit_test(test_longest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
