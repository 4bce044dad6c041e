/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/request_line.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* On a copy that ends where its memory does; out's pointers are made to lie in text again. */
static enum request_line_result read_text(const char *text, struct request_line *out)
{
	size_t len = strlen(text);
	char *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, text, len);
	enum request_line_result result = request_line_read((const uint8_t *)copy, len, out);
	if (result == REQUEST_LINE_YES) {
		out->method = text + (out->method - copy);
		out->version = text + (out->version - copy);
		if (out->authority != NULL) {
			out->authority = text + (out->authority - copy);
		}
		if (out->scheme != NULL) {
			out->scheme = text + (out->scheme - copy);
		}
	}
	free(copy);
	return result;
}

static void assert_part(const char *part, size_t len, const char *expected)
{
	if (expected == NULL) {
		assert_null(part);
		return;
	}
	assert_non_null(part);
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(part, expected, len);
}

static void test_targets(void **state)
{
	(void)state;
	const struct {
		const char *line, *method, *scheme, *authority;
	} cases[] = {
	    {"GET /a?b=http://c/ HTTP/1.1\r\n", "GET", NULL, NULL},
	    {"GET * HTTP/1.0\n", "GET", NULL, NULL},
	    {"GET //a.example/ HTTP/1.1\r\n", "GET", NULL, NULL},
	    {"GET http://a.example/b HTTP/1.1\r\n", "GET", "http://", "a.example"},
	    {"GET HTTP://a.example:81?b HTTP/1.1\r\n", "GET", "HTTP://", "a.example:81"},
	    {"GET http://u:p@w@a.example HTTP/1.1\r\n", "GET", "http://", "a.example"},
	    {"GET http://a.example\\@b.example/ HTTP/1.1\r\n", "GET", "http://", "a.example"},
	    {"GET http://a.example#@b.example/ HTTP/1.1\r\n", "GET", "http://", "a.example"},
	    {"GET http:///b HTTP/1.1\r\n", "GET", "http://", ""},
	    {"GET http:/b HTTP/1.1\r\n", "GET", NULL, NULL},
	    {"GET 1http://a.example/ HTTP/1.1\r\n", "GET", NULL, NULL},
	    {"CONNECT a.example:443 HTTP/1.1\r\n", "CONNECT", NULL, "a.example:443"},
	    {"CONNECT [2001:db8::1]:443 HTTP/1.1\r\n", "CONNECT", NULL, "[2001:db8::1]:443"},
	    {"GET  /a b  HTTP/1.1 \t\r\n", "GET", NULL, NULL},
	    {"M-SEARCH * HTTP/1.1\r\n", "M-SEARCH", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct request_line line;
		assert_int_equal(read_text(cases[i].line, &line), REQUEST_LINE_YES);
		assert_part(line.method, line.method_len, cases[i].method);
		assert_part(line.scheme, line.scheme_len, cases[i].scheme);
		assert_part(line.authority, line.authority_len, cases[i].authority);
		assert_memory_equal(line.version, "HTTP/1.", 7);
		assert_int_equal(line.version_len, 8);
	}
}

static void test_not_requests(void **state)
{
	(void)state;
	const char *const lines[] = {
	    "GET /\r\n",
	    "GET HTTP/1.1\r\n",
	    "GET / HTTP/11\r\n",
	    "GET / HTTP/x.1\r\n",
	    " GET / HTTP/1.1\r\n",
	    "GET /HTTP/1.1\r\n",
	    "HTTP/1.1 200 OK\r\n",
	    "EHLO a.example\r\n",
	    "SSH-2.0-OpenSSH\r\n",
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1\r\n",
	    "G(T / HTTP/1.1\r\n",
	    "\x16\x03\x01",
	    "GET   \n",
	    "GET \n",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct request_line line;
		assert_int_equal(read_text(lines[i], &line), REQUEST_LINE_NO);
	}
}

static void test_cut(void **state)
{
	(void)state;
	const char whole[] = "OPTIONS http://a.example/ HTTP/1.1\r\n";
	for (size_t cut = 0; cut + 1 < sizeof(whole) - 1; cut++) {
		char part[sizeof(whole)] = "";
		struct request_line line;
		memcpy(part, whole, cut);
		assert_int_equal(read_text(part, &line), REQUEST_LINE_CUT);
	}
}

static void test_begins(void **state)
{
	(void)state;
	const struct {
		const char *text;
		enum request_line_result result;
	} cases[] = {
	    {"", REQUEST_LINE_CUT},
	    {"G", REQUEST_LINE_CUT},
	    {"GET", REQUEST_LINE_CUT},
	    {"GET ", REQUEST_LINE_YES},
	    {"GET\t", REQUEST_LINE_YES},
	    {"G ", REQUEST_LINE_YES},
	    {"get ", REQUEST_LINE_YES},
	    {"M-SEARCH ", REQUEST_LINE_YES},
	    {" ", REQUEST_LINE_NO},
	    {"G(", REQUEST_LINE_NO},
	    {"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF", REQUEST_LINE_CUT},
	    {"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEF ", REQUEST_LINE_YES},
	    {"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG", REQUEST_LINE_NO},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    request_line_begins((const uint8_t *)cases[i].text, strlen(cases[i].text)),
		    cases[i].result);
	}
}

static void test_beginning_and_end_alone(void **state)
{
	(void)state;
	const struct {
		const char *text;
		bool is_origin_form, ends;
	} cases[] = {
	    {"GET /a HTTP/1.1\r", true, true},
	    {"GET /a HTTP/1.1", true, true},
	    {"GET * HTTP/1.1\r", false, true},
	    {"GET http://a/ HTTP/1.0", false, true},
	    {"CONNECT a:443 HTTP/1.1", false, true},
	    {"GET /a", true, false},
	    {"GET /HTTP/1.1", true, false},
	    {"GET ", false, false},
	    {"GET", false, false},
	    {"", false, false},
	    {" HTTP/1.1", false, true},
	    {"HTTP/1.1", false, false},
	    {"aaaaaa HTTP/1.x", false, false},
	    {"\r", false, false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].text);
		uint8_t *copy = malloc(len > 0 ? len : 1);
		assert_non_null(copy);
		memcpy(copy, cases[i].text, len);
		assert_int_equal(request_line_is_origin_form(copy, len), cases[i].is_origin_form);
		assert_int_equal(request_line_ends(copy, len), cases[i].ends);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_targets),
	    cmocka_unit_test(test_not_requests),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_begins),
	    cmocka_unit_test(test_beginning_and_end_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
