/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "policy/name/ascii_fold.h"

static int set_up(void **state)
{
	*state = ascii_folder_new();
	return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	ascii_folder_free(*state);
	return 0;
}

static void assert_folds(struct ascii_folder *folder, const char *text, const char *expected)
{
	char out[256];
	memset(out, 'x', sizeof(out));
	ascii_fold(folder, text, out, sizeof(out));
	assert_string_equal(out, expected);
}

static void test_ascii(void **state)
{
	assert_folds(*state, "Vietcombank", "vietcombank");
	assert_folds(*state, "MB Bank (24/7)", "mbbank247");
	assert_folds(*state, "-._ !", "");
	assert_folds(*state, "", "");
}

static void test_vietnamese(void **state)
{
	assert_folds(*state, "Dịch vụ công", "dichvucong");
	assert_folds(*state, "ĐƯỜNG SẮT Việt Nam", "duongsatvietnam");
	assert_folds(*state, "đ Đ ơ Ơ ư Ư ă â ê ô ỷ ỵ ẫ ặ", "ddoouuaaeoyyaa");
	/* the same letters, decomposed */
	assert_folds(*state, "Di\u0323ch vu\u0323 co\u0302ng", "dichvucong");
}

static void test_other_letters(void **state)
{
	assert_folds(*state, "Straße Łódź Ærø", "strasselodzaero");
	assert_folds(*state, "Ｖｉｅｔ", "viet");
	assert_folds(*state, "Почта", "pocta");
}

static void test_what_does_not_fit_is_cut(void **state)
{
	char out[4];
	ascii_fold(*state, "abcdef", out, sizeof(out));
	assert_string_equal(out, "abc");
	ascii_fold(*state, "ấbcdef", out, sizeof(out));
	assert_string_equal(out, "abc");
	ascii_fold(*state, "abc", out, 1);
	assert_string_equal(out, "");
}

static void test_broken_utf8_folds_to_nothing(void **state)
{
	assert_folds(*state, "abc\xff", "");
	assert_folds(*state, "abc\xe1\xba", "");
	assert_folds(*state, "\xed\xa0\x80", "");
}

static void test_an_overlong_text_folds_to_nothing(void **state)
{
	char text[4096];
	memset(text, 'a', sizeof(text));
	memcpy(text, "\xc4\x91", 2); /* đ */
	text[sizeof(text) - 1] = '\0';
	assert_folds(*state, text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ascii),
	    cmocka_unit_test(test_vietnamese),
	    cmocka_unit_test(test_other_letters),
	    cmocka_unit_test(test_what_does_not_fit_is_cut),
	    cmocka_unit_test(test_broken_utf8_folds_to_nothing),
	    cmocka_unit_test(test_an_overlong_text_folds_to_nothing),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
