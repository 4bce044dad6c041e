/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fake asked for again is not weighed again; of a name that is no finding nothing is kept but by
 * whoever asked for that, until it is forgotten.
 */
#include "policy/engine/judge_memo.h"
#include "tests/unit/policy/judging.h"

static const char policy[] = "version = 1; contact = \"it@office.example\"; sites = ("
			     "{ name = \"Amazon\"; domains = [ \"amazon.com\" ]; });";

static int set_up(void **state)
{
	(void)state;
	judging = judging_new(policy);
	return 0;
}

static void assert_same(const struct finding *a, const struct finding *b)
{
	assert_ptr_equal(a->imitates, b->imitates);
	assert_ptr_equal(a->site, b->site);
	assert_int_equal(a->technique, b->technique);
	assert_int_equal(a->confidence, b->confidence);
	assert_int_equal(a->action, b->action);
	assert_int_equal(a->labels, b->labels);
	assert_string_equal(a->why, b->why);
	assert_string_equal(a->why_vi, b->why_vi);
}

static void test_found_again(void **state)
{
	struct finding first, again;
	size_t before;

	(void)state;
	assert_int_equal(judging_of(&judging, "amaz0n-login.top", &first), JUDGE_FOUND);
	before = judge_weighed(judging.judge);
	assert_true(before > 0);
	assert_int_equal(judging_of(&judging, "amaz0n-login.top", &again), JUDGE_FOUND);
	assert_int_equal(judge_weighed(judging.judge), before);
	assert_same(&first, &again);
}

/* The site's own name is weighed, as it resembles itself; each time, as nothing is kept of it. */
static void test_no_finding_is_kept(void **state)
{
	struct finding finding;
	size_t before;

	(void)state;
	assert_int_equal(judging_of(&judging, "www.amazon.com", &finding), JUDGE_NOTHING);
	before = judge_weighed(judging.judge);
	assert_int_equal(judging_of(&judging, "www.amazon.com", &finding), JUDGE_NOTHING);
	assert_int_equal(judge_weighed(judging.judge), before + 1);
}

static void test_honest_is_kept_until_forgotten(void **state)
{
	struct judge *judge = judge_new(judging.policy);
	struct finding finding;
	const char *host = "www.amazon.com";
	size_t len = strlen(host);

	(void)state;
	assert_non_null(judge);
	assert_true(judge_remember_honest(judge));
	for (size_t weighed = 1; weighed <= 3; weighed++) {
		assert_int_equal(judge_name(judge, host, len, &finding), JUDGE_NOTHING);
		assert_int_equal(judge_weighed(judge), weighed);
		assert_int_equal(judge_name(judge, host, len, &finding), JUDGE_NOTHING);
		assert_int_equal(judge_weighed(judge), weighed);
		judge_forget_honest(judge);
	}
	judge_free(judge);
}

/* What is remembered changes no answer: of names that are honest, found, and none at all. */
static void test_remembering_changes_nothing(void **state)
{
	struct judge *judge = judge_new(judging.policy);

	(void)state;
	assert_non_null(judge);
	assert_true(judge_remember_honest(judge));
	for (int i = 0; i < 6000; i++) {
		char name[64];
		struct finding plain, remembered;

		/* each is asked for twice, with others between */
		snprintf(name, sizeof(name), "%s%d.%s",
			 i % 4 == 0   ? "amaz0n"
			 : i % 4 == 1 ? "amazon-"
			 : i % 4 == 2 ? "weather"
				      : "bad..name",
			 i % 1000, i % 8 < 4 ? "top" : "example");
		const enum judge_result result = judging_of(&judging, name, &plain);
		assert_int_equal(judge_name(judge, name, strlen(name), &remembered), result);
		if (result == JUDGE_FOUND) {
			assert_same(&plain, &remembered);
		}
	}
	judge_free(judge);
}

/* More names than there are places: each has what a judge that remembers nothing finds. */
static void test_places_taken(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < JUDGE_MEMO_PLACES + 300; i++) {
			char name[64];
			struct finding finding, other_finding;
			struct judge *other = i % 64 == 0 ? judge_new(judging.policy) : NULL;

			snprintf(name, sizeof(name), "%s%d.%s",
				 i % 3 == 0 ? "amazon-login" : "amaz0n", i,
				 i % 2 == 0 ? "top" : "example");
			const enum judge_result result = judging_of(&judging, name, &finding);
			if (other != NULL) {
				assert_int_equal(
				    judge_name(other, name, strlen(name), &other_finding), result);
				if (result == JUDGE_FOUND) {
					assert_same(&finding, &other_finding);
				}
				judge_free(other);
			}
		}
	}
}

/* What a site's own domain would be as a stranger's is not what it is as its own. */
static void test_stranger(void **state)
{
	struct finding finding;

	(void)state;
	assert_int_equal(judging_of(&judging, "amazon.top", &finding), JUDGE_FOUND);
	assert_int_equal(judge_stranger(judging.judge, "amazon.top", strlen("amazon.top"),
					finding.site, &finding),
			 JUDGE_NOTHING);
	assert_int_equal(judging_of(&judging, "amazon.top", &finding), JUDGE_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_found_again),
	    cmocka_unit_test(test_no_finding_is_kept),
	    cmocka_unit_test(test_honest_is_kept_until_forgotten),
	    cmocka_unit_test(test_remembering_changes_nothing),
	    cmocka_unit_test(test_places_taken),
	    cmocka_unit_test(test_stranger),
	};
	return cmocka_run_group_tests(tests, set_up, judging_tear_down);
}
