#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dpi/dns_question.h"

#define QUERY_HEADER "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
#define A_IN "\x00\x01\x00\x01"

/* Reads from a buffer of just that size, so that the address sanitizer sees any read beyond it. */
static enum dns_result read_exact(const char *message, size_t len, struct dns_question *out)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	assert_non_null(copy);
	memcpy(copy, message, len);
	enum dns_result result = dns_question_read(copy, len, out);
	free(copy);
	return result;
}

#define READ(literal, out) read_exact(literal, sizeof(literal) - 1, out)

static void assert_host(const char *message, size_t len, const char *host)
{
	struct dns_question question;

	assert_int_equal(read_exact(message, len, &question), DNS_QUESTION);
	assert_string_equal(question.host, host);
	assert_int_equal(question.host_len, strlen(host));
}

#define ASSERT_HOST(literal, host) assert_host(literal, sizeof(literal) - 1, host)

static void reads_the_question(void **state)
{
	(void)state;
	struct dns_question question;

	assert_int_equal(READ(QUERY_HEADER "\x03"
					   "www\x07"
					   "example\x00\x00\x1c\x00\x03",
			      &question),
			 DNS_QUESTION);
	assert_string_equal(question.host, "www.example");
	assert_int_equal(question.host_len, 11);
	assert_int_equal(question.type, 28);
	assert_int_equal(question.class, 3);
}

static void lowers_ascii_letters_alone(void **state)
{
	(void)state;
	ASSERT_HOST(QUERY_HEADER "\x03"
				 "WwW\x04"
				 "A\xc3\x82Z\x00" A_IN,
		    "www.a\xc3\x82z");
}

static void reads_the_root(void **state)
{
	(void)state;
	ASSERT_HOST(QUERY_HEADER "\x00\x00\x02\x00\x01", "");
}

static void minds_nothing_behind_the_question(void **state)
{
	(void)state;
	/* One OPT record, RFC 6891 section 6.1.2. */
	ASSERT_HOST("\x12\x34\x01\x20\x00\x01\x00\x00\x00\x00\x00\x01"
		    "\x01"
		    "a\x00" A_IN "\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00",
		    "a");
	/* Records that are announced and missing. */
	ASSERT_HOST("\x12\x34\x01\x00\x00\x01\x00\x05\x00\x05\x00\x05"
		    "\x01"
		    "a\x00" A_IN,
		    "a");
}

static void reads_the_longest_name(void **state)
{
	(void)state;
	char message[12 + 255 + 4];
	struct dns_question question;
	size_t at = 12;

	memcpy(message, QUERY_HEADER, 12);
	for (int label = 0; label < 4; label++) {
		size_t len = label < 3 ? 63 : 61;
		message[at++] = (char)len;
		memset(message + at, 'a', len);
		at += len;
	}
	message[at++] = 0;
	memcpy(message + at, A_IN, 4);
	assert_int_equal(at + 4, sizeof(message));
	assert_int_equal(read_exact(message, sizeof(message), &question), DNS_QUESTION);
	assert_int_equal(question.host_len, HOST_NAME_MAX_LEN);
	assert_int_equal(strlen(question.host), HOST_NAME_MAX_LEN);
}

static void refuses_a_name_that_is_too_long(void **state)
{
	(void)state;
	char message[12 + 256 + 4];
	struct dns_question question;
	size_t at = 12;

	memcpy(message, QUERY_HEADER, 12);
	for (int label = 0; label < 4; label++) {
		size_t len = label < 3 ? 63 : 62;
		message[at++] = (char)len;
		memset(message + at, 'a', len);
		at += len;
	}
	message[at++] = 0;
	memcpy(message + at, A_IN, 4);
	assert_int_equal(read_exact(message, sizeof(message), &question), DNS_MALFORMED);
}

static void leaves_what_is_no_query(void **state)
{
	(void)state;
	struct dns_question question;
	char message[] = QUERY_HEADER "\x01"
				      "a\x00" A_IN;

	message[2] = (char)0x81; /* response */
	assert_int_equal(READ("\x12\x34\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00", &question),
			 DNS_NOT_QUERY);
	assert_int_equal(read_exact(message, sizeof(message) - 1, &question), DNS_NOT_QUERY);
	for (int opcode = 1; opcode < 16; opcode++) { /* NOTIFY is 4, UPDATE 5 */
		message[2] = (char)(opcode << 3);
		assert_int_equal(read_exact(message, sizeof(message) - 1, &question),
				 DNS_NOT_QUERY);
	}
}

static void refuses_every_cut(void **state)
{
	(void)state;
	static const char message[] = QUERY_HEADER "\x03"
						   "www\x07"
						   "example\x00" A_IN;
	struct dns_question question;

	for (size_t len = 0; len < sizeof(message) - 1; len++)
		assert_int_equal(read_exact(message, len, &question), DNS_MALFORMED);
	assert_int_equal(read_exact(message, sizeof(message) - 1, &question), DNS_QUESTION);
}

static void refuses_other_numbers_of_questions(void **state)
{
	(void)state;
	struct dns_question question;

	assert_int_equal(READ("\x12\x34\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", &question),
			 DNS_MALFORMED);
	assert_int_equal(READ("\x12\x34\x01\x00\x00\x02\x00\x00\x00\x00\x00\x00"
			      "\x01"
			      "a\x00" A_IN "\x01"
			      "b\x00" A_IN,
			      &question),
			 DNS_MALFORMED);
}

static void refuses_compression_and_other_label_types(void **state)
{
	(void)state;
	struct dns_question question;

	/* A pointer at itself, to the header, behind a label; the extended types 01 and 10. */
	assert_int_equal(READ(QUERY_HEADER "\xc0\x0c" A_IN, &question), DNS_MALFORMED);
	assert_int_equal(READ(QUERY_HEADER "\xc0\x00" A_IN, &question), DNS_MALFORMED);
	assert_int_equal(READ(QUERY_HEADER "\x01"
					   "a\xc0\x0c" A_IN,
			      &question),
			 DNS_MALFORMED);
	assert_int_equal(READ(QUERY_HEADER "\x41"
					   "a\x00" A_IN,
			      &question),
			 DNS_MALFORMED);
	assert_int_equal(READ(QUERY_HEADER "\x81"
					   "a\x00" A_IN,
			      &question),
			 DNS_MALFORMED);
}

static void refuses_octets_that_no_host_name_has(void **state)
{
	(void)state;
	struct dns_question question;
	char message[] = QUERY_HEADER "\x03"
				      "a?b\x00" A_IN;
	char *odd = message + 14;

	assert_int_equal(read_exact(message, sizeof(message) - 1, &question), DNS_QUESTION);
	for (int octet = 0; octet < 256; octet++) {
		bool refused = octet <= ' ' || octet == '.' || octet == 0x7f;
		*odd = (char)octet;
		assert_int_equal(read_exact(message, sizeof(message) - 1, &question),
				 refused ? DNS_MALFORMED : DNS_QUESTION);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_the_question),
	    cmocka_unit_test(lowers_ascii_letters_alone),
	    cmocka_unit_test(reads_the_root),
	    cmocka_unit_test(minds_nothing_behind_the_question),
	    cmocka_unit_test(reads_the_longest_name),
	    cmocka_unit_test(refuses_a_name_that_is_too_long),
	    cmocka_unit_test(leaves_what_is_no_query),
	    cmocka_unit_test(refuses_every_cut),
	    cmocka_unit_test(refuses_other_numbers_of_questions),
	    cmocka_unit_test(refuses_compression_and_other_label_types),
	    cmocka_unit_test(refuses_octets_that_no_host_name_has),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
