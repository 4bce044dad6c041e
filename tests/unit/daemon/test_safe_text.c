/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/text/safe_text.h"

static void assert_safe(const char *text, size_t len, const char *expected)
{
	char out[256];

	assert_int_equal(safe_text(text, len, out, sizeof(out)), strlen(expected));
	assert_string_equal(out, expected);
}

#define assert_shown(literal, expected) assert_safe(literal, sizeof(literal) - 1, expected)

static void keeps_letters_of_any_script(void **state)
{
	(void)state;
	assert_shown("Ngân hàng 银行 банк 🏦", "Ngân hàng 银行 банк 🏦");
	assert_shown("", "");
}

static void replaces_controls(void **state)
{
	(void)state;
	assert_shown("a\x1b[2Jb", "a\uFFFD[2Jb");
	assert_shown("a\r\nb", "a\uFFFD\uFFFDb");
	assert_shown("a\0b", "a\uFFFDb");
	assert_shown("a\x7f", "a\uFFFD");
	assert_shown("a\xc2\x9b\x33\x31m", "a\uFFFD31m");
}

static void replaces_format_characters_and_odd_spaces(void **state)
{
	(void)state;
	assert_shown("a\u202eb", "a\uFFFDb");
	assert_shown("a\u200bb", "a\uFFFDb");
	assert_shown("a\u00a0b", "a\uFFFDb");
	assert_shown("a\u2028b", "a\uFFFDb");
	assert_shown("a\ue000b", "a\uFFFDb");
}

static void replaces_what_is_no_utf8(void **state)
{
	(void)state;
	assert_shown("\xff", "\uFFFD");
	assert_shown("a\xc3", "a\uFFFD");
	assert_shown("\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD");
}

static void cuts_at_a_characters_end(void **state)
{
	(void)state;
	char out[4];

	assert_int_equal(safe_text("aéé", 5, out, sizeof(out)), 3);
	assert_string_equal(out, "aé");
	assert_int_equal(safe_text("é", 2, out, 1), 0);
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_letters_of_any_script),
	    cmocka_unit_test(replaces_controls),
	    cmocka_unit_test(replaces_format_characters_and_odd_spaces),
	    cmocka_unit_test(replaces_what_is_no_utf8),
	    cmocka_unit_test(cuts_at_a_characters_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
