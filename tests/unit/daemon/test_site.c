/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cmocka.h>

#include "daemon/site/home_page.h"
#include "daemon/site/name_page.h"
#include "daemon/site/page_frame.h"
#include "daemon/site/site_request.h"

static const struct finding vietcombank = {
    .imitates = "vietcombank.com.vn",
    .site = "Viet<com>bank",
    .technique = TECHNIQUE_HOMOGLYPH,
    .confidence = CONFIDENCE_MEDIUM,
    .action = ACTION_WARN,
    .why = "0 stands for \"o\"",
    .why_vi = "0 đứng thay cho o",
    .labels = 2,
};

static const char *page_text;

static const char *write_name(const struct name_page *page)
{
	static char text[65536];
	FILE *out = fmemopen(text, sizeof text, "w");

	name_page_write(out, page);
	assert_false(ferror(out));
	assert_int_equal(fclose(out), 0);
	assert_null(strstr(text, "<script"));
	page_text = text;
	return text;
}

static bool has(const char *text)
{
	return strstr(page_text, text) != NULL;
}

static void test_hosts(void **state)
{
	(void)state;
	struct site_address address;
	static const char *const own[] = {
	    "truegate.internal",  "TrueGate.Internal",       "truegate.internal:80",
	    "truegate.internal.", "check.truegate.internal", "198.18.53.80",
	    "198.18.53.80:80",    "[fd53:7472:7567::80]",    "[FD53:7472:7567:0::80]:80"};
	static const char *const others[] = {"",
					     ".",
					     "vietc0mbank.top",
					     "xtruegate.internal",
					     "truegate.internal.evil.example",
					     "truegate.internal:8053",
					     "truegate.internal@evil.example",
					     "198.18.53.81",
					     "192.0.2.1",
					     "[fd53:7472:7567::81]",
					     "fd53:7472:7567::80",
					     "[",
					     "[]",
					     ":80"};

	assert_true(site_address_read(SITE_DEFAULT_IPV4, SITE_DEFAULT_IPV6, &address));
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
		assert_true(site_host_ok(own[i], &address));
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		assert_false(site_host_ok(others[i], &address));
	}
	assert_false(site_host_ok(NULL, &address));

	char endless[4096];

	memset(endless, 'a', sizeof endless - 1);
	endless[sizeof endless - 1] = '\0';
	assert_false(site_host_ok(endless, &address));
}

static void test_origins(void **state)
{
	(void)state;
	const char *host = "truegate.internal";

	assert_true(site_origin_ok(NULL, NULL, host));
	assert_true(site_origin_ok("http://truegate.internal", "same-origin", host));
	assert_false(site_origin_ok("null", NULL, host));
	assert_false(site_origin_ok("http://vietc0mbank.top", NULL, host));
	assert_false(site_origin_ok("https://truegate.internal", NULL, host));
	assert_false(site_origin_ok("http://truegate.internal.evil.example", NULL, host));
	assert_false(site_origin_ok("http://check.truegate.internal", NULL, host));
	assert_false(site_origin_ok(NULL, "cross-site", host));
	assert_false(site_origin_ok(NULL, "same-site", host));
}

static void test_names(void **state)
{
	(void)state;
	char name[HOST_NAME_MAX_LEN + 1];
	enum site_form form;

	assert_true(site_path_name("/VIETC0MBANK.top", name, &form));
	assert_string_equal(name, "vietc0mbank.top");
	assert_int_equal(form, SITE_FORM_PAGE);
	assert_true(site_path_name("/vietc0mbank.top.json", name, &form));
	assert_string_equal(name, "vietc0mbank.top");
	assert_int_equal(form, SITE_FORM_JSON);
	assert_false(site_path_name("/", name, &form));
	assert_false(site_path_name("/.json", name, &form));
	assert_false(site_path_name("/a/b", name, &form));
	assert_false(site_path_name("/a\r\nSet-Cookie: b", name, &form));
	assert_true(site_typed_name(" https://vietc0mbank.top:8443/login?a=b", name));
	assert_string_equal(name, "vietc0mbank.top");
	assert_false(site_typed_name("<b>", name));

	assert_string_equal(site_name_tail("a.b.vietc0mbank.top", 2), "vietc0mbank.top");
	assert_string_equal(site_name_tail("vietc0mbank.top", 2), "vietc0mbank.top");
	assert_string_equal(site_name_tail("vietc0mbank.top", 9), "vietc0mbank.top");
	assert_string_equal(site_name_tail("a.b", 1), "b");
}

static void test_devices(void **state)
{
	(void)state;
	static const uint8_t ipv4[] = {192, 0, 2, 10};
	struct sockaddr_in6 address = {.sin6_family = AF_INET6};
	struct sockaddr_in plain = {.sin_family = AF_INET};
	const struct sockaddr other = {.sa_family = AF_UNIX};
	struct device_address device;

	memcpy(&plain.sin_addr, ipv4, sizeof ipv4);
	assert_true(site_device((const struct sockaddr *)&plain, &device));
	assert_int_equal(device.len, 4);
	assert_memory_equal(device.octets, ipv4, 4);
	assert_int_equal(inet_pton(AF_INET6, "::ffff:192.0.2.10", &address.sin6_addr), 1);
	assert_true(site_device((const struct sockaddr *)&address, &device));
	assert_int_equal(device.len, 4);
	assert_memory_equal(device.octets, ipv4, 4);
	assert_int_equal(inet_pton(AF_INET6, "2001:db8:1::10", &address.sin6_addr), 1);
	assert_true(site_device((const struct sockaddr *)&address, &device));
	assert_int_equal(device.len, 16);
	assert_false(site_device(&other, &device));
}

static void test_warn_is_one_step(void **state)
{
	(void)state;

	write_name(&(struct name_page){.name = "vietc0mbank.top",
				       .finding = &vietcombank,
				       .contact = "<script>@office.example",
				       .token = "0123456789abcdef0123"});
	assert_true(has("value=\"0123456789abcdef0123\""));
	assert_true(has("method=\"post\" action=\"/vietc0mbank.top\""));
	assert_true(has("name=\"step\" value=\"ask\""));
	assert_true(has("value=\"https\""));
	assert_true(has("value=\"http\""));
	/* All of the policy is escaped. */
	assert_true(has("Viet&lt;com&gt;bank"));
	assert_true(has("&lt;script&gt;@office.example"));
	assert_true(has("0 stands for &quot;o&quot;") || has("0 stands for &#34;o&#34;"));
	assert_true(has("0 đứng thay cho o"));
	/* The fixed words. */
	assert_true(
	    has("Nobody says that the site is illegal. No record is kept of who opened it."));
	assert_true(has("Không ghi lại ai đã mở trang nào."));
}

static void test_block_is_two_steps(void **state)
{
	(void)state;
	struct finding finding = vietcombank;
	struct name_page page = {.name = "vietc0mbank.top", .finding = &finding, .token = "0123"};

	finding.action = ACTION_BLOCK;
	write_name(&page);
	assert_true(has("value=\"again\""));
	assert_false(has("name=\"to\" value=\"http"));
	page.confirm = true;
	write_name(&page);
	assert_true(has("name=\"step\" value=\"confirm\""));
	assert_true(has("name=\"to\" value=\"https\""));
	assert_true(has("Are you sure?"));
}

/* On a phone only the top of a page is in sight: what changed by the press must stand there, in the
 * language of the button. */
static void test_second_step_is_seen(void **state)
{
	(void)state;
	struct finding finding = vietcombank;
	struct name_page page = {.name = "vietc0mbank.top", .finding = &finding, .token = "0123"};

	finding.action = ACTION_BLOCK;
	write_name(&page);
	assert_true(has("action=\"/vietc0mbank.top\""));
	assert_true(has("action=\"/vietc0mbank.top#en\""));
	assert_true(strstr(page_text, "I want to open it") >
		    strstr(page_text, "Why this warning?"));
	page.confirm = true;
	write_name(&page);
	/* A browser would keep the fragment in what it opens next. */
	assert_false(has("action=\"/vietc0mbank.top#en\""));
	assert_true(strstr(page_text, "Are you sure?") < strstr(page_text, "Why this warning?"));
	page.confirm = false;
	page.stale = true;
	write_name(&page);
	assert_true(has("Not opened yet"));
	page.granted = true;
	write_name(&page);
	assert_false(has("Not opened yet"));
}

static void test_only_a_warning_looks_like_one(void **state)
{
	(void)state;
	struct finding finding = vietcombank;
	struct name_page page = {.name = "vietc0mbank.top", .finding = &finding};

	write_name(&page);
	assert_false(has("class=\"calm\""));
	finding.action = ACTION_OBSERVE;
	write_name(&page);
	assert_true(has("class=\"calm\""));
	assert_false(has("Why this warning?"));
	assert_false(has("Is this a mistake?"));
	page.finding = NULL;
	write_name(&page);
	assert_true(has("class=\"calm\""));
}

static void test_no_form_where_nothing_is_stopped(void **state)
{
	(void)state;
	struct finding finding = vietcombank;
	struct name_page page = {.name = "vietc0mbank.top", .finding = &finding, .token = "0123"};

	page.granted = true;
	write_name(&page);
	assert_false(has("<form"));
	assert_true(has("href=\"https://vietc0mbank.top/\""));
	assert_true(has("href=\"http://vietc0mbank.top/\""));
	page.granted = false;
	page.token = NULL;
	write_name(&page);
	assert_false(has("<form"));
	page.token = "0123";
	finding.action = ACTION_OBSERVE;
	write_name(&page);
	assert_false(has("<form"));
	page.finding = NULL;
	write_name(&page);
	assert_false(has("<form"));
	assert_true(has("nothing to say"));
}

/* A Cyrillic letter is told from the Latin one that it looks like. */
static void test_letters_are_shown_by_number(void **state)
{
	(void)state;

	write_name(&(struct name_page){.name = "xn--pple-43d.example", .finding = &vietcombank});
	assert_true(has("xn--pple-43d.example"));
	assert_true(has("U+0430"));
}

static void test_json(void **state)
{
	(void)state;
	const struct name_page page = {
	    .name = "vietc0mbank.top", .finding = &vietcombank, .contact = "it@office.example"};
	char *text = name_json(&page);

	assert_non_null(text);
	assert_non_null(strstr(text, "\"flagged\":true"));
	assert_non_null(strstr(text, "\"why_vi\":\"0 đứng thay cho o\""));
	assert_non_null(strstr(text, "\"contact\":\"it@office.example\""));
	free(text);
	text = name_json(&(struct name_page){.name = "news.example"});
	assert_string_equal(text, "{\"name\":\"news.example\",\"flagged\":false}");
	free(text);
}

static void test_home(void **state)
{
	(void)state;
	static const char policy_text[] =
	    "version = 7; contact = \"it@office.example\";\n"
	    "actions = { high = \"block\"; medium = \"warn\"; low = \"observe\"; };\n"
	    "sites = ( { name = \"Viet & bank\"; domains = [ \"vietcombank.com.vn\" ]; "
	    "tokens = []; } );\n"
	    "exceptions = [ \"partner.example\" ]; decorations = [];\n";
	static char text[65536];
	struct diagnostics diagnostics = {0};
	struct policy *policy = policy_load_text(policy_text, "test", &diagnostics);
	struct home_page page = {.policy = policy, .canary = true};

	assert_non_null(policy);
	for (size_t from = 0; from < 3; from++) {
		/* Nothing is listed twice, nor read beyond the end. */
		FILE *out = fmemopen(text, sizeof text, "w");

		page.from = from == 2 ? SIZE_MAX : from;
		home_page_write(out, &page);
		assert_int_equal(fclose(out), 0);
		page_text = text;
		assert_int_equal(has("Viet &amp; bank: vietcombank.com.vn"), from == 0);
		assert_int_equal(has("<li>partner.example</li>"), from == 0);
		assert_true(has("Version</span> 7"));
		assert_true(has("Not signed."));
		assert_true(has("its own DNS"));
		assert_false(has("More</span>"));
	}
	policy_free(policy);
}

static void test_csp(void **state)
{
	(void)state;
	char csp[PAGE_CSP_SIZE];

	page_csp(csp);
	assert_memory_equal(csp, "default-src 'none'; style-src 'sha256-", 38);
	assert_non_null(strstr(csp, "frame-ancestors 'none'"));
	assert_null(strstr(csp, "unsafe"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hosts),
	    cmocka_unit_test(test_origins),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_devices),
	    cmocka_unit_test(test_warn_is_one_step),
	    cmocka_unit_test(test_block_is_two_steps),
	    cmocka_unit_test(test_second_step_is_seen),
	    cmocka_unit_test(test_only_a_warning_looks_like_one),
	    cmocka_unit_test(test_no_form_where_nothing_is_stopped),
	    cmocka_unit_test(test_letters_are_shown_by_number),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_home),
	    cmocka_unit_test(test_csp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
