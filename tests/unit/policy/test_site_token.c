/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "policy/file/site_token.h"

static struct protected_domain bank_domains[] = {
    {.name = "vietcombank.com.vn", .label = "vietcombank", .suffix = "com.vn"},
    {.name = "ngoai-thuong.vn", .label = "ngoai-thuong", .suffix = "vn"},
};
static const struct site bank = {
    .name = "Ngân hàng Ngoại thương", .domains = bank_domains, .domain_count = 2};

static struct protected_domain books_domains[] = {
    {.name = "xn--bcher-kva.example", .label = "xn--bcher-kva", .suffix = "example"},
};
static const struct site books = {.name = "图书", .domains = books_domains, .domain_count = 1};

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

static void assert_token(struct ascii_folder *folder, const struct site *site, const char *written,
			 const char *expected, bool expected_own)
{
	char token[TOKEN_SIZE];
	char why[320] = "";
	bool own = !expected_own;
	if (!site_token_read(written, site, folder, token, &own, why, sizeof(why))) {
		fail_msg("\"%s\" %s", written, why);
	}
	assert_string_equal(token, expected);
	assert_int_equal(own, expected_own);
}

static void assert_refused(struct ascii_folder *folder, const struct site *site,
			   const char *written, const char *part_of_why)
{
	char token[TOKEN_SIZE];
	char why[320] = "";
	bool own = false;
	if (site_token_read(written, site, folder, token, &own, why, sizeof(why))) {
		fail_msg("\"%s\" was taken", written);
	}
	if (strstr(why, part_of_why) == NULL) {
		fail_msg("\"%s\": \"%s\" lacks \"%s\"", written, why, part_of_why);
	}
}

static void test_labels(void **state)
{
	assert_token(*state, &bank, "vietcombank", "vietcombank", true);
	assert_token(*state, &bank, "VietComBank", "vietcombank", true);
	assert_token(*state, &bank, "ngoai-thuong", "ngoai-thuong", true);
}

static void test_the_displayed_name(void **state)
{
	assert_token(*state, &bank, "nganhangngoaithuong", "nganhangngoaithuong", false);
	assert_token(*state, &bank, "NganHangNgoaiThuong", "nganhangngoaithuong", false);
	assert_token(*state, &bank, "thuong", "thuong", false);
	assert_token(*state, &bank, "hang", "hang", false);
	/* a shortening of it, or several words of it, are none of the forms */
	assert_refused(*state, &bank, "nganhang", "is not this site's own");
	assert_token(*state, &books, "tushu", "tushu", false);
}

static void test_shortenings(void **state)
{
	assert_token(*state, &bank, "vcb", "vcb", false);
	assert_token(*state, &bank, "VCB", "vcb", false);
	assert_token(*state, &bank, "vietcom", "vietcom", false);
	assert_token(*state, &bank, "vk", "vk", false);
}

static void test_internationalised_labels(void **state)
{
	assert_token(*state, &books, "bucher", "bucher", false);
	assert_token(*state, &books, "bch", "bch", false);
	assert_refused(*state, &books, "xn", "is not this site's own");
	assert_refused(*state, &books, "xnb", "is not this site's own");
}

static void test_words_that_are_not_the_sites(void **state)
{
	const char *foreign[] = {
	    "casino",      "login", "facebook",     "bank",         "combank", "cvb",
	    "vbc",         "vvcb",  "vcbx",         "vietcombanks", "vietkom", "ietcom",
	    "v1etcombank", "vcbb",  "nganhang1",    "ngoaithuongx", "ng-oai",  "vietcombankk",
	    "v-c-b",       "vcb-",  "vietcom-bank", "kv",           "nv"};
	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++) {
		assert_refused(*state, &bank, foreign[i], "is not this site's own");
	}
}

static void test_evasions(void **state)
{
	assert_refused(*state, &bank, "vсb", "not ASCII"); /* Cyrillic es */
	assert_refused(*state, &bank, "ｖｃｂ", "not ASCII");
	assert_refused(*state, &bank, "vćb", "not ASCII");
	assert_refused(*state, &bank, "vc\u200bb", "not ASCII");
	assert_refused(*state, &bank, "v\xff", "not ASCII");
	assert_refused(*state, &bank, "v.cb", "other than letters");
	assert_refused(*state, &bank, "v*b", "other than letters");
	assert_refused(*state, &bank, "v cb", "other than letters");
	assert_refused(*state, &bank, "vcb\n", "other than letters");
	assert_refused(*state, &bank, "", "2 to 63");
	assert_refused(*state, &bank, "v", "2 to 63");
	char overlong[300];
	memset(overlong, 'v', sizeof(overlong));
	overlong[sizeof(overlong) - 1] = '\0';
	assert_refused(*state, &bank, overlong, "2 to 63");
}

static void test_a_cut_name_is_not_the_name(void **state)
{
	char name[101];
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	struct site site = bank;
	site.name = name;
	char cut[TOKEN_SIZE];
	memset(cut, 'a', sizeof(cut) - 1);
	cut[sizeof(cut) - 1] = '\0';
	assert_refused(*state, &site, cut, "is not this site's own");
}

static void test_the_message_offers_what_would_be_taken(void **state)
{
	assert_refused(*state, &bank, "casino",
		       "write a label of its domains (\"vietcombank\"), its name or "
		       "a longer word of that in ASCII "
		       "(\"nganhangngoaithuong\"), or a shortening that starts with the label's "
		       "first letter and keeps the label's order (\"vok\")");
	assert_token(*state, &bank, "vok", "vok", false);
	assert_refused(*state, &books, "casino",
		       "(\"bucher\"), its name or a longer word of that in ASCII (\"tushu\")");

	struct protected_domain domains[] = {{.name = "a-b.vn", .label = "a-b", .suffix = "vn"}};
	struct site site = {.name = "!", .domains = domains, .domain_count = 1};
	assert_refused(*state, &site, "casino",
		       "write a label of its domains (\"a-b\"), or a shortening that starts with "
		       "the label's first letter and keeps the label's order (\"ab\")");
	assert_token(*state, &site, "ab", "ab", false);
	domains[0].label = "fb";
	assert_refused(*state, &site, "casino", "write a label of its domains (\"fb\")");
	domains[0].label = "x";
	assert_refused(*state, &site, "xx", "write a label of its domains (\"x\")");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_labels),
	    cmocka_unit_test(test_the_displayed_name),
	    cmocka_unit_test(test_shortenings),
	    cmocka_unit_test(test_internationalised_labels),
	    cmocka_unit_test(test_words_that_are_not_the_sites),
	    cmocka_unit_test(test_evasions),
	    cmocka_unit_test(test_a_cut_name_is_not_the_name),
	    cmocka_unit_test(test_the_message_offers_what_would_be_taken),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
