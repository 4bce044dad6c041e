/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/file/parsed_policy.h"
#include "policy/limits.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

#define SITES (SANITIZED ? 20000U : 100000U)

/* Bounds with room for a slow machine; a quadratic step would miss them a hundredfold. */
#define SECONDS_MAX (SANITIZED ? 60.0 : 10.0)
#define KEPT_OCTETS_MAX ((size_t)2 << 20)

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A policy of so many sites; with same, all have the first one's domain and tokens are foreign. */
static char *many_sites(unsigned count, bool same)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	fputs("version = 1; contact = \"ask\"; sites = (\n", out);
	for (unsigned i = 0; i < count; i++) {
		fprintf(
		    out,
		    "{ name = \"Ngân hàng %u\"; domains = [ \"nganhang-%u.com.vn\" ]; tokens = [ "
		    "\"%s%u\" ]; }%s\n",
		    i, same ? 0 : i, same ? "x" : "nh", i, i + 1 < count ? "," : "");
	}
	fputs(");\n", out);
	fclose(out);
	return text;
}

static void test_many_sites_load_fast_and_small(void **state)
{
	(void)state;
	char *text = many_sites(PROTECTED_LABELS_MAX, false);
	struct diagnostics diagnostics = {0};
	size_t before = mallinfo2().uordblks;
	double begin = now();
	struct parsed_policy *parsed = parsed_policy_read(text, "p.conf", &diagnostics);
	double seconds = now() - begin;
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(parsed);
	size_t kept = mallinfo2().uordblks - before;
	print_message("%d sites: %.2f s, %zu octets kept\n", PROTECTED_LABELS_MAX, seconds, kept);
	assert_true(seconds < SECONDS_MAX);
	if (SANITIZED) {
		print_message("memory is not measured under a sanitizer\n");
	} else {
		assert_in_range(kept, (size_t)PROTECTED_LABELS_MAX, KEPT_OCTETS_MAX);
	}
	assert_int_equal(parsed->site_count, PROTECTED_LABELS_MAX);
	char last[64];
	snprintf(last, sizeof(last), "nganhang-%d.com.vn", PROTECTED_LABELS_MAX - 1);
	assert_string_equal(parsed->sites[PROTECTED_LABELS_MAX - 1].domains[0].name, last);
	snprintf(last, sizeof(last), "nh%d", PROTECTED_LABELS_MAX - 1);
	assert_string_equal(parsed->sites[PROTECTED_LABELS_MAX - 1].tokens[0], last);
	parsed_policy_free(parsed);
	free(text);
}

/* More than an office's list is refused, in no more time. */
static void test_a_nations_list_is_refused(void **state)
{
	(void)state;
	char *text = many_sites(SITES, false);
	struct diagnostics diagnostics = {0};
	double begin = now();
	assert_null(parsed_policy_read(text, "p.conf", &diagnostics));
	assert_true(now() - begin < SECONDS_MAX);
	assert_int_equal(diagnostics.count, 1);
	assert_non_null(strstr(diagnostics.items[0].text, "different labels; write at most 1024"));
	free(text);
}

static void test_many_errors_are_no_slower(void **state)
{
	(void)state;
	char *text = many_sites(SITES, true);
	struct diagnostics diagnostics = {0};
	double begin = now();
	assert_null(parsed_policy_read(text, "p.conf", &diagnostics));
	assert_true(now() - begin < SECONDS_MAX);
	/* every token, and every domain but the first*/
	assert_int_equal(diagnostics.count + diagnostics.more, 2 * SITES - 1);
	free(text);
}

/* The lists of one site are bounded, and finding that out is quick. */
static void test_one_site_with_very_much(void **state)
{
	(void)state;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	fputs("version = 1; contact = \"ask\"; sites = ( { name = \"N\"; domains = [ \"n.vn\"",
	      out);
	for (unsigned i = 0; i < SITES; i++) {
		fprintf(out, ",\"n%u.vn\"", i);
	}
	fputs(" ]; tokens = [ \"n\"", out);
	for (unsigned i = 0; i < SITES; i++) {
		fprintf(out, ",\"n%u\"", i);
	}
	fputs(" ]; } );", out);
	fclose(out);
	struct diagnostics diagnostics = {0};
	double begin = now();
	assert_null(parsed_policy_read(text, "p.conf", &diagnostics));
	assert_true(now() - begin < SECONDS_MAX);
	assert_int_equal(diagnostics.count, 2);
	assert_non_null(strstr(diagnostics.items[0].text, "domains has "));
	assert_non_null(strstr(diagnostics.items[1].text, "tokens has "));
	free(text);
}

static void test_a_file_that_is_too_large(void **state)
{
	(void)state;
	const size_t len = (16U << 20) + 1;
	char *text = malloc(len + 1);
	assert_non_null(text);
	memset(text, ' ', len);
	text[len] = '\0';
	struct diagnostics diagnostics = {0};
	assert_null(parsed_policy_read(text, "p.conf", &diagnostics));
	assert_int_equal(diagnostics.count, 1);
	assert_non_null(strstr(diagnostics.items[0].text, "larger than 16 MiB"));
	text[len - 1] = '\0';
	memset(&diagnostics, 0, sizeof(diagnostics));
	assert_null(parsed_policy_read(text, "p.conf", &diagnostics));
	assert_non_null(strstr(diagnostics.items[0].text, "there is no"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_many_sites_load_fast_and_small),
	    cmocka_unit_test(test_a_nations_list_is_refused),
	    cmocka_unit_test(test_many_errors_are_no_slower),
	    cmocka_unit_test(test_one_site_with_very_much),
	    cmocka_unit_test(test_a_file_that_is_too_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
