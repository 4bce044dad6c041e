/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/classifier.h"

#include <stdio.h>
#include <stdlib.h>

#include "packets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static enum application judge_text(const char *text)
{
	return classifier_stream((const uint8_t *)text, strlen(text));
}

static void test_http(void **state)
{
	(void)state;
	const char *const methods[] = {"GET",
				       "HEAD",
				       "POST",
				       "PUT",
				       "DELETE",
				       "CONNECT",
				       "OPTIONS",
				       "PROPFIND",
				       "PATCH",
				       "REPORT",
				       "TRACE",
				       "LOCK",
				       "UNLOCK",
				       "PROPPATCH",
				       "MKCOL",
				       "COPY",
				       "MOVE",
				       "SEARCH",
				       "M-SEARCH",
				       "PURGE",
				       "QUERY",
				       "NOTIFY",
				       "get",
				       "Get",
				       "X",
				       "a!b_c",
				       "VERSION-CONTROL",
				       "UPDATEREDIRECTREF"};
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		char line[64];
		sprintf(line, "%s /x HTTP/1.1\r\n", methods[i]);
		assert_int_equal(judge_text(line), APPLICATION_HTTP);
		sprintf(line, "%s http://a.example/ HTTP/1.0\n", methods[i]);
		assert_int_equal(judge_text(line), APPLICATION_HTTP);
		sprintf(line, "%s http://a.example/ HTTP/1.0", methods[i]);
		assert_int_equal(judge_text(line), APPLICATION_UNDECIDED);
	}
	assert_int_equal(judge_text("G"), APPLICATION_UNDECIDED);
}

static void test_other_streams(void **state)
{
	(void)state;
	const char *const texts[] = {"EHLO a.example\r\n",  "SSH-2.0-OpenSSH_9.2\r\n",
				     "USER a\r\n",          "NICK a b c\r\n",
				     "HTTP/1.1 200 OK\r\n", "GET /\r\n",
				     "X(Y) / HTTP/1.1\r\n", "{\"a\":1}"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(judge_text(texts[i]), APPLICATION_OTHER);
	}
	/* TLS handshakes of every length, TLS application data */
	for (unsigned len = 0; len < 0x4000; len++) {
		const uint8_t hello[] = {0x16,
					 3,
					 1,
					 (uint8_t)(len >> 8),
					 (uint8_t)len,
					 1,
					 0,
					 (uint8_t)((len - 4) >> 8),
					 (uint8_t)(len - 4),
					 3,
					 3,
					 1,
					 2,
					 3,
					 4,
					 5};
		assert_int_equal(classifier_stream(hello, sizeof(hello)), APPLICATION_OTHER);
	}
}

static void test_dns(void **state)
{
	(void)state;
	uint8_t message[128];
	size_t len = put_query(message + 2, 4711, "www.example.com");
	put16(message, (uint32_t)len);
	assert_int_equal(classifier_datagram(message + 2, len), APPLICATION_DNS);
	assert_int_equal(classifier_stream(message, len + 2), APPLICATION_DNS);
	for (size_t cut = 1; cut < 14; cut++) {
		assert_int_equal(classifier_stream(message, cut), APPLICATION_UNDECIDED);
	}
	for (size_t cut = 14; cut < len; cut++) {
		assert_int_equal(classifier_stream(message, cut), APPLICATION_DNS);
	}

	put16(message, 0x4e20); /* "N " */
	assert_int_equal(classifier_stream(message, len + 2), APPLICATION_DNS);
	assert_int_equal(classifier_stream(message, 8), APPLICATION_UNDECIDED);
	put16(message, (uint32_t)len);

	message[4] |= 0x80; /* an answer */
	message[5] |= 0x80;
	message[9] = 1;
	assert_int_equal(classifier_datagram(message + 2, len), APPLICATION_OTHER);
	assert_int_equal(classifier_stream(message, len + 2), APPLICATION_OTHER);
}

/* Every identifier, and the flags that queries come with. */
static void test_dns_headers(void **state)
{
	(void)state;
	uint8_t message[128];
	size_t len = put_query(message, 0, "www.example.com");
	for (unsigned id = 0; id < 0x10000; id++) {
		put16(message, id);
		assert_int_equal(classifier_datagram(message, len), APPLICATION_DNS);
	}
	const uint8_t flags[][2] = {{0, 0}, {1, 0}, {1, 0x20}, {1, 0x10}, {1, 0x30}, {0, 0x10}};
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		memcpy(message + 2, flags[i], 2);
		message[11] = 1; /* OPT */
		assert_int_equal(classifier_datagram(message, len), APPLICATION_DNS);
	}
}

static void test_other_datagrams(void **state)
{
	(void)state;
	uint8_t octets[1200];
	srandom(8);
	for (int round = 0; round < 100000; round++) {
		for (size_t i = 0; i < 64; i++) {
			octets[i] = (uint8_t)random();
		}
		assert_int_equal(classifier_datagram(octets, 64), APPLICATION_OTHER);
	}
	const uint8_t ntp[48] = {0x23};
	assert_int_equal(classifier_datagram(ntp, sizeof(ntp)), APPLICATION_OTHER);
	const uint8_t quic[] = {0xc3, 0, 0, 0, 1, 8, 1,    2,    3, 4,
				5,    6, 7, 8, 0, 0, 0x44, 0x9e, 1, 2};
	assert_int_equal(classifier_datagram(quic, sizeof(quic)), APPLICATION_OTHER);
	for (size_t len = 0; len < 17; len++) {
		assert_int_equal(classifier_datagram(octets, len), APPLICATION_OTHER);
	}
}

static void test_glance(void **state)
{
	(void)state;
	uint8_t message[128];
	size_t len = put_query(message + 2, 4711, "www.example.com");
	put16(message, (uint32_t)len);
	assert_int_equal(classifier_glance(message, len + 2), APPLICATION_UNDECIDED);
	assert_int_equal(classifier_glance(message, 13), APPLICATION_OTHER);
	assert_int_equal(classifier_glance((const uint8_t *)"GET /", 5), APPLICATION_UNDECIDED);
	assert_int_equal(classifier_glance((const uint8_t *)"GET", 3), APPLICATION_OTHER);
	assert_int_equal(classifier_glance((const uint8_t *)"word ", 5), APPLICATION_OTHER);
	assert_int_equal(classifier_glance((const uint8_t *)"\x16\x03\x01\0\x50\x01", 6),
			 APPLICATION_UNDECIDED);
	assert_int_equal(classifier_glance((const uint8_t *)"\x17\x03\x03", 3), APPLICATION_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_http),
	    cmocka_unit_test(test_other_streams),
	    cmocka_unit_test(test_dns),
	    cmocka_unit_test(test_dns_headers),
	    cmocka_unit_test(test_other_datagrams),
	    cmocka_unit_test(test_glance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
