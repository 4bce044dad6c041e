/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/file/parsed_policy.h"

static struct parsed_policy *read_well(const char *text)
{
	struct diagnostics diagnostics = {0};
	struct parsed_policy *parsed = parsed_policy_read(text, "p.conf", &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(parsed);
	assert_int_equal(diagnostics.count, 0);
	return parsed;
}

static void test_everything(void **state)
{
	(void)state;
	struct parsed_policy *parsed = read_well(
	    "version = 12;\n"
	    "contact = \"Phòng CNTT, máy lẻ 101\";\n"
	    "actions = { high = \"warn\"; medium = \"warn\"; low = \"observe\"; };\n"
	    "sites = (\n"
	    "  { name = \"Vietcombank\"; domains = [ \"VietComBank.com.vn\" ]; tokens = [ \"VCB\", "
	    "\"vietcombank\" ]; },\n"
	    "  { name = \"Dịch vụ công\"; domains = [ \"dichvucong.gov.vn\", \"dịchvụ.example\" "
	    "];\n"
	    "    tokens = [ \"dvc\" ]; },\n"
	    "  { name = \"Google\"; domains = [ \"google.com\", \"google.*\" ]; }\n"
	    ");\n"
	    "exceptions = [ \"VietcomBank-Run.example\", \"bücher.example\", \"a(1|2)\\.example\" "
	    "];\n"
	    "decorations = [ \"log-?in\", \"xac-?thuc\" ];\n");
	assert_int_equal(parsed->version, 12);
	assert_string_equal(parsed->contact, "Phòng CNTT, máy lẻ 101");
	assert_int_equal(parsed->actions[CONFIDENCE_HIGH], ACTION_WARN);
	assert_int_equal(parsed->actions[CONFIDENCE_MEDIUM], ACTION_WARN);
	assert_int_equal(parsed->actions[CONFIDENCE_LOW], ACTION_OBSERVE);

	assert_int_equal(parsed->site_count, 3);
	const struct site *site = &parsed->sites[0];
	assert_string_equal(site->name, "Vietcombank");
	assert_int_equal(site->domain_count, 1);
	assert_string_equal(site->domains[0].name, "vietcombank.com.vn");
	assert_int_equal(site->token_count, 1);
	assert_string_equal(site->tokens[0], "vcb");
	site = &parsed->sites[1];
	assert_string_equal(site->name, "Dịch vụ công");
	assert_int_equal(site->domain_count, 2);
	assert_string_equal(site->domains[1].suffix, "example");
	assert_string_equal(site->tokens[0], "dvc");
	site = &parsed->sites[2];
	assert_true(site->domains[1].any_suffix);
	assert_int_equal(site->token_count, 0);

	assert_int_equal(parsed->exception_count, 3);
	assert_string_equal(parsed->exceptions[0], "vietcombank-run.example");
	assert_string_equal(parsed->exceptions[1], "xn--bcher-kva.example");
	assert_string_equal(parsed->exceptions[2], "a(1|2)\\.example");
	assert_int_equal(parsed->decoration_count, 2);
	assert_string_equal(parsed->decorations[1], "xac-?thuc");
	parsed_policy_free(parsed);
}

static void test_what_may_be_left_out(void **state)
{
	(void)state;
	struct parsed_policy *parsed =
	    read_well("version=1;contact=\"ask\";sites=({name=\"n\";domains=[\"n.vn\"]})");
	assert_int_equal(parsed->actions[CONFIDENCE_HIGH], ACTION_BLOCK);
	assert_int_equal(parsed->actions[CONFIDENCE_MEDIUM], ACTION_WARN);
	assert_int_equal(parsed->actions[CONFIDENCE_LOW], ACTION_OBSERVE);
	assert_int_equal(parsed->exception_count, 0);
	assert_int_equal(parsed->decoration_count, 0);
	parsed_policy_free(parsed);
}

static void test_ways_of_writing(void **state)
{
	(void)state;
	static const char *const ways[] = {
	    "version:1,contact:\"ask\",sites:({name:\"n\",domains:[\"n.vn\"]})",
	    "version=1contact=\"ask\"sites=({name=\"n\"domains=[\"n.vn\"]})",
	    "version=01;contact=\"ask\";sites=({name=\"n\";domains=(\"n.vn\")})",
	    "version = 1 ;contact=\"ask\";sites=({name=\"n\";domains=[\"n.vn\"]})# no end of line",
	    "\xef\xbb\xbfversion=1;contact=\"ask\";sites=({name=\"n\";domains=[\"n.vn\"]})",
	    ("// a\r\nversion=1;/* \"\n@include \"b\" ( "
	     "*/contact=\"ask\";sites=({name=\"n\";domains=["
	     "\"n.vn\"]})"),
	};
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct parsed_policy *parsed = read_well(ways[i]);
		assert_int_equal(parsed->version, 1);
		assert_string_equal(parsed->sites[0].domains[0].name, "n.vn");
		parsed_policy_free(parsed);
	}
}

static void test_empty_lists(void **state)
{
	(void)state;
	struct parsed_policy *parsed =
	    read_well("version=1;contact=\"ask\";actions={};exceptions=[];decorations=[];"
		      "sites=({name=\"n\";domains=[\"n.vn\"];tokens=[]})");
	assert_int_equal(parsed->exception_count, 0);
	parsed_policy_free(parsed);
}

static void test_the_shipped_example(void **state)
{
	(void)state;
	FILE *file = fopen(EXAMPLE_POLICY, "r");
	assert_non_null(file);
	char *text = NULL;
	size_t room = 0;
	assert_true(getdelim(&text, &room, '\0', file) > 0);
	fclose(file);
	struct parsed_policy *parsed = read_well(text);
	assert_in_range(parsed->site_count, 30, 60);
	assert_in_range(parsed->decoration_count, 50, 150);
	parsed_policy_free(parsed);
	free(text);
}

static void test_free_of_nothing(void **state)
{
	(void)state;
	parsed_policy_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_everything),          cmocka_unit_test(test_what_may_be_left_out),
	    cmocka_unit_test(test_ways_of_writing),     cmocka_unit_test(test_empty_lists),
	    cmocka_unit_test(test_the_shipped_example), cmocka_unit_test(test_free_of_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
