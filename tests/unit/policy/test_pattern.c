/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/pattern/decorations.h"
#include "policy/pattern/exceptions.h"
#include "policy/pattern/pattern.h"

static char *const words[] = {"log-?in", "xac-?thuc", "nhan-?qua", "VIP|vang"};
#define WORD_COUNT (sizeof(words) / sizeof(*words))

static bool fills(const struct decorations *decorations, struct pattern_scratch *scratch,
		  const char *text)
{
	/* An exact copy, so that a sanitizer sees a read past the end. */
	size_t len = strlen(text);
	char *copy = malloc(len + 1);
	assert_non_null(copy);
	memcpy(copy, text, len);
	copy = realloc(copy, len > 0 ? len : 1);
	assert_non_null(copy);
	bool result = decorations_fill(decorations, scratch, copy, len);
	free(copy);
	return result;
}

static void test_decorations_fill(void **state)
{
	(void)state;
	struct decorations *decorations = decorations_new(words, WORD_COUNT);
	struct pattern_scratch *scratch = pattern_scratch_new();
	const char *filled[] = {
	    "login",    "log-in", "xac-thuc", "nhan-qua-247", "247",          "-",
	    "loginvip", "vang",   "LOGIN",    "vip-xacthuc-", "login-login2", "0xacthuc0"};
	const char *others[] = {"",   "logi",   "logins", "xlogin", "thuc",
				"va", "log_in", "login.", "v1p"};
	for (size_t i = 0; i < sizeof(filled) / sizeof(*filled); i++) {
		assert_true(fills(decorations, scratch, filled[i]));
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		assert_false(fills(decorations, scratch, others[i]));
	}
	pattern_scratch_free(scratch);
	decorations_free(decorations);
}

static void assert_found(const struct decorations *decorations, struct pattern_scratch *scratch,
			 const char *text, enum pattern_place place, const char *expected)
{
	size_t start = 0;
	size_t end = 0;
	bool found =
	    decorations_find(decorations, scratch, text, strlen(text), place, &start, &end);
	assert_int_equal(found, expected != NULL);
	if (expected != NULL) {
		assert_int_equal(end - start, strlen(expected));
		assert_memory_equal(text + start, expected, end - start);
	}
	if (expected != NULL && place == PATTERN_AT_START) {
		assert_int_equal(start, 0);
	}
	if (expected != NULL && place == PATTERN_AT_END) {
		assert_int_equal(end, strlen(text));
	}
}

static void test_decorations_find(void **state)
{
	(void)state;
	struct decorations *decorations = decorations_new(words, WORD_COUNT);
	struct pattern_scratch *scratch = pattern_scratch_new();
	assert_found(decorations, scratch, "abcloginxvip", PATTERN_ANYWHERE, "login");
	assert_found(decorations, scratch, "abcloginxvip", PATTERN_AT_END, "vip");
	assert_found(decorations, scratch, "abcloginxvip", PATTERN_AT_START, NULL);
	assert_found(decorations, scratch, "vanglogin", PATTERN_AT_START, "vang");
	assert_found(decorations, scratch, "vanglogin", PATTERN_AT_END, "login");
	assert_found(decorations, scratch, "viplog", PATTERN_AT_END, NULL);
	assert_found(decorations, scratch, "nothing", PATTERN_ANYWHERE, NULL);
	assert_found(decorations, scratch, "", PATTERN_ANYWHERE, NULL);
	assert_found(decorations, scratch, "login", PATTERN_WHOLE, NULL);
	pattern_scratch_free(scratch);
	decorations_free(decorations);
}

static void test_no_decorations(void **state)
{
	(void)state;
	struct decorations *decorations = decorations_new(NULL, 0);
	struct pattern_scratch *scratch = pattern_scratch_new();
	assert_non_null(decorations);
	assert_true(fills(decorations, scratch, "24-7"));
	assert_false(fills(decorations, scratch, "login"));
	assert_found(decorations, scratch, "login", PATTERN_ANYWHERE, NULL);
	pattern_scratch_free(scratch);
	decorations_free(decorations);
}

/* Words of one letter and two, and those that differ in their second letter only. */
static void test_short_decorations_are_found(void **state)
{
	(void)state;
	char *const brief[] = {"x", "vn", "o-?tp", "id[12]?"};
	struct decorations *decorations = decorations_new(brief, 4);
	struct pattern_scratch *scratch = pattern_scratch_new();
	assert_non_null(decorations);
	assert_found(decorations, scratch, "qqx", PATTERN_AT_END, "x");
	assert_found(decorations, scratch, "xqq", PATTERN_AT_START, "x");
	assert_found(decorations, scratch, "x", PATTERN_ANYWHERE, "x");
	assert_found(decorations, scratch, "qqvn", PATTERN_AT_END, "vn");
	assert_found(decorations, scratch, "qo-tpq", PATTERN_ANYWHERE, "o-tp");
	assert_found(decorations, scratch, "qid2", PATTERN_AT_END, "id2");
	assert_found(decorations, scratch, "qidq", PATTERN_AT_END, NULL);
	assert_found(decorations, scratch, "", PATTERN_AT_END, NULL);
	assert_true(fills(decorations, scratch, "vnx"));
	assert_true(fills(decorations, scratch, "id1otp"));
	assert_false(fills(decorations, scratch, "v"));
	pattern_scratch_free(scratch);
	decorations_free(decorations);
}

/* Exponential without a bound on steps. */
static void test_backtracking_ends(void **state)
{
	(void)state;
	char *const bad[] = {"(?:a+)+", "(?:a|aa)+", "(?:a*a*)*b"};
	struct decorations *decorations = decorations_new(bad, 3);
	struct pattern_scratch *scratch = pattern_scratch_new();
	char text[64];
	memset(text, 'a', sizeof(text));
	text[62] = '_';
	text[63] = '\0';
	struct timespec before;
	struct timespec after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	for (int i = 0; i < 20; i++) {
		assert_false(decorations_fill(decorations, scratch, text, 63));
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_in_range(after.tv_sec - before.tv_sec, 0, 5);
	/* What has room for a match still has one afterwards. */
	assert_true(decorations_fill(decorations, scratch, "aa", 2));
	pattern_scratch_free(scratch);
	decorations_free(decorations);
}

static void test_patterns_too_large_together(void **state)
{
	(void)state;
	char *many[PATTERN_COUNT_MAX];
	for (size_t i = 0; i < PATTERN_COUNT_MAX; i++) {
		assert_true(asprintf(&many[i], "(?:abcdefghij%zu){200}", i) > 0);
	}
	assert_null(decorations_new(many, PATTERN_COUNT_MAX));
	assert_null(exceptions_new(many, PATTERN_COUNT_MAX));
	for (size_t i = 0; i < PATTERN_COUNT_MAX; i++) {
		free(many[i]);
	}
}

static void test_exceptions(void **state)
{
	(void)state;
	char *const entries[] = {"zebra.example", "vietcombank-run.example",
				 "shop\\d+\\.office\\.example", "[a-c]\\.example", "acme.vn"};
	struct exceptions *exceptions = exceptions_new(entries, 5);
	struct pattern_scratch *scratch = pattern_scratch_new();
	const char *excepted[] = {"vietcombank-run.example", "www.vietcombank-run.example",
				  "a.b.c.acme.vn",           "zebra.example",
				  "shop12.office.example",   "b.example"};
	const char *others[] = {"xvietcombank-run.example",
				"vietcombank-run.example.top",
				"example",
				"x.shop12.office.example",
				"shop12.office.example.vn",
				"d.example",
				"shopoffice.example",
				"vietcombank-run",
				"acme.vn.acme",
				""};
	for (size_t i = 0; i < sizeof(excepted) / sizeof(*excepted); i++) {
		assert_true(exceptions_match(exceptions, scratch, excepted[i]));
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		assert_false(exceptions_match(exceptions, scratch, others[i]));
	}
	exceptions_free(exceptions);

	exceptions = exceptions_new(NULL, 0);
	assert_non_null(exceptions);
	assert_false(exceptions_match(exceptions, scratch, "acme.vn"));
	exceptions_free(exceptions);
	pattern_scratch_free(scratch);
}

static void test_host_or_pattern(void **state)
{
	(void)state;
	assert_true(exception_is_host("a-b.example"));
	assert_true(exception_is_host("A1.Example"));
	assert_true(exception_is_host("bücher.example"));
	assert_false(exception_is_host("a.*"));
	assert_false(exception_is_host("a\\.example"));
	assert_false(exception_is_host("a b"));
	assert_false(exception_is_host("(a)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_decorations_fill),
	    cmocka_unit_test(test_decorations_find),
	    cmocka_unit_test(test_short_decorations_are_found),
	    cmocka_unit_test(test_no_decorations),
	    cmocka_unit_test(test_backtracking_ends),
	    cmocka_unit_test(test_patterns_too_large_together),
	    cmocka_unit_test(test_exceptions),
	    cmocka_unit_test(test_host_or_pattern),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
