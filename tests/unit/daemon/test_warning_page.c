/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/answer/page_text.h"
#include "daemon/answer/warning_page.h"
#include "dpi/observation.h"

static char out[WARNING_PAGE_SIZE + 1];

static const struct finding vietcombank = {
    .imitates = "vietcombank.com.vn",
    .site = "Vietcombank",
    .technique = TECHNIQUE_HOMOGLYPH,
    .confidence = CONFIDENCE_MEDIUM,
    .action = ACTION_WARN,
    .why = "0 stands for o",
};

static struct warning make_warning(const char *host)
{
	return (struct warning){
	    .finding = &vietcombank,
	    .host = host,
	    .host_len = strlen(host),
	    .contact = "it@office.example",
	};
}

/* Writes the page, checks what is true of each, and returns its body. */
static const char *body_of(const struct warning *warning)
{
	size_t len = warning_page(warning, out, WARNING_PAGE_SIZE);

	assert_in_range(len, 1, WARNING_PAGE_SIZE);
	out[len] = '\0';
	assert_int_equal(strlen(out), len);

	char *body = strstr(out, "\r\n\r\n");
	char *length = strstr(out, "\r\nContent-Length: ");

	assert_non_null(body);
	assert_true(length != NULL && length < body);
	body += 4;
	assert_int_equal(strtoul(length + 18, NULL, 10), strlen(body));
	assert_null(strstr(body, "{{"));
	assert_null(strstr(body, "}}"));
	assert_null(strstr(body, "<script"));
	return body;
}

static void test_head(void **state)
{
	(void)state;
	const struct warning warning = make_warning("vietc0mbank.top");

	body_of(&warning);
	assert_memory_equal(out, "HTTP/1.1 403 Forbidden\r\n", 24);
	assert_non_null(strstr(out, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
	assert_non_null(strstr(out, "\r\nCache-Control: no-store\r\n"));
	assert_non_null(strstr(out, "\r\nConnection: close\r\n"));
	assert_non_null(strstr(out, "\r\nReferrer-Policy: no-referrer\r\n"));
	assert_non_null(
	    strstr(out, "Content-Security-Policy: default-src 'none'; style-src 'sha256-"));
	assert_non_null(strstr(out, "frame-ancestors 'none'"));
}

static void test_body_tells_what_why_and_whom_to_ask(void **state)
{
	(void)state;
	struct warning warning = make_warning("vietc0mbank.top");
	const char *body = body_of(&warning);

	assert_non_null(strstr(body, ">vietc0mbank.top<"));
	assert_non_null(strstr(body, "0 stands for o."));
	assert_non_null(strstr(body, "href=\"https://vietcombank.com.vn/\""));
	assert_non_null(strstr(body, "href=\"mailto:it@office.example\">it@office.example<"));
	assert_non_null(strstr(body, "<html lang=\"vi\">"));
	assert_non_null(strstr(body, "<article lang=\"en\">"));
	assert_null(strstr(body, "<form"));
	assert_null(strstr(body, "illegal"));
	assert_null(strstr(body, "Shown as"));

	warning.proceed_url = "http://label.vietc0mbank.top.truegate.internal/";
	body = body_of(&warning);
	assert_non_null(strstr(body,
			       "<form method=\"post\" "
			       "action=\"http://label.vietc0mbank.top.truegate.internal/\">"));
	assert_non_null(strstr(body, "15 minutes"));
}

static void test_each_technique_is_explained(void **state)
{
	(void)state;
	struct finding finding = vietcombank;
	struct warning warning = make_warning("vietc0mbank.top");
	char *last = strdup("");

	warning.finding = &finding;
	for (int technique = 0; technique < TECHNIQUE_COUNT; technique++) {
		finding.technique = (enum technique)technique;
		const char *body = body_of(&warning);

		assert_non_null(strstr(body, "<p>The "));
		assert_string_not_equal(body, last);
		free(last);
		last = strdup(body);
	}
	free(last);
}

static void test_without_contact_or_address(void **state)
{
	(void)state;
	struct warning warning = make_warning("vietc0mbank.top");

	warning.contact = NULL;
	assert_null(strstr(body_of(&warning), "Please ask"));
	warning.contact = "";
	assert_null(strstr(body_of(&warning), "Please ask"));
	warning.contact = "Phòng CNTT, máy lẻ 12";
	const char *body = body_of(&warning);

	assert_non_null(strstr(body, ">Phòng CNTT, máy lẻ 12<"));
	assert_null(strstr(body, "mailto:"));
	warning.contact = "a@b?body=x@y";
	assert_null(strstr(body_of(&warning), "mailto:"));
	warning.contact = "javascript:alert(1)";
	assert_null(strstr(body_of(&warning), "href=\"javascript"));
}

/* A link to a part of an address would be one to somebody else. */
static void test_address_that_is_cut_is_no_link(void **state)
{
	(void)state;
	struct warning warning = make_warning("vietc0mbank.top");
	char contact[256] = "it@office.";

	memset(contact + strlen(contact), 'a', 200);
	warning.contact = contact;
	assert_null(strstr(body_of(&warning), "mailto:"));
	assert_non_null(strstr(body_of(&warning), ">it@office.aaa"));
}

static void test_pattern_has_no_link(void **state)
{
	(void)state;
	struct finding finding = vietcombank;
	struct warning warning = make_warning("g00gle.example");

	finding.imitates = "google.*";
	finding.site = "Google";
	warning.finding = &finding;
	const char *body = body_of(&warning);

	assert_null(strstr(body, "https://"));
	assert_null(strstr(body, "google.*"));
	assert_non_null(strstr(body, "always use for Google."));
}

static void test_everything_inserted_is_escaped(void **state)
{
	(void)state;
	static const char evil[] = "<b>\"'&x</b>\x1b\xff\xe2\x80\xae";
	struct finding finding = vietcombank;
	struct warning warning = make_warning(evil);

	finding.site = evil;
	finding.imitates = evil;
	(void)snprintf(finding.why, sizeof(finding.why), "%s", evil);
	warning.finding = &finding;
	warning.contact = evil;
	warning.proceed_url = "http://\"><b>/";
	const char *body = body_of(&warning);

	assert_null(strstr(body, "<b>"));
	assert_null(strstr(body, "\"'"));
	assert_null(strchr(body, '\x1b'));
	assert_null(strchr(body, '\xff'));
	assert_null(strstr(body, "\xe2\x80\xae"));
	assert_non_null(strstr(
	    body, "&lt;b&gt;&quot;&#39;&amp;x&lt;/b&gt;\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"));
}

static void test_unicode_name_is_shown_beside(void **state)
{
	(void)state;
	struct warning warning = make_warning("xn--vitcombank-2n7d.example");
	const char *body = body_of(&warning);

	assert_non_null(strstr(body, ">xn--vitcombank-2n7d.example<"));
	assert_non_null(strstr(body, "Shown as"));

	/* The same name as UTF-8 in Host. */
	warning = make_warning("việtcombank.example");
	body = body_of(&warning);
	assert_non_null(strstr(body, "You opened: <span class=\"name\" translate=\"no\">xn--"));
	assert_non_null(strstr(body, ">việtcombank.example<"));
}

static void test_head_request_has_no_body(void **state)
{
	(void)state;
	struct warning warning = make_warning("vietc0mbank.top");
	size_t body_len = strlen(body_of(&warning));
	char length[64];

	warning.head_only = true;
	size_t len = warning_page(&warning, out, WARNING_PAGE_SIZE);

	out[len] = '\0';
	assert_true(len > 4);
	assert_string_equal(out + len - 4, "\r\n\r\n");
	assert_ptr_equal(strstr(out, "\r\n\r\n"), out + len - 4);
	(void)snprintf(length, sizeof(length), "\r\nContent-Length: %zu\r\n", body_len);
	assert_non_null(strstr(out, length));
}

static void test_longest_page_fits_and_short_buffers_are_refused(void **state)
{
	(void)state;
	char host[HOST_NAME_MAX_LEN + 1] = "", site[2048], url[256];
	struct finding finding = vietcombank;
	struct warning warning = make_warning(host);

	memset(host, '"', sizeof(host) - 1);
	memset(site, '"', sizeof(site) - 1);
	memset(url, 'x', sizeof(url) - 1);
	memset(finding.why, '"', sizeof(finding.why) - 1);
	host[sizeof(host) - 1] = site[sizeof(site) - 1] = url[sizeof(url) - 1] = '\0';
	finding.site = site;
	finding.imitates = host;
	warning.finding = &finding;
	warning.host_len = sizeof(host) - 1;
	warning.contact = site;
	warning.proceed_url = url;

	size_t len = strlen(body_of(&warning));

	print_message("longest body: %zu octets\n", len);
	warning = make_warning("vietc0mbank.top");
	len = warning_page(&warning, out, WARNING_PAGE_SIZE);
	for (size_t size = 0; size < len; size += 7) {
		char *exact = malloc(size == 0 ? 1 : size);

		assert_non_null(exact);
		assert_int_equal(warning_page(&warning, exact, size), 0);
		free(exact);
	}
}

static void test_redirect(void **state)
{
	(void)state;
	size_t len = warning_page_redirect("vietc0mbank.top", 80, out, WARNING_PAGE_SIZE);

	assert_int_equal(strlen(out), len);
	assert_memory_equal(out, "HTTP/1.1 303 See Other\r\nLocation: http://vietc0mbank.top/\r\n",
			    57);
	assert_string_equal(out + len - 4, "\r\n\r\n");
	assert_non_null(strstr(out, "\r\nCache-Control: no-store\r\n"));
	len = warning_page_redirect("vietc0mbank.top", 8080, out, WARNING_PAGE_SIZE);
	assert_non_null(strstr(out, "Location: http://vietc0mbank.top:8080/\r\n"));
	assert_int_equal(warning_page_redirect("vietc0mbank.top", 80, out, len - 6), 0);
}

static void test_template_language(void **state)
{
	(void)state;
	const struct page_value values[] = {{"a", "<1>"}, {"b", ""}, {"none", NULL}};
	static const struct {
		const char *page, *text;
	} cases[] = {
	    {"x{{a}}y", "x&lt;1&gt;y"},
	    {"{{unknown}}.", "."},
	    {"{{#a}}[{{a}}]{{/a}}{{#b}}b{{/b}}{{#none}}none{{/none}}", "[&lt;1&gt;]b"},
	    {"{{#a}}{{#none}}no{{/none}}yes{{/a}}", "yes"},
	    {"{{#none}}{{#a}}no{{/a}}{{/none}}yes", "yes"},
	    {"{{! a comment }}z", "z"},
	    {"{{#none}}never closed", ""},
	    {"{{a", "{{a"},
	    {"a { b: c } }}", "a { b: c } }}"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64];
		struct page_writer writer = {.out = text, .size = sizeof(text)};

		page_text_fill(&writer, cases[i].page, values, 3);
		assert_false(writer.overflow);
		assert_int_equal(writer.len, strlen(cases[i].text));
		assert_memory_equal(text, cases[i].text, writer.len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_head),
	    cmocka_unit_test(test_body_tells_what_why_and_whom_to_ask),
	    cmocka_unit_test(test_each_technique_is_explained),
	    cmocka_unit_test(test_without_contact_or_address),
	    cmocka_unit_test(test_address_that_is_cut_is_no_link),
	    cmocka_unit_test(test_pattern_has_no_link),
	    cmocka_unit_test(test_everything_inserted_is_escaped),
	    cmocka_unit_test(test_unicode_name_is_shown_beside),
	    cmocka_unit_test(test_head_request_has_no_body),
	    cmocka_unit_test(test_longest_page_fits_and_short_buffers_are_refused),
	    cmocka_unit_test(test_redirect),
	    cmocka_unit_test(test_template_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
