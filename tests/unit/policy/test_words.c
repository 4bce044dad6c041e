/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/words.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool common(const char *text)
{
	return word_is_common(text, strlen(text));
}

static bool known(const char *text)
{
	return word_is_known(text, strlen(text));
}

static bool vietnamese(const char *text)
{
	return word_is_vietnamese(text, strlen(text));
}

static void test_english(void **state)
{
	(void)state;
	assert_true(common("apple"));
	assert_true(common("pineapple"));
	assert_true(common("the"));
	assert_false(common("appleton"));
	assert_true(known("appleton"));
	assert_true(known("apple"));
	assert_false(known("vietcombank"));
	assert_false(known("xqzvw"));
	assert_false(common("Apple")); /* lower case is the caller's part */
}

/* Out of the table's lengths nothing is a word, whatever its hash. */
static void test_lengths(void **state)
{
	(void)state;
	char text[64];

	memset(text, 'a', sizeof(text));
	assert_false(word_is_common(text, 0));
	assert_false(word_is_common("at", 2));
	for (size_t len = WORD_LEN_MAX + 1; len < sizeof(text); len++) {
		assert_false(word_is_common(text, len));
		assert_false(word_is_known(text, len));
		assert_false(word_is_vietnamese(text, len));
	}
	assert_true(word_is_common("applesauce", 5)); /* only so many letters are read */
}

static void test_addresses(void **state)
{
	(void)state;
	assert_true(word_is_of_addresses("www", 3));
	assert_true(word_is_of_addresses("login", 5));
	assert_false(word_is_of_addresses("logi", 4));
	assert_false(word_is_of_addresses("logins", 6));
	assert_false(word_is_of_addresses("", 0));
}

static void test_vietnamese(void **state)
{
	(void)state;
	static const char *const yes[] = {"nganhang",  "nhanqua", "xacthuc", "hotro",   "khuyenmai",
					  "tuyendung", "thuong",  "nghieng", "quatang", "duong"};
	static const char *const no[] = {"",  "a",     "strong", "bank",     "xyz",
					 "w", "apple", "zalo",   "facebook", "nganhangz"};

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		assert_true(vietnamese(yes[i]));
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		assert_false(vietnamese(no[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_english),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_vietnamese),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
