/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office's own file: what it takes away is taken away, and it can do nothing else.
 */
#include <unistd.h>

#include "policy/file/local_file.h"
#include "tests/unit/policy/judging.h"

static const char policy_text[] =
    "version = 1; contact = \"authority@police.example\";"
    "actions = { high = \"block\"; medium = \"block\"; low = \"observe\"; };"
    "sites = ( { name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ];"
    "           own = [ \"vietcombank-cdn.net\", \"vietcombank.azureedge.net\" ]; },"
    "         { name = \"PayPal\"; domains = [ \"paypal.com\" ]; } );"
    "exceptions = [ \"vietc0mbank.net\" ];";

static void write_file(char path[], const char *text)
{
	const int file = mkstemp(path);
	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
}

static struct policy *load(const char *local_text, struct diagnostics *diagnostics)
{
	char policy_path[] = "/tmp/truegate-test-XXXXXX";
	char local_path[] = "/tmp/truegate-test-XXXXXX";
	write_file(policy_path, policy_text);
	write_file(local_path, local_text);
	const struct policy_source source = {.path = policy_path, .local = local_path};
	struct policy *policy = policy_load_from(&source, diagnostics);
	unlink(policy_path);
	unlink(local_path);
	return policy;
}

static struct judging judging_with(const char *local_text)
{
	struct diagnostics diagnostics = {0};
	struct judging made = {.policy = load(local_text, &diagnostics)};
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(made.policy);
	made.judge = judge_new(made.policy);
	assert_non_null(made.judge);
	return made;
}

static void test_takes_away(void **state)
{
	(void)state;
	struct finding finding;
	struct judging without = judging_with("");
	struct judging with =
	    judging_with("contact = \"it@office.example\";\n"
			 "exceptions = [ \"vietc0mbank.top\", \"paypa1-(dev|test)\\\\.net\" ];\n"
			 "search = [ \"office.example\", \"corp.lan\" ];\n"
			 "actions = { high = \"warn\"; };\n");
	static const char *const freed[] = {
	    "vietc0mbank.top",           "www.vietc0mbank.top",     "paypa1-dev.net",
	    "paypal.com.office.example", "www.paypal.com.corp.lan",
	};
	for (size_t i = 0; i < sizeof(freed) / sizeof(*freed); i++) {
		assert_int_equal(judging_of(&without, freed[i], &finding), JUDGE_FOUND);
		assert_int_equal(judging_of(&with, freed[i], &finding), JUDGE_NOTHING);
	}
	assert_int_equal(judging_of(&without, "vietc0mbank.xyz", &finding), JUDGE_FOUND);
	assert_int_equal(finding.action, ACTION_BLOCK);
	assert_int_equal(judging_of(&with, "vietc0mbank.xyz", &finding), JUDGE_FOUND);
	assert_int_equal(finding.action, ACTION_WARN);
	assert_string_equal(policy_contact(without.policy), "authority@police.example");
	assert_string_equal(policy_contact(with.policy), "it@office.example");
	/* milder at high is milder below; what was milder stays so */
	assert_int_equal(policy_action(with.policy, CONFIDENCE_MEDIUM), ACTION_WARN);
	assert_int_equal(policy_action(with.policy, CONFIDENCE_LOW), ACTION_OBSERVE);
	judging_free(&without);
	judging_free(&with);
}

/* A stricter word than the policy's changes nothing. */
static void test_never_stricter(void **state)
{
	(void)state;
	struct judging with = judging_with("actions = { low = \"warn\"; };");
	assert_int_equal(policy_action(with.policy, CONFIDENCE_LOW), ACTION_OBSERVE);
	judging_free(&with);
}

static void test_views(void **state)
{
	(void)state;
	struct judging with = judging_with("exceptions = [ \"x.example\" ]; search = [ \"lan\" ];");
	const struct policy *policy = with.policy;
	struct policy_site_view site;
	policy_site(policy, 0, &site);
	assert_string_equal(site.name, "Vietcombank");
	assert_int_equal(site.domain_count, 1);
	assert_string_equal(policy_site_domain(&site, 0), "vietcombank.com.vn");
	assert_int_equal(site.own_count, 2);
	assert_string_equal(policy_site_own(&site, 1), "vietcombank.azureedge.net");
	assert_int_equal(policy_exception_count(policy), 1);
	assert_string_equal(policy_exception_at(policy, 0), "vietc0mbank.net");
	assert_int_equal(policy_local_exception_count(policy), 1);
	assert_string_equal(policy_local_exception_at(policy, 0), "x.example");
	assert_int_equal(policy_local_search_count(policy), 1);
	assert_string_equal(policy_local_search_at(policy, 0), "lan");
	assert_null(policy_signer(policy));
	judging_free(&with);
}

/* `own` domains are never flagged, and nothing is flagged for being like one of them. */
static void test_own(void **state)
{
	(void)state;
	struct finding finding;
	struct judging with = judging_with("");
	assert_int_equal(judging_of(&with, "vietcombank-cdn.net", &finding), JUDGE_NOTHING);
	assert_int_equal(judging_of(&with, "img.vietcombank-cdn.net", &finding), JUDGE_NOTHING);
	assert_int_equal(judging_of(&with, "vietcombank.azureedge.net", &finding), JUDGE_NOTHING);
	assert_int_equal(judging_of(&with, "vietcombank-login.azureedge.net", &finding),
			 JUDGE_FOUND);
	assert_string_equal(finding.imitates, "vietcombank.com.vn");
	judging_free(&with);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *message;
	} cases[] = {
	    {"sites = ( );", "unknown setting \"sites\"; this file has only contact, actions, "
			     "exceptions and search; it cannot add sites"},
	    {"search = [ \"com.vn\" ];", "search suffix \"com.vn\" is a public suffix; write the "
					 "office's own domain, such as \"office.com.vn\""},
	    {"exceptions = [ \"com\" ];", "exception \"com\" is a public suffix"},
	    {"actions = { high = \"allow\"; };", "high must be \"observe\", \"warn\" or \"block\""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct diagnostics diagnostics = {0};
		assert_null(load(cases[i].text, &diagnostics));
		assert_int_equal(diagnostics.count, 1);
		assert_non_null(strstr(diagnostics.items[0].text, cases[i].message));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_takes_away), cmocka_unit_test(test_never_stricter),
	    cmocka_unit_test(test_views),      cmocka_unit_test(test_own),
	    cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
