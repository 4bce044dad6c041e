/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of delivery networks takes findings away, and only at a label's boundary. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "policy/policy.h"

static const char text[] = "version = 1; contact = \"it@office.example\";\n"
			   "sites = (\n"
			   "  { name = \"Shop\"; domains = [ \"kauflinde.com\" ]; },\n"
			   "  { name = \"Mail\"; domains = [ \"amazon.com\" ]; }\n"
			   ");\n";

static struct policy *policy;
static struct judge *judge;

static int set_up(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};
	policy = policy_load_text(text, "p.conf", &diagnostics);
	judge = policy != NULL ? judge_new(policy) : NULL;
	return judge != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	judge_free(judge);
	policy_free(policy);
	return 0;
}

static bool is_found(const char *host)
{
	struct finding finding;
	return judge_name(judge, host, strlen(host), &finding) == JUDGE_FOUND;
}

static void test_what_stands_in_front_of_a_delivery_network(void **state)
{
	(void)state;
	static const char *const honest[] = {
	    "www.kauflinde.com.edgekey.net", "kauflinde.com.akamaized.net",
	    "login.kauflinde.com.mcas.ms", "www.kauflinde.com.cdn.cloudflare.net"};
	for (size_t i = 0; i < sizeof(honest) / sizeof(*honest); i++) {
		if (is_found(honest[i])) {
			fail_msg("%s is found", honest[i]);
		}
	}
}

static void test_where_anyone_can_have_a_name(void **state)
{
	(void)state;
	static const char *const fakes[] = {
	    "kauflinde-login.github.io", "kauflinde.com.login.azurewebsites.net",
	    "kauflinde.com.amazonaws.com", "kauflinde-login.weebly.com"};
	for (size_t i = 0; i < sizeof(fakes) / sizeof(*fakes); i++) {
		if (!is_found(fakes[i])) {
			fail_msg("%s is not found", fakes[i]);
		}
	}
}

static void test_a_listed_label_is_honest_itself(void **state)
{
	(void)state;
	assert_false(is_found("x3.amazonaws.com"));
	assert_false(is_found("api.amazonvideo.com"));
	assert_true(is_found("amazon-login.amazonaws.com"));
}

static void test_only_at_a_label_s_boundary(void **state)
{
	(void)state;
	assert_true(is_found("www.kauflinde.com.myedgekey.net"));
	assert_true(is_found("www.kauflinde.com.edgekey.net.example.top"));
	assert_true(is_found("amazonaws-login.top"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_stands_in_front_of_a_delivery_network),
	    cmocka_unit_test(test_where_anyone_can_have_a_name),
	    cmocka_unit_test(test_a_listed_label_is_honest_itself),
	    cmocka_unit_test(test_only_at_a_label_s_boundary),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
