/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policy/difference.h"

#define HEAD "version = 1; contact = \"it@office.example\";\n"
#define BANK "{ name = \"Bank\"; domains = [ \"vietcombank.com.vn\" ]; tokens = [ \"vcb\" ]; }"
#define SHOP "{ name = \"Shop\"; domains = [ \"shopee.vn\" ]; }"
#define SITES(sites) "sites = ( " sites " );\n"

static char told[4096];

static void note(void *ctx, const char *change)
{
	(void)ctx;
	strcat(told, change);
	strcat(told, "\n");
}

/* \returns what is told, a line each. */
static const char *difference(const char *before, const char *after)
{
	struct diagnostics diagnostics = {0};
	struct policy *old = policy_load_text(before, "old", &diagnostics);
	struct policy *new = policy_load_text(after, "new", &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(old);
	assert_non_null(new);
	size_t count = 0;
	size_t lines = 0;
	told[0] = '\0';
	assert_true(policy_difference(old, new, note, NULL, &count));
	for (const char *c = told; *c != '\0'; c++) {
		lines += *c == '\n';
	}
	assert_int_equal(count, lines);
	policy_free(old);
	policy_free(new);
	return told;
}

static void test_none(void **state)
{
	(void)state;
	assert_string_equal(difference(HEAD SITES(BANK "," SHOP), HEAD SITES(BANK "," SHOP)), "");
	assert_string_equal(difference(HEAD SITES(BANK "," SHOP), HEAD SITES(SHOP "," BANK)), "");
}

static void test_settings(void **state)
{
	(void)state;
	assert_string_equal(difference(HEAD SITES(BANK),
				       "version = 2; contact = \"help@office.example\"; actions "
				       "= { medium = \"observe\"; };" SITES(BANK)),
			    "version: 1, then 2\n"
			    "contact: it@office.example, then help@office.example\n"
			    "action at medium confidence: warn, then observe\n");
}

static void test_sites(void **state)
{
	(void)state;
	assert_string_equal(difference(HEAD SITES(BANK), HEAD SITES(BANK "," SHOP)),
			    "site Shop (shopee.vn) is added\n");
	assert_string_equal(difference(HEAD SITES(BANK "," SHOP), HEAD SITES(SHOP)),
			    "site Bank (vietcombank.com.vn) is removed\n");
	assert_string_equal(
	    difference(HEAD SITES(BANK),
		       HEAD SITES("{ name = \"Bank\"; domains = [ \"vietcombank.com.vn\", "
				  "\"vietcombank.vn\" ]; tokens = [ \"vietcom\" ]; }")),
	    "site Bank: domain vietcombank.vn is added\n"
	    "site Bank: token vcb is removed\n"
	    "site Bank: token vietcom is added\n");
}

static void test_patterns(void **state)
{
	(void)state;
	assert_string_equal(
	    difference(HEAD SITES(BANK) "exceptions = [ \"a.example\", \"c.example\" ];",
		       HEAD SITES(BANK) "exceptions = [ \"c.example\", \"b.example\" ];"
					"decorations = [ \"log-?in\" ];"),
	    "exception a.example is removed\n"
	    "exception b.example is added\n"
	    "decoration log-?in is added\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_none),
	    cmocka_unit_test(test_settings),
	    cmocka_unit_test(test_sites),
	    cmocka_unit_test(test_patterns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
