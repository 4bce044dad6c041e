/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that were just found honest are known, by a keyed hash, until they are forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "policy/engine/honest_memo.h"

static int set_up(void **state)
{
	*state = honest_memo_new();
	return *state == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	honest_memo_free(*state);
	return 0;
}

static uint64_t hash_of(const struct honest_memo *memo, size_t number)
{
	char host[32];
	const int len = snprintf(host, sizeof(host), "host%zu.example", number);

	return honest_memo_hash(memo, host, (size_t)len);
}

static void test_known_until_forgotten(void **state)
{
	struct honest_memo *memo = *state;

	for (int round = 0; round < 2; round++) {
		assert_false(honest_memo_has(memo, hash_of(memo, 1)));
		honest_memo_add(memo, hash_of(memo, 1));
		assert_true(honest_memo_has(memo, hash_of(memo, 1)));
		assert_false(honest_memo_has(memo, hash_of(memo, 2)));
		honest_memo_forget(memo);
	}
	assert_false(honest_memo_has(memo, hash_of(memo, 1)));
}

/* Nearly all of as many names as it is made for, and the newest of ever so many. */
static void test_full(void **state)
{
	struct honest_memo *memo = *state;
	const size_t added = (size_t)4 * HONEST_MEMO_NAMES;
	size_t known = 0;

	for (size_t i = 0; i < HONEST_MEMO_NAMES / 2; i++) {
		honest_memo_add(memo, hash_of(memo, i));
	}
	for (size_t i = 0; i < HONEST_MEMO_NAMES / 2; i++) {
		known += honest_memo_has(memo, hash_of(memo, i));
	}
	assert_true(known > HONEST_MEMO_NAMES / 2 - HONEST_MEMO_NAMES / 50);
	for (size_t i = 0; i < added; i++) {
		honest_memo_add(memo, hash_of(memo, i));
		assert_true(honest_memo_has(memo, hash_of(memo, i)));
	}
	known = 0;
	for (size_t i = 0; i < added; i++) {
		known += honest_memo_has(memo, hash_of(memo, i));
	}
	assert_true(known <= HONEST_MEMO_NAMES);
	assert_true(known > HONEST_MEMO_NAMES * 9 / 10);
}

/* The oldest of a place goes first: names whose hashes have the same upper bits stand in one. */
static void test_oldest_goes_first(void **state)
{
	struct honest_memo *memo = *state;

	for (uint64_t i = 0; i <= 16; i++) {
		honest_memo_add(memo, 2 * i + 1);
	}
	assert_false(honest_memo_has(memo, 1));
	for (uint64_t i = 1; i <= 16; i++) {
		assert_true(honest_memo_has(memo, 2 * i + 1));
	}
}

/* Who knows one memo's hashes knows nothing of another's. */
static void test_keyed(void **state)
{
	struct honest_memo *other = honest_memo_new();

	assert_non_null(other);
	assert_int_not_equal(hash_of(*state, 1), hash_of(other, 1));
	honest_memo_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_known_until_forgotten, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_full, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_oldest_goes_first, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_keyed, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
