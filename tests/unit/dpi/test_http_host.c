/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/http_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int begin(void **state)
{
	*state = http_host_reader_new();
	return *state == NULL ? -1 : 0;
}

static int end(void **state)
{
	http_host_reader_free(*state);
	return 0;
}

/* On a copy that ends where its memory does. */
static enum http_host_result read_head(struct http_host_reader *reader, const char *head,
				       size_t len, struct http_host *out)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, head, len);
	enum http_host_result result = http_host_read(reader, copy, len, out);
	free(copy);
	return result;
}

static void assert_host(struct http_host_reader *reader, const char *head, const char *host)
{
	struct http_host out;
	enum http_host_result result = read_head(reader, head, strlen(head), &out);
	if (host == NULL) {
		assert_int_equal(result, HTTP_HOST_NONE);
		return;
	}
	assert_int_equal(result, HTTP_HOST_NAME);
	assert_string_equal(out.host, host);
	assert_int_equal(out.host_len, strlen(host));
}

static void test_host_field(void **state)
{
	assert_host(*state, "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example");
	assert_host(*state, "GET / HTTP/1.1\nhOsT:A.Example.:8080\n\n", "a.example");
	assert_host(*state, "GET / HTTP/1.1\r\nX: y\r\nHost:\t a.example \t\r\nZ: z\r\n\r\n",
		    "a.example");
	assert_host(*state, "GET / HTTP/1.1\r\nHost : a.example\r\n\r\n", "a.example");
	assert_host(*state, "GET / HTTP/1.1\r\nHost:\r\n a.example\r\n\r\n", "a.example");
	assert_host(*state, "GET / HTTP/1.0\r\nHost: a.example\r\n\r\n", "a.example");
	assert_host(*state, "GET / HTTP/1.1\r\nHost: \xc3\xa1.example\r\n\r\n", "\xc3\xa1.example");
}

/* RFC 9112 section 3.2 has servers refuse two; those that do not take the first. */
static void test_two_hosts(void **state)
{
	assert_host(*state, "GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n",
		    "a.example");
	assert_host(*state, "GET / HTTP/1.1\r\n Host: a.example\r\nHost: b.example\r\n\r\n",
		    "a.example");
}

static void test_odd_labels(void **state)
{
	assert_host(*state, "GET / HTTP/1.1\r\nHost: a!b.c.example\r\n\r\n", "c.example");
	assert_host(*state, "GET / HTTP/1.1\r\nHost: *.c.example:81\r\n\r\n", "c.example");
	assert_host(*state, "GET / HTTP/1.1\r\nHost: a.c!.example\r\n\r\n", "example");
	assert_host(*state, "GET / HTTP/1.1\r\nHost: a.example!\r\n\r\n", NULL);
}

static void test_method(void **state)
{
	static const char get[] = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
	static const char head[] = "HEAD / HTTP/1.1\r\nHost: a.example\r\n\r\n";
	struct http_host out;

	assert_int_equal(read_head(*state, head, strlen(head), &out), HTTP_HOST_NAME);
	assert_true(out.is_head);
	assert_int_equal(read_head(*state, get, strlen(get), &out), HTTP_HOST_NAME);
	assert_false(out.is_head);
}

static void test_target_wins(void **state)
{
	assert_host(*state, "GET http://b.example/x HTTP/1.1\r\nHost: a.example\r\n\r\n",
		    "b.example");
	assert_host(*state, "GET http://u:p@B.example:81 HTTP/1.1\r\nHost: a.example\r\n\r\n",
		    "b.example");
	assert_host(*state, "GET http://b.example?x@c.example/ HTTP/1.1\r\n\r\n", "b.example");
	assert_host(*state, "CONNECT b.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n",
		    "b.example");
	/* no authority there: a path */
	assert_host(*state, "GET //b.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example");
	assert_host(*state, "OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n", "a.example");
}

static void test_fields_alone(void **state)
{
	const struct {
		const char *fields, *host;
		enum http_follows follows;
	} cases[] = {
	    {"Host: a.example\r\n\r\n", "a.example", HTTP_FOLLOWS_BODY},
	    {"X: y\nHost: a.example:81\nUpgrade: z\n\n", "a.example", HTTP_FOLLOWS_OPAQUE},
	    {"Host: a.example\r\n", "a.example", HTTP_FOLLOWS_BODY}, /* cut behind a line */
	    {"Host: a.example\r\nHost: b.example\r\n\r\n", "a.example", HTTP_FOLLOWS_BODY},
	    {"\r\n", "", HTTP_FOLLOWS_BODY},
	    {"", "", HTTP_FOLLOWS_BODY},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_host out;
		size_t len = strlen(cases[i].fields);
		enum http_host_result result =
		    http_host_read_fields(*state, (const uint8_t *)cases[i].fields, len, &out);
		assert_int_equal(result == HTTP_HOST_NAME, cases[i].host[0] != '\0');
		if (result == HTTP_HOST_NAME) {
			assert_string_equal(out.host, cases[i].host);
		}
		assert_int_equal(out.follows, cases[i].follows);
	}
}

static void test_no_host(void **state)
{
	assert_host(*state, "GET / HTTP/1.0\r\n\r\n", NULL);
	assert_host(*state, "GET / HTTP/1.1\r\nX: a.example\r\n\r\n", NULL);
	assert_host(*state, "GET / HTTP/1.1\r\nHost:\r\n\r\n", NULL);
	assert_host(*state, "GET / HTTP/1.1\r\nHost: a..example\r\n\r\n", NULL);
	assert_host(*state, "GET / HTTP/1.1\r\nHost: a b.example\r\n\r\n", NULL);
	assert_host(*state, "GET / HTTP/1.1\r\nHost: u@a.example\r\n\r\n", NULL);
	assert_host(*state, "GET / HTTP/1.1\r\nHost: a.example\r\n b.example\r\n\r\n", NULL);
	assert_host(*state, "EHLO a.example\r\n\r\n", NULL);
	assert_host(*state, "\r\n\r\n", NULL);
	const char nul[] = "GET / HTTP/1.1\r\nHost: a\0b.example\r\n\r\n";
	struct http_host out;
	assert_int_equal(read_head(*state, nul, sizeof(nul) - 1, &out), HTTP_HOST_NONE);
}

static void test_literals(void **state)
{
	const char *const heads[] = {
	    "GET / HTTP/1.1\r\nHost: 192.0.2.1:8080\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n",
	    "GET http://[2001:db8::1]/ HTTP/1.1\r\nHost: a.example\r\n\r\n",
	    "CONNECT 192.0.2.1:443 HTTP/1.1\r\nHost: a.example\r\n\r\n",
	};
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct http_host out;
		assert_int_equal(read_head(*state, heads[i], strlen(heads[i]), &out),
				 HTTP_HOST_LITERAL);
	}
}

static void test_follows(void **state)
{
	const struct {
		const char *fields;
		enum http_follows follows;
		uint64_t body_len;
	} cases[] = {
	    {"", HTTP_FOLLOWS_BODY, 0},
	    {"Content-Length: 0\r\n", HTTP_FOLLOWS_BODY, 0},
	    {"content-length:\t12 \r\n", HTTP_FOLLOWS_BODY, 12},
	    {"Content-Length: 99999999999\r\n", HTTP_FOLLOWS_BODY, 99999999999},
	    {"Content-Length: 12\r\nContent-Length: 13\r\n", HTTP_FOLLOWS_OPAQUE, 0},
	    {"Content-Length: -1\r\n", HTTP_FOLLOWS_OPAQUE, 0},
	    {"Content-Length: x\r\n", HTTP_FOLLOWS_OPAQUE, 0},
	    {"Content-Length: 99999999999999999999999\r\n", HTTP_FOLLOWS_OPAQUE, 0},
	    {"Transfer-Encoding: chunked\r\n", HTTP_FOLLOWS_CHUNKED, 0},
	    {"Transfer-Encoding: Chunked\r\nContent-Length: 3\r\n", HTTP_FOLLOWS_CHUNKED, 0},
	    {"Transfer-Encoding: gzip\r\n", HTTP_FOLLOWS_OPAQUE, 0},
	    {"Upgrade: websocket\r\nConnection: Upgrade\r\n", HTTP_FOLLOWS_OPAQUE, 0},
	    {"Upgrade-Insecure-Requests: 1\r\n", HTTP_FOLLOWS_BODY, 0},
	    {"Expect: 100-continue\r\nContent-Length: 5\r\n", HTTP_FOLLOWS_BODY, 5},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char head[256];
		struct http_host out;
		int len = snprintf(head, sizeof(head),
				   "PUT /x HTTP/1.1\r\nHost: a.example\r\n%s\r\n", cases[i].fields);
		assert_int_equal(read_head(*state, head, (size_t)len, &out), HTTP_HOST_NAME);
		assert_string_equal(out.host, "a.example");
		assert_int_equal(out.follows, cases[i].follows);
		assert_true(out.body_len == cases[i].body_len);
	}
	struct http_host out;
	const char connect[] = "CONNECT a.example:443 HTTP/1.1\r\n\r\n";
	read_head(*state, connect, strlen(connect), &out);
	assert_int_equal(out.follows, HTTP_FOLLOWS_OPAQUE);
}

/*
 * A head with nothing but a plain Host is read without libhtp; one with a body of no octets by
 * libhtp. Both have to say the same, of plain hosts and of those that are nearly so.
 */
static void assert_same_with_and_without_libhtp(struct http_host_reader *reader, const char *method,
						const char *host)
{
	char head[512];
	struct http_host plain, parsed;
	int len = snprintf(head, sizeof(head), "%s /x HTTP/1.1\r\n%s\r\n\r\n", method, host);
	enum http_host_result plain_result = read_head(reader, head, (size_t)len, &plain);
	len = snprintf(head, sizeof(head), "%s /x HTTP/1.1\r\n%s\r\nContent-Length: 0\r\n\r\n",
		       method, host);
	enum http_host_result parsed_result = read_head(reader, head, (size_t)len, &parsed);
	if (plain_result != parsed_result) {
		fail_msg("'%s' is read differently", host);
	}
	assert_int_equal(plain.follows, parsed.follows);
	assert_int_equal(plain.is_head, parsed.is_head);
	assert_int_equal(plain.body_len, parsed.body_len);
	assert_int_equal(plain.host_len, parsed.host_len);
	if (plain_result == HTTP_HOST_NAME) {
		assert_string_equal(plain.host, parsed.host);
	}
}

static void test_plain_heads_are_read_as_libhtp_does(void **state)
{
	static const char *const hosts[] = {
	    "Host: a.example",
	    "host:a.example",
	    "HOST:  a.example",
	    "Host:\ta.example",
	    "Host : a.example",
	    " Host: a.example",
	    "Host: A-b_c.Example",
	    "Host: a.example.",
	    "Host: a.example..",
	    "Host: .a.example",
	    "Host: a..example",
	    "Host: a",
	    "Host: -",
	    "Host: .",
	    "Host:",
	    "Host: ",
	    "Host: a.example:80",
	    "Host: a.example:",
	    "Host: a.example:0",
	    "Host: a.example:080",
	    "Host: a.example:9999",
	    "Host: a.example:65536",
	    "Host: a.example:99999",
	    "Host: :80",
	    "Host: a:b:80",
	    "Host: a.example:8x",
	    "Host: a.example :80",
	    "Host: 192.0.2.1",
	    "Host: 192.0.2.1:80",
	    "Host: 0x7f.1",
	    "Host: 1.2.3.4.",
	    "Host: [2001:db8::1]:8",
	    "Host: a.example\r\n b",
	    "Host: a@b.example",
	    "Host: a b",
	    "Host: a.example;",
	    "Host: a/b",
	    "Host: a%41.example",
	    "Hosts: a.example",
	};
	static const char *const methods[] = {"GET",   "HEAD",     "POST",     "PUT",  "OPTIONS",
					      "TRACE", "M-SEARCH", "PROPFIND", "HEADX"};
	for (size_t m = 0; m < sizeof(methods) / sizeof(methods[0]); m++) {
		for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
			assert_same_with_and_without_libhtp(*state, methods[m], hosts[i]);
		}
	}

	srandom(11);
	for (int round = 0; round < 20000; round++) {
		static const char octets[] = "abzABZ0189--__....:: \t/@[;%\x01\xc3\xa1";
		char host[300] = "Host: ";
		size_t len = 6 + (size_t)random() % (round % 50 == 0 ? 280 : 14);
		for (size_t i = 6; i < len; i++) { /* mostly plain ones */
			host[i] = octets[(size_t)random() %
					 (random() % 8 == 0 ? sizeof(octets) - 1 : 16)];
		}
		host[len] = '\0';
		assert_same_with_and_without_libhtp(*state, "GET", host);
	}
}

/* Fields that are not needed do not count, however long; one that is needed has a bound. */
static void test_huge(void **state)
{
	const size_t huge = 1 << 20;
	char *head = malloc(huge + 256);
	assert_non_null(head);
	struct http_host out;
	int begun = sprintf(head, "GET / HTTP/1.1\r\nCookie: ");
	memset(head + begun, 'c', huge);
	int ended = sprintf(head + begun + huge, "\r\nHost: a.example\r\n\r\n");
	size_t len = (size_t)begun + huge + (size_t)ended;
	assert_int_equal(read_head(*state, head, len, &out), HTTP_HOST_NAME);
	assert_string_equal(out.host, "a.example");

	begun = sprintf(head, "GET / HTTP/1.1\r\nHost: ");
	memset(head + begun, 'h', huge);
	ended = sprintf(head + begun + huge, "\r\n\r\n");
	len = (size_t)begun + huge + (size_t)ended;
	assert_int_equal(read_head(*state, head, len, &out), HTTP_HOST_NONE);
	free(head);
}

static void test_truncated(void **state)
{
	const char head[] =
	    "POST http://u@a.example:8/b HTTP/1.1\r\nHost: a.example\r\nContent-Length: "
	    "5\r\nX:\r\n y\r\n\r\n";
	for (size_t cut = 0; cut < sizeof(head); cut++) {
		struct http_host out;
		enum http_host_result result = read_head(*state, head, cut, &out);
		assert_true(result == HTTP_HOST_NONE || strcmp(out.host, "a.example") == 0);
	}
}

/* Whatever is flipped: a name that comes out is one by struct observation's terms. */
static void test_random(void **state)
{
	const char head[] = "GET http://b.example:8/b HTTP/1.1\r\nHost: a.example:80\r\nContent-"
			    "Length: 5\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n";
	srandom(7);
	for (int round = 0; round < 20000; round++) {
		char copy[sizeof(head)];
		struct http_host out;
		memcpy(copy, head, sizeof(head));
		for (long i = random() % 6; i >= 0; i--) {
			copy[(size_t)random() % sizeof(copy)] =
			    random() % 2 == 0 ? (char)random() : " \r\n:/@.[]\t"[random() % 10];
		}
		if (read_head(*state, copy, sizeof(copy) - 1, &out) != HTTP_HOST_NAME) {
			continue;
		}
		assert_true(out.host_len > 0 && out.host_len == strlen(out.host));
		for (size_t i = 0; i < out.host_len; i++) {
			unsigned char c = (unsigned char)out.host[i];
			assert_true(c > ' ' && c != 0x7f && c != ':' && (c < 'A' || c > 'Z'));
		}
		assert_int_not_equal(out.host[out.host_len - 1], '.');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_host_field, begin, end),
	    cmocka_unit_test_setup_teardown(test_two_hosts, begin, end),
	    cmocka_unit_test_setup_teardown(test_odd_labels, begin, end),
	    cmocka_unit_test_setup_teardown(test_method, begin, end),
	    cmocka_unit_test_setup_teardown(test_target_wins, begin, end),
	    cmocka_unit_test_setup_teardown(test_fields_alone, begin, end),
	    cmocka_unit_test_setup_teardown(test_no_host, begin, end),
	    cmocka_unit_test_setup_teardown(test_literals, begin, end),
	    cmocka_unit_test_setup_teardown(test_follows, begin, end),
	    cmocka_unit_test_setup_teardown(test_plain_heads_are_read_as_libhtp_does, begin, end),
	    cmocka_unit_test_setup_teardown(test_huge, begin, end),
	    cmocka_unit_test_setup_teardown(test_truncated, begin, end),
	    cmocka_unit_test_setup_teardown(test_random, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
