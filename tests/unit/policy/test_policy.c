/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>

#include "tests/unit/policy/judging.h"

static const char good[] =
    "version = 7; contact = \"it@office.example\";"
    "actions = { high = \"warn\"; medium = \"observe\"; low = \"observe\"; };"
    "sites = ( { name = \"Shopee\"; domains = [ \"shopee.vn\" ]; } );";

/* A policy file with these octets. */
static struct policy *load_file(const char *text, size_t len, struct diagnostics *diagnostics)
{
	char path[] = "/tmp/truegate-test-XXXXXX";
	int file = mkstemp(path);
	struct policy *policy;

	assert_true(file >= 0);
	assert_int_equal(write(file, text, len), (ssize_t)len);
	close(file);
	policy = policy_load(path, diagnostics);
	unlink(path);
	return policy;
}

static void test_load(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};
	struct policy *policy = load_file(good, strlen(good), &diagnostics);

	assert_non_null(policy);
	assert_int_equal(diagnostics.count, 0);
	assert_int_equal(policy_version(policy), 7);
	assert_string_equal(policy_contact(policy), "it@office.example");
	assert_int_equal(policy_site_count(policy), 1);
	assert_true(policy_memory(policy) > 1024);
	policy_free(policy);
}

/* Each is refused whole, with a message that names the file. */
static void test_refused(void **state)
{
	(void)state;
	static const char nul[] = "version = 1;\0";
	struct diagnostics diagnostics = {0};

	assert_null(load_file("version = ", 10, &diagnostics));
	assert_int_equal(diagnostics.count, 1);
	memset(&diagnostics, 0, sizeof(diagnostics));
	assert_null(load_file("", 0, &diagnostics));
	assert_true(diagnostics.count >= 1);
	memset(&diagnostics, 0, sizeof(diagnostics));
	assert_null(load_file(nul, sizeof(nul), &diagnostics));
	assert_int_equal(diagnostics.count, 1);
	assert_non_null(strstr(diagnostics.items[0].text, "NUL"));
	memset(&diagnostics, 0, sizeof(diagnostics));
	assert_null(policy_load("/nonexistent/policy.conf", &diagnostics));
	assert_int_equal(diagnostics.count, 1);
	assert_string_equal(diagnostics.items[0].file, "/nonexistent/policy.conf");
	memset(&diagnostics, 0, sizeof(diagnostics));
	assert_null(policy_load("/tmp", &diagnostics));
	assert_int_equal(diagnostics.count, 1);
}

static void test_too_large(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};
	size_t len = (size_t)16 * 1024 * 1024 + 1;
	char *text = malloc(len);

	assert_non_null(text);
	memset(text, ' ', len);
	memcpy(text, good, strlen(good));
	assert_null(load_file(text, len, &diagnostics));
	assert_int_equal(diagnostics.count, 1);
	assert_non_null(strstr(diagnostics.items[0].text, "16777216 octets"));
	free(text);
}

/* The policy's actions are what a finding carries. */
static void test_actions(void **state)
{
	(void)state;
	struct finding found;

	judging = judging_new(good);
	assert_int_equal(judging_of(&judging, "sh0pee.top", &found), JUDGE_FOUND);
	assert_int_equal(found.confidence, CONFIDENCE_HIGH);
	assert_int_equal(found.action, ACTION_WARN);
	judging_free(&judging);
}

static void test_free_of_nothing(void **state)
{
	(void)state;
	policy_free(NULL);
	judge_free(NULL);
}

static void test_words(void **state)
{
	(void)state;
	enum action action;

	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		assert_true(action_parse(action_text((enum action)i), &action));
		assert_int_equal(action, i);
	}
	assert_false(action_parse("flag", &action));
	assert_false(action_parse("", &action));
	assert_string_equal(technique_text(TECHNIQUE_TLD_SWAP), "tld-swap");
	assert_string_equal(confidence_text(CONFIDENCE_MEDIUM), "medium");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_load),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_too_large),
	    cmocka_unit_test(test_actions),
	    cmocka_unit_test(test_free_of_nothing),
	    cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
