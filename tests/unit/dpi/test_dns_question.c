/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/dns_question.h"

#include <stdlib.h>

#include "packets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* On a copy that ends where its memory does. */
static enum dns_result read_copy(const uint8_t *message, size_t len, struct dns_question *out)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, message, len);
	enum dns_result result = dns_question_read(copy, len, out);
	free(copy);
	return result;
}

static void assert_host(const uint8_t *message, size_t len, const char *host)
{
	struct dns_question out;
	assert_int_equal(read_copy(message, len, &out), DNS_QUESTION);
	assert_int_equal(out.host_len, strlen(host));
	assert_string_equal(out.host, host);
}

static void test_names(void **state)
{
	(void)state;
	uint8_t message[512];
	assert_host(message, put_query(message, 1, "a.example"), "a.example");
	assert_host(message, put_query(message, 1, "vIeTcOmBaNk.cOm.Vn"), "vietcombank.com.vn");
	assert_host(message, put_query(message, 1, "\xc3\xa1.example"), "\xc3\xa1.example");
	assert_host(message, put_query(message, 1, ""), "");
}

static void test_edns_and_what_follows(void **state)
{
	(void)state;
	/* OPT: the root, type 41, 1232 octets, no options (RFC 6891 section 6.1.2) */
	const uint8_t opt[] = {0, 0, 41, 4, 0xd0, 0, 0, 0x80, 0, 0, 0};
	uint8_t message[128];
	size_t len = put_query(message, 1, "a.example");
	memcpy(message + len, opt, sizeof(opt));
	message[11] = 1;
	assert_host(message, len + sizeof(opt), "a.example");
	assert_host(message, len + 5, "a.example"); /* the question stands whole */
}

/* 255 octets on the wire are 253 of text; one more is no name (RFC 1035 section 2.3.4). */
static void test_longest(void **state)
{
	(void)state;
	char name[256];
	uint8_t message[300];
	memset(name, 'a', sizeof(name));
	name[63] = name[127] = name[191] = '.';
	name[253] = '\0';
	assert_host(message, put_query(message, 1, name), name);
	name[253] = 'a';
	name[254] = '\0';
	struct dns_question out;
	size_t len = put_query(message, 1, name);
	assert_int_equal(read_copy(message, len, &out), DNS_MALFORMED);

	/* as many labels as there can be */
	for (size_t i = 0; i < 253; i++) {
		name[i] = i % 2 == 0 ? 'b' : '.';
	}
	name[253] = '\0';
	assert_host(message, put_query(message, 1, name), name);
}

/* A label that no host name has hides neither what stands behind it nor becomes part of it. */
static void test_odd_labels(void **state)
{
	(void)state;
	static const uint8_t octets[] = {0,   1,   '\t', '\n', 0x1b, ' ', '.', 0x7f, '*', '!',
					 '$', '~', '+',  '(',  '&',  ',', '%', '@',  '/', ':'};
	for (size_t i = 0; i < sizeof(octets); i++) {
		uint8_t message[64];
		size_t len = put_query(message, 1, "abc.b.example");
		message[14] = octets[i];
		assert_host(message, len, "b.example");
		len = put_query(message, 1, "a.abc.example");
		message[16] = octets[i];
		assert_host(message, len, "example");
		len = put_query(message, 1, "a.example");
		message[16] = octets[i];
		assert_host(message, len, "");
	}
}

static void test_malformed(void **state)
{
	(void)state;
	uint8_t message[64];
	struct dns_question out;
	size_t len = put_query(message, 1, "a.example");
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_equal(read_copy(message, cut, &out), DNS_MALFORMED);
	}

	const uint8_t counts[][2] = {{0, 0}, {0, 2}, {1, 0}, {1, 1}, {0xff, 0xff}};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		memcpy(message + 4, counts[i], 2);
		assert_int_equal(read_copy(message, len, &out), DNS_MALFORMED);
	}
	/* pointers, and the label types that never came to be (RFC 6891 section 5) */
	const uint8_t types[] = {0xc0, 0xff, 0x40, 0x80};
	for (size_t i = 0; i < sizeof(types); i++) {
		for (size_t at = 12; at <= 14; at += 2) {
			put_query(message, 1, "a.example");
			message[at] = types[i];
			assert_int_equal(read_copy(message, len, &out), DNS_MALFORMED);
		}
	}
}

static void test_not_a_query(void **state)
{
	(void)state;
	uint8_t message[64];
	struct dns_question out;
	size_t len = put_query(message, 1, "a.example");
	for (unsigned flags = 0; flags < 0x20; flags++) { /* QR and OPCODE */
		message[2] = (uint8_t)(flags << 3);
		assert_int_equal(read_copy(message, len, &out),
				 flags == 0 ? DNS_QUESTION : DNS_NOT_QUERY);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),     cmocka_unit_test(test_edns_and_what_follows),
	    cmocka_unit_test(test_longest),   cmocka_unit_test(test_odd_labels),
	    cmocka_unit_test(test_malformed), cmocka_unit_test(test_not_a_query),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
