/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pattern of a policy is a finite list of words: which, and what is no such list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/pattern/pattern_words.h"

static struct pattern_words words;

static void assert_refused(const char *pattern, const char *part_of_why)
{
	char why[256] = "";
	assert_false(pattern_words_list(pattern, &words, why, sizeof(why)));
	if (strstr(why, part_of_why) == NULL) {
		fail_msg("\"%s\": \"%s\" lacks \"%s\"", pattern, why, part_of_why);
	}
}

static void assert_words(const char *pattern, const char *joined)
{
	char why[256] = "";
	char list[1024] = "";
	if (!pattern_words_list(pattern, &words, why, sizeof(why))) {
		fail_msg("\"%s\": %s", pattern, why);
	}
	for (size_t i = 0; i < words.count; i++) {
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i > 0 ? " " : "",
			 words.items[i]);
	}
	assert_string_equal(list, joined);
}

static void test_words(void **state)
{
	(void)state;
	assert_words("login", "login");
	assert_words("LogIn24", "login24");
	assert_words("log-?in", "log-in login");
	assert_words("a\\.b\\-c", "a.b-c");
	assert_words("xac-?(thuc|nhan)", "xac-thuc xac-nhan xacthuc xacnhan");
	assert_words("(?:e|i)?-?bank", "e-bank ebank i-bank ibank -bank bank");
	assert_words("[ei]?-?bank", "e-bank ebank i-bank ibank -bank bank");
	assert_words("ab|cd", "ab cd");
	assert_words("(ab)?(ab)?c", "ababc abc c");
	assert_words("((a|b)c)?d", "acd bcd d");
	assert_words("(|a)b", "b ab");
}

/* PCRE2 matches what the words say. */
static void test_agrees_with_pcre2(void **state)
{
	(void)state;
	static const char *const patterns[] = {"xac-?(thuc|nhan)", "(?:e|i)?-?bank(?:ing)?",
					       "a?b?c?d", "(a(b|cd)?)?e", "a\\.b(\\-c)?"};
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		char why[256];
		char *pattern = strdup(patterns[i]);
		assert_non_null(pattern);
		assert_true(pattern_words_list(pattern, &words, why, sizeof(why)));
		struct pattern *compiled = pattern_join(&pattern, 1, true, false);
		struct pattern_scratch *scratch = pattern_scratch_new();
		assert_non_null(compiled);
		assert_non_null(scratch);
		for (size_t j = 0; j < words.count; j++) {
			size_t start = 0;
			size_t end = 0;
			assert_true(pattern_match(compiled, scratch, words.items[j],
						  strlen(words.items[j]), &start, &end));
		}
		pattern_scratch_free(scratch);
		pattern_free(compiled);
		free(pattern);
	}
}

static void test_what_is_no_list_of_words(void **state)
{
	(void)state;
	static const char *const open_ended[] = {
	    "a*",   "a+",     "a{2}",   "\\d+", "(?i)a", "(?R)", "(?=a)b", "^a",      "a$",
	    "a\\b", "\\Qa",   "a\\",    "a#",   "a b",   "a\nb", "xác",    "(*UTF)a", "\xff",
	    "a/b",  "(?'n'a", "\\p{L}", "a_b",  "\"",    "?a",   "a??",    "(?>a)b",  "(?|a)b",
	};
	for (size_t i = 0; i < sizeof(open_ended) / sizeof(*open_ended); i++) {
		assert_refused(open_ended[i], "is not allowed; a pattern is a list of words");
	}
	static const char *const no_letters[] = {"[a-c]", "[^q]+", "[a-pr-z]+", "[aeiou]",
						 "[.]",   "[a",    "[]"};
	for (size_t i = 0; i < sizeof(no_letters) / sizeof(*no_letters); i++) {
		assert_refused(no_letters[i], "[ ] at character 1");
	}
	assert_refused("ab^", "character 3 ");
	assert_refused("a.b", "has a dot at character 2 that would stand for any character");
	assert_refused("[^q].*", "at character 1 ");
	assert_refused(".{8,}", "has a dot at character 1");
	assert_refused("(", "bracket at character 1 that is never closed");
	assert_refused("a(?:b", "bracket at character 2 that is never closed");
	assert_refused("a)b", "bracket at character 2 that closes nothing");
	assert_refused("(((((a)))))", "too many brackets");
}

static void test_the_empty_word(void **state)
{
	(void)state;
	static const char *const empty[] = {"a?", "(a|)", "()", "|", "a|", "(a?b?)"};
	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++) {
		assert_refused(empty[i], "matches the empty text");
	}
	assert_refused("", "is empty");
}

static void test_bounds(void **state)
{
	(void)state;
	char pattern[PATTERN_LEN_MAX + 2];
	char why[256];
	memset(pattern, 'a', sizeof(pattern));
	pattern[PATTERN_LEN_MAX] = '\0';
	assert_true(pattern_words_list(pattern, &words, why, sizeof(why)));
	pattern[PATTERN_LEN_MAX] = 'a';
	pattern[PATTERN_LEN_MAX + 1] = '\0';
	assert_refused(pattern, "at most 128");
	assert_true(pattern_words_list("(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)", &words, why, sizeof(why)));
	assert_int_equal(words.count, 64);
	assert_refused("(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)c?", "more than 64 words");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_agrees_with_pcre2),
	    cmocka_unit_test(test_what_is_no_list_of_words),
	    cmocka_unit_test(test_the_empty_word),
	    cmocka_unit_test(test_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
