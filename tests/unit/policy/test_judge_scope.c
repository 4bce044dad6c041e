/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names are flagged for resemblance alone: words and decorations never make a finding. */
#include "tests/bench/seeded.h"
#include "tests/unit/policy/judging.h"

#define ROUNDS 6000

#define SITES                                                                                      \
	"version = 1; contact = \"it@office.example\"; sites = ("                                  \
	"{ name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ];"                          \
	"  tokens = [ \"vcb\", \"vk\" ]; },"                                                       \
	"{ name = \"Shopee\"; domains = [ \"shopee.vn\" ]; },"                                     \
	"{ name = \"Tiki\"; domains = [ \"tiki.vn\" ]; },"                                         \
	"{ name = \"Google\"; domains = [ \"google.com\", \"google.*\" ]; });"

/* Everything that the names of these tests add is a decoration of this policy. */
static const char decorated[] =
    SITES "decorations = [ \"log-?in\", \"verify\", \"xac-?thuc\", \"nhan-?qua\", \"casino\","
	  "\"bank\", \"download\", \"secure\", \"ngan-?hang\", \"virus\" ];";
static const char bare[] = SITES;

static const char *const words[] = {"login",    "log-in", "verify",   "xacthuc",
				    "nhan-qua", "casino", "download", "secure",
				    "nganhang", "virus",  "24h",      "2024"};
#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

static const char *const ends[] = {".top", ".vip", ".com", ".com.vn", ".blogspot.com", ".xyz"};

static struct judging with, without;

static const char *any_word(struct seeded *random)
{
	return words[seeded_below(random, WORD_COUNT)];
}

static const char *any_joint(struct seeded *random)
{
	static const char *const joints[] = {"", "-", "."};

	return joints[seeded_below(random, 3)];
}

static void test_words_alone(void **state)
{
	(void)state;
	struct seeded random = {.state = 1};

	for (size_t round = 0; round < ROUNDS; round++) {
		struct finding found;
		char name[128];

		snprintf(name, sizeof(name), "%s%s%s%s%s%s", any_word(&random), any_joint(&random),
			 any_word(&random), any_joint(&random), any_word(&random),
			 ends[seeded_below(&random, 6)]);
		if (judging_of(&with, name, &found) != JUDGE_NOTHING) {
			fail_msg("%s is found though it is like no site: %s", name, found.why);
		}
		assert_int_equal(judging_of(&without, name, &found), JUDGE_NOTHING);
	}
}

/*
 * What is found without decorations is found with them: the same site, no less certain. A token
 * with a word beside it.
 */
static void test_decorations_only_raise(void **state)
{
	(void)state;
	static const char *const tokens[] = {"vietcombank", "vietc0mbank", "vcb",    "shopee",
					     "sh0pee",      "tiki",        "google", "g00gle"};
	struct seeded random = {.state = 2};
	size_t both = 0, raised = 0;

	for (size_t round = 0; round < ROUNDS; round++) {
		const char *token = tokens[seeded_below(&random, 8)], *word = any_word(&random);
		const char *joint = any_joint(&random), *end = ends[seeded_below(&random, 6)];
		struct finding plain, found;
		char name[128];

		if (round % 2 == 0) {
			snprintf(name, sizeof(name), "%s%s%s%s", token, joint, word, end);
		} else {
			snprintf(name, sizeof(name), "%s%s%s%s", word, joint, token, end);
		}
		if (judging_of(&without, name, &plain) != JUDGE_FOUND) {
			continue;
		}
		if (judging_of(&with, name, &found) != JUDGE_FOUND ||
		    strcmp(plain.imitates, found.imitates) != 0 ||
		    found.confidence < plain.confidence) {
			fail_msg("%s: a decoration takes from the finding", name);
		}
		both++;
		raised += found.confidence > plain.confidence;
	}
	assert_true(both > ROUNDS / 4);
	assert_true(raised > 0);
}

/*
 * Likewise between two words, one of which is a decoration of both policies: that the other is one
 * too takes nothing away.
 */
static void test_further_decorations_only_raise(void **state)
{
	(void)state;
	static const char *const tokens[] = {"vietcombank", "vcb", "vk", "tiki", "google"};
	struct judging one = judging_new(SITES "decorations = [ \"log-?in\" ];");
	struct seeded random = {.state = 3};
	size_t both = 0;

	for (size_t round = 0; round < ROUNDS; round++) {
		const char *token = tokens[seeded_below(&random, 5)], *word = any_word(&random);
		const char *joint = any_joint(&random), *end = ends[seeded_below(&random, 6)];
		const char *front = seeded_percent(&random, 50) ? "" : "x.";
		struct finding plain, found;
		char name[128];

		if (round % 2 == 0) {
			snprintf(name, sizeof(name), "%slogin-%s%s%s%s", front, token, joint, word,
				 end);
		} else {
			snprintf(name, sizeof(name), "%s%s%s-login.x%s", word, joint, token, end);
		}
		if (judging_of(&one, name, &plain) != JUDGE_FOUND) {
			continue;
		}
		if (judging_of(&with, name, &found) != JUDGE_FOUND ||
		    found.confidence < plain.confidence) {
			fail_msg("%s: a further decoration takes from the finding", name);
		}
		both++;
	}
	assert_true(both > ROUNDS / 4);
	judging_free(&one);
}

/* Without any site to rely on there is nothing to imitate: a policy must name one. */
static void test_no_sites(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};

	assert_null(policy_load_text("version = 1; contact = \"it@office.example\"; sites = ();"
				     "decorations = [ \"casino\" ];",
				     "test", &diagnostics));
	assert_true(diagnostics.count > 0);
}

static int set_up(void **state)
{
	(void)state;
	with = judging_new(decorated);
	without = judging_new(bare);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	judging_free(&with);
	judging_free(&without);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words_alone),
	    cmocka_unit_test(test_decorations_only_raise),
	    cmocka_unit_test(test_further_decorations_only_raise),
	    cmocka_unit_test(test_no_sites),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
