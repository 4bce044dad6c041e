/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "policy/name/suffix.h"

static void assert_parts(const char *name, const char *suffix, const char *registrable)
{
	assert_string_equal(name + suffix_offset(name), suffix);
	bool is_suffix = registrable != NULL;
	size_t at = registrable_offset(name, &is_suffix);
	assert_int_equal(is_suffix, registrable == NULL);
	assert_string_equal(name + at, registrable != NULL ? registrable : name);
}

static void test_suffixes(void **state)
{
	(void)state;
	assert_parts("vietcombank.com.vn", "com.vn", "vietcombank.com.vn");
	assert_parts("www.vietcombank.com.vn", "com.vn", "vietcombank.com.vn");
	assert_parts("a.b.c.momo.vn", "vn", "momo.vn");
	assert_parts("bbc.co.uk", "co.uk", "bbc.co.uk");
	assert_parts("com.vn", "com.vn", NULL);
	assert_parts("vn", "vn", NULL);
}

static void test_an_unknown_top_level_is_a_suffix(void **state)
{
	(void)state;
	assert_parts("mail.office.example", "example", "office.example");
	assert_parts("example", "example", NULL);
}

static void test_wildcards_and_their_exceptions(void **state)
{
	(void)state;
	assert_parts("shop.foo.ck", "foo.ck", "shop.foo.ck");
	assert_parts("foo.ck", "foo.ck", NULL);
	assert_parts("www.ck", "ck", "www.ck");
	assert_parts("x.city.kawasaki.jp", "kawasaki.jp", "city.kawasaki.jp");
}

static void test_internationalised_suffixes(void **state)
{
	(void)state;
	/* 公司.cn and the Ukrainian top level, in A-labels */
	assert_parts("a.xn--55qx5d.cn", "xn--55qx5d.cn", "a.xn--55qx5d.cn");
	assert_parts("b.a.xn--j1amh", "xn--j1amh", "a.xn--j1amh");
}

static void test_private_suffixes_do_not_count(void **state)
{
	(void)state;
	assert_parts("someone.blogspot.com", "com", "blogspot.com");
	assert_parts("someone.github.io", "io", "github.io");
	assert_parts("a.duckdns.org", "org", "duckdns.org");
}

static void test_odd_names(void **state)
{
	(void)state;
	bool is_suffix = false;
	assert_int_equal(suffix_offset(""), 0);
	registrable_offset("", &is_suffix);
	assert_true(is_suffix);
	const char *odd[] = {".", "..", "a.", ".a", "a..b", "...........", "a.b.c.d.e.f.g.h."};
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		assert_in_range(suffix_offset(odd[i]), 0, strlen(odd[i]) - 1);
		assert_in_range(registrable_offset(odd[i], &is_suffix), 0, strlen(odd[i]) - 1);
	}
	char deep[254];
	for (size_t i = 0; i < 126; i++) {
		memcpy(deep + 2 * i, "a.", 2);
	}
	strcpy(deep + 252, "a");
	assert_parts(deep, "a", "a.a");
}

/* suffix.c looks at no more than the last 6 labels. */
static void test_no_rule_of_the_list_is_longer(void **state)
{
	(void)state;
	FILE *list = fopen("/usr/share/publicsuffix/public_suffix_list.dat", "r");
	if (list == NULL) {
		print_message("the Public Suffix List (package publicsuffix) is not here\n");
		skip();
	}
	char line[512];
	bool icann = false;
	unsigned rules = 0;
	while (fgets(line, sizeof(line), list) != NULL) {
		if (strncmp(line, "// ===BEGIN ICANN", 17) == 0) {
			icann = true;
		} else if (strncmp(line, "// ===END ICANN", 15) == 0) {
			icann = false;
		} else if (icann && line[0] != '/' && line[0] != '\n') {
			unsigned labels = 1;
			for (const char *c = line; *c != '\0'; c++) {
				labels += *c == '.' ? 1 : 0;
			}
			assert_in_range(labels, 1, 6);
			rules++;
		}
	}
	fclose(list);
	assert_true(rules > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_suffixes),
	    cmocka_unit_test(test_an_unknown_top_level_is_a_suffix),
	    cmocka_unit_test(test_wildcards_and_their_exceptions),
	    cmocka_unit_test(test_internationalised_suffixes),
	    cmocka_unit_test(test_private_suffixes_do_not_count),
	    cmocka_unit_test(test_odd_names),
	    cmocka_unit_test(test_no_rule_of_the_list_is_longer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
