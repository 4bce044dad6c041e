/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "policy/name/confusables.h"
#include "tests/bench/seeded.h"

static struct search search;
static struct name name;

static void look(const struct index *index, const char *host)
{
	assert_true(name_parse(host, strlen(host), &name));
	index_search(index, &name, &search);
	for (size_t i = 0; i < search.candidate_count; i++) {
		const struct candidate *found = &search.candidates[i];

		assert_true(found->start < found->end && found->end <= name.element_count);
		for (size_t j = 0; j < i; j++) {
			assert_memory_not_equal(&search.candidates[j], found, sizeof(*found));
		}
	}
}

static bool has(uint32_t token, size_t start, size_t end)
{
	for (size_t i = 0; i < search.candidate_count; i++) {
		const struct candidate *found = &search.candidates[i];

		if (found->token == token && found->start == start && found->end == end) {
			return true;
		}
	}
	return false;
}

static void test_places(void **state)
{
	(void)state;
	static const struct index_entry entries[] = {
	    {"vietcombank", "com.vn"}, {"apple", "com"},        {"vib", "com.vn"},
	    {"wikipedia", "org"},      {"deutsche-bank", "de"}, {"tiki", "vn"},
	};
	struct index *index = index_new(entries, 6);

	assert_non_null(index);
	assert_true(index_memory(index) > sizeof(entries));
	look(index, "vietcombank.top");
	assert_true(has(0, 0, 11));
	look(index, "vietc0mbank.top");
	assert_true(has(0, 0, 11));
	look(index, "www.login-vietcornbank-24h.top");
	assert_true(has(0, 9, 21));
	look(index, "viet-com.bank.top");
	assert_true(has(0, 0, 12));
	look(index, "vietcomban.top");
	assert_true(has(0, 0, 10));
	look(index, "veitcombank.top");
	assert_true(has(0, 0, 11));
	look(index, "pineapple.com");
	assert_true(has(1, 4, 9));
	look(index, "vib.top");
	assert_true(has(2, 0, 3));
	look(index, "vib99.top");
	assert_true(has(2, 0, 3));
	look(index, "vvikipedia.org");
	assert_true(has(3, 0, 10));
	look(index, "deutschebank.com");
	assert_true(has(4, 0, 12));
	look(index, "taki.vn"); /* a short token's typo under its own suffix, */
	assert_true(has(5, 0, 4));
	look(index, "taki.com"); /* and there alone */
	assert_false(has(5, 0, 4));
	look(index, "example.org");
	assert_int_equal(search.candidate_count, 0);
	look(index, "a");
	assert_int_equal(search.candidate_count, 0);
	index_free(index);
}

static void test_empty(void **state)
{
	(void)state;
	struct index *index = index_new(NULL, 0);

	assert_non_null(index);
	look(index, "vietcombank.com.vn");
	assert_int_equal(search.candidate_count, 0);
	index_free(index);
	index_free(NULL);
}

#define TOKENS 300

static char texts[TOKENS][16];
static struct index_entry entries[TOKENS];

/* Of random letters; in a crowd all begin alike and end alike, and have two lengths. */
static void make_texts(struct seeded *random, bool crowd)
{
	for (size_t i = 0; i < TOKENS; i++) {
		size_t len = crowd ? 11 + i % 2 : 6 + seeded_below(random, 8);

		for (size_t j = 0; j < len; j++) {
			texts[i][j] = (char)('a' + seeded_below(random, 26));
		}
		if (crowd) {
			memcpy(texts[i], "bank", 4);
			memcpy(texts[i] + len - 4, "shop", 4);
		}
		texts[i][len] = '\0';
		entries[i] = (struct index_entry){texts[i], "com"};
	}
}

/* Wherever a token stands, and whichever letter of it is changed, it is among the candidates. */
static void test_random_tokens(void **state)
{
	const bool crowd = *(const bool *)*state;
	struct seeded random = {.state = 1};
	struct index *index;

	make_texts(&random, crowd);
	index = index_new(entries, TOKENS);
	assert_non_null(index);
	for (size_t round = 0; round < 20000; round++) {
		uint32_t token = seeded_below(&random, TOKENS);
		size_t len = strlen(texts[token]), at = seeded_below(&random, (uint32_t)len);
		char host[64];

		snprintf(host, sizeof(host), "zz%.15sqq.net", texts[token]);
		look(index, host);
		assert_true(has(token, 2, 2 + len));
		snprintf(host, sizeof(host), "%.15s.net", texts[token]);
		host[at] = (char)('a' + seeded_below(&random, 26));
		look(index, host);
		assert_true(has(token, 0, len));
		snprintf(host, sizeof(host), "x-%.*s%.15s.net", (int)at, texts[token],
			 texts[token] + at + 1);
		look(index, host);
		assert_true(has(token, 2, 1 + len));
		snprintf(host, sizeof(host), "%.*s%c%.15s.net", (int)at, texts[token],
			 (char)('a' + seeded_below(&random, 26)), texts[token] + at);
		look(index, host);
		assert_true(has(token, 0, len + 1));
		snprintf(host, sizeof(host), "%.15s.net", texts[token]);
		if (at + 1 < len) {
			host[at] = texts[token][at + 1];
			host[at + 1] = texts[token][at];
		}
		look(index, host);
		assert_true(has(token, 0, len));
	}
	index_free(index);
}

/* Tokens of one text are one candidate a place, named by the first: no number of a site's domains
 * fills the table. */
static void test_one_candidate_a_text(void **state)
{
	(void)state;
	static char same[400][8];
	static struct index_entry many[400];
	struct index *index;

	for (size_t i = 0; i < 400; i++) {
		snprintf(same[i], sizeof(same[i]), "abcdef");
		many[i] = (struct index_entry){same[i], "com"};
	}
	index = index_new(many, 400);
	assert_non_null(index);
	look(index, "abcdefabcdef.abcdef.com");
	assert_int_equal(search.candidate_count, 3);
	assert_int_equal(search.dropped, 0);
	assert_true(has(0, 12, 18) && has(0, 6, 12) && has(0, 0, 6));
	index_free(index);
}

/* A name that is made to hold very many tokens fills the table; what is dropped stands in front. */
static void test_candidates_are_bounded(void **state)
{
	(void)state;
	static char runs[20][TOKEN_LEN_MAX + 1];
	static struct index_entry many[20];
	struct candidate kept[8];
	struct index *index;
	char host[254] = "";

	for (size_t i = 0; i < 20; i++) {
		memset(runs[i], 'a', 6 + i);
		many[i] = (struct index_entry){runs[i], "com"};
	}
	index = index_new(many, 20);
	assert_non_null(index);
	look(index, "aaaaaaa.com");
	assert_true(search.candidate_count <= 8);
	memcpy(kept, search.candidates, search.candidate_count * sizeof(kept[0]));
	size_t count = search.candidate_count;
	for (size_t i = 0; i < 200; i++) {
		host[i] = i % 50 == 49 ? '.' : 'a';
	}
	strcpy(host + 200, "aaaaaaa.com");
	look(index, host);
	assert_int_equal(search.candidate_count, CANDIDATES_MAX);
	assert_true(search.dropped > 0);
	for (size_t i = 0; i < count; i++) {
		size_t shift = 196; /* four dots are no elements */

		assert_true(has(kept[i].token, kept[i].start + shift, kept[i].end + shift));
	}
	index_free(index);
}

int main(void)
{
	static bool alone = false, crowd = true;
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_empty),
	    {"test_random_tokens", test_random_tokens, NULL, NULL, &alone},
	    {"test_random_tokens, in a crowd", test_random_tokens, NULL, NULL, &crowd},
	    cmocka_unit_test(test_one_candidate_a_text),
	    cmocka_unit_test(test_candidates_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
