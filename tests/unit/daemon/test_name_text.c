/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/text/name_text.h"

static void assert_text(const char *host, size_t host_len, const char *expected)
{
	char name[NAME_TEXT_SIZE];

	name_text(host, host_len, name);
	assert_string_equal(name, expected);
}

#define assert_name(literal, expected) assert_text(literal, sizeof(literal) - 1, expected)

static void lowers_and_drops_the_trailing_dot(void **state)
{
	(void)state;
	assert_name("VietC0mbank.TOP.", "vietc0mbank.top");
	assert_name("a_b.example", "a_b.example");
	assert_name("", "");
	assert_name(".", "");
}

static void turns_u_labels_into_a_labels(void **state)
{
	(void)state;
	assert_name("ngânhàng.vn", "xn--ngnhng-ltan.vn");
	assert_name("NGÂNHÀNG.vn", "xn--ngnhng-ltan.vn");
	assert_name("xn--ngnhng-ltan.vn", "xn--ngnhng-ltan.vn");
}

static void escapes_what_no_a_label_stands_for(void **state)
{
	(void)state;
	assert_name("bank\x1b[31m.top", "bank\\027[31m.top");
	assert_name("a\0b.top", "a\\000b.top");
	assert_name("\xc3\0b.top", "\\195\\000b.top");
	assert_name("bank\xff.top", "bank\\255.top");
	assert_name("bank\xe2\x80\xae.top", "bank\\226\\128\\174.top");
	assert_name("a\\b.top", "a\\092b.top");
}

static void keeps_the_longest_name_within_its_room(void **state)
{
	(void)state;
	char host[HOST_NAME_MAX_LEN + 60];
	char name[NAME_TEXT_SIZE];

	memset(host, 0xff, sizeof(host));
	name_text(host, sizeof(host), name);
	assert_int_equal(strlen(name), 4 * HOST_NAME_MAX_LEN);
}

static void shows_u_labels(void **state)
{
	(void)state;
	char unicode[NAME_UNICODE_SIZE];

	assert_true(name_unicode("xn--ngnhng-ltan.vn", unicode));
	assert_string_equal(unicode, "ngânhàng.vn");
	assert_false(name_unicode("vietc0mbank.top", unicode));
	assert_string_equal(unicode, "");
}

static void shows_no_control_that_an_a_label_hides(void **state)
{
	(void)state;
	char unicode[NAME_UNICODE_SIZE];

	/* Punycode of "a" and U+202E RIGHT-TO-LEFT OVERRIDE. */
	assert_true(name_unicode("xn--a-qin.top", unicode));
	assert_string_equal(unicode, "a\uFFFD.top");
	assert_false(name_unicode("xn--\x1b[31m.top", unicode));
	assert_string_equal(unicode, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lowers_and_drops_the_trailing_dot),
	    cmocka_unit_test(turns_u_labels_into_a_labels),
	    cmocka_unit_test(escapes_what_no_a_label_stands_for),
	    cmocka_unit_test(keeps_the_longest_name_within_its_room),
	    cmocka_unit_test(shows_u_labels),
	    cmocka_unit_test(shows_no_control_that_an_a_label_hides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
