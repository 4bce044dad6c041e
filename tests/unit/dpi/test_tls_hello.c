/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/tls_hello.h"

#include <stdlib.h>

#include "hellos.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROOM 65536

static const struct hello_form plain = {.before = 0, .after = 0};

/* On a copy that ends where its memory does. */
static enum hello_result read_copy(const uint8_t *octets, size_t len, struct client_hello *out)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, octets, len);
	memset(out, 0x7e, sizeof(*out));
	const enum hello_result result = tls_hello_read(copy, len, out);
	free(copy);
	return result;
}

/* Reads the message in one record. */
static enum hello_result read_message(const uint8_t *message, size_t len, struct client_hello *out)
{
	static uint8_t stream[ROOM];
	return read_copy(stream, put_records(stream, message, len, 16384), out);
}

static void assert_found(const uint8_t *octets, size_t len, const char *host)
{
	struct client_hello out;
	assert_int_equal(read_copy(octets, len, &out), HELLO_FOUND);
	assert_int_equal(out.host_len, strlen(host));
	assert_string_equal(out.host, host);
}

static void assert_name(const char *name, const char *host)
{
	static uint8_t message[ROOM];
	struct client_hello out;
	const size_t len = put_hello(message, name, plain);
	if (host == NULL) {
		assert_int_equal(read_message(message, len, &out), HELLO_NO_NAME);
		return;
	}
	assert_int_equal(read_message(message, len, &out), HELLO_FOUND);
	assert_int_equal(out.host_len, strlen(host));
	assert_string_equal(out.host, host);
}

static void test_names(void **state)
{
	(void)state;
	assert_name("a.example", "a.example");
	assert_name("vIeTcOmBaNk.cOm.Vn", "vietcombank.com.vn");
	assert_name("a.example.", "a.example");
	assert_name("\xc3\xa1.example", "\xc3\xa1.example");
	assert_name("under_score.example", "under_score.example");
}

static void test_no_names(void **state)
{
	(void)state;
	static const char *const none[] = {"",
					   ".",
					   "a..b",
					   "192.0.2.1",
					   "[2001:db8::1]",
					   "2001:db8::1",
					   "a b.example",
					   "a/b",
					   "a.example:443",
					   "a\nb.example"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_name(none[i], NULL);
	}
	assert_name(NULL, NULL);
}

/* 253 octets are a name, one more is none (RFC 1035 section 2.3.4). */
static void test_longest(void **state)
{
	(void)state;
	char name[256];
	memset(name, 'a', sizeof(name));
	name[63] = name[127] = name[191] = '.';
	name[253] = '\0';
	assert_name(name, name);
	name[253] = 'a';
	name[254] = '\0';
	assert_name(name, NULL);
}

/* A NUL would cut the name short for whoever reads it as text. */
static void test_nul_in_name(void **state)
{
	(void)state;
	uint8_t message[512];
	struct client_hello out;
	const size_t len = put_hello(message, "a.example", plain);
	message[len - 1] = '\0';
	assert_int_equal(read_message(message, len, &out), HELLO_NO_NAME);
}

static void test_no_extensions(void **state)
{
	(void)state;
	uint8_t message[512];
	struct client_hello out;
	size_t len = put_hello_with(message, (const uint8_t *)"", 0);
	assert_int_equal(read_message(message, len, &out), HELLO_NO_NAME);
	/* TLS 1.2 lets the length of extensions out too (RFC 5246 section 7.4.1.2). */
	len -= 2;
	message[3] = (uint8_t)(message[3] - 2);
	assert_int_equal(read_message(message, len, &out), HELLO_NO_NAME);
}

/* Every prefix of every split into records: incomplete, and then the name. */
static void test_every_split(void **state)
{
	(void)state;
	static uint8_t message[ROOM];
	static uint8_t stream[ROOM];
	struct client_hello out;
	const struct hello_form form = {.before = 70, .after = 60};
	const size_t len = put_hello(message, "www.a-bank.example", form);
	for (size_t each = 1; each <= len; each++) {
		const size_t whole = put_records(stream, message, len, each);
		for (size_t there = 0; there < whole; there++) {
			assert_int_equal(read_copy(stream, there, &out), HELLO_INCOMPLETE);
		}
		assert_found(stream, whole, "www.a-bank.example");
		/* what follows is not looked at */
		memset(stream + whole, 0x17, 32);
		assert_found(stream, whole + 32, "www.a-bank.example");
	}
}

/* Two records, split anywhere. */
static void test_every_cut(void **state)
{
	(void)state;
	static uint8_t message[ROOM];
	static uint8_t stream[ROOM];
	const struct hello_form form = {.before = 1700, .after = 186};
	const size_t len = put_hello(message, "www.a-bank.example", form);
	for (size_t cut = 1; cut < len; cut++) {
		size_t used = put_records(stream, message, cut, cut);
		used += put_records(stream + used, message + cut, len - cut, len - cut);
		assert_found(stream, used, "www.a-bank.example");
	}
}

/* The first octet that cannot stand there decides. */
static void test_other_protocols(void **state)
{
	(void)state;
	struct client_hello out;
	static const struct {
		const char *octets;
		size_t len;
	} others[] = {
	    {"G", 1},
	    {"S", 1},
	    {"\x16\x02", 2},         /* a version that no TLS has */
	    {"\x16\x03\x05", 3},     /* the same */
	    {"\x16\x03\x01\x41", 4}, /* more than 16,384 octets */
	    {"\x16\x03\x01\x40\x01", 5},
	    {"\x16\x03\x01\x00\x00", 5},         /* none */
	    {"\x15", 1},                         /* an alert */
	    {"\x17", 1},                         /* application data */
	    {"\x16\x03\x01\x02\x00\x02", 6},     /* ServerHello */
	    {"\x16\x03\x01\x02\x00\x01\x01", 7}, /* 65,536 octets and more */
	    {"\x16\x03\x01\x02\x00\x01\x00\x40\x00", 9},
	    {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x02", 10}, /* its version */
	};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		const uint8_t *octets = (const uint8_t *)others[i].octets;
		assert_int_equal(read_copy(octets, others[i].len, &out), HELLO_NONE);
		assert_int_equal(read_copy(octets, others[i].len - 1, &out), HELLO_INCOMPLETE);
	}
}

/* Every record must be of type handshake and have octets in it. */
static void test_other_records_between(void **state)
{
	(void)state;
	uint8_t message[512];
	uint8_t stream[1024];
	struct client_hello out;
	const size_t len = put_hello(message, "a.example", plain);
	const size_t first = put_records(stream, message, 50, 50);
	static const uint8_t types[] = {20, 21, 23, 0, 0x80};
	for (size_t i = 0; i < sizeof(types); i++) {
		const size_t whole =
		    first + put_records(stream + first, message + 50, len - 50, len - 50);
		stream[first] = types[i];
		assert_int_equal(read_copy(stream, whole, &out), HELLO_NONE);
		assert_int_equal(read_copy(stream, first + 1, &out), HELLO_NONE);
	}
	memcpy(stream + first, "\x16\x03\x01\x00\x00", 5);
	put_records(stream + first + 5, message + 50, len - 50, len - 50);
	assert_int_equal(read_copy(stream, sizeof(stream), &out), HELLO_NONE);
}

/* A length that says more or less than is there. */
static void test_lengths(void **state)
{
	(void)state;
	uint8_t message[512];
	struct client_hello out;
	size_t len = put_hello(message, "a.example", plain);
	/* of the name, of the list, of the extension, of all extensions */
	const size_t at_name = len - strlen("a.example");
	const size_t lengths[] = {at_name - 2, at_name - 5, at_name - 7, 4 + 67 + 8};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		for (int off = -2; off <= 2; off++) {
			if (off == 0) {
				continue;
			}
			len = put_hello(message, "a.example", plain);
			uint8_t *low = message + lengths[i] + 1;
			*low = (uint8_t)(*low + off);
			assert_int_equal(read_message(message, len, &out), HELLO_NONE);
		}
	}
	/* of the session, of the suites, of the compression methods */
	const size_t before[] = {4 + 34, 4 + 67 + 1, 4 + 67 + 6};
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		len = put_hello(message, "a.example", plain);
		message[before[i]] = 0xff;
		assert_int_equal(read_message(message, len, &out), HELLO_NONE);
	}
}

static enum hello_result read_list(const void *list, size_t len, unsigned times,
				   struct client_hello *out)
{
	uint8_t extensions[512];
	uint8_t message[1024];
	size_t used = 0;
	for (unsigned i = 0; i < times; i++) {
		used += put_extension(extensions + used, 0, list, len);
	}
	return read_message(message, put_hello_with(message, extensions, used), out);
}

static void test_server_name_lists(void **state)
{
	(void)state;
	struct client_hello out;
	assert_int_equal(read_list("\0\4\0\0\1a", 6, 1, &out), HELLO_FOUND);
	assert_string_equal(out.host, "a");
	/* a type that does not exist yet is skipped, before and after */
	assert_int_equal(read_list("\0\x08\1\0\1z\0\0\1a", 10, 1, &out), HELLO_FOUND);
	assert_string_equal(out.host, "a");
	assert_int_equal(read_list("\0\x08\0\0\1a\1\0\1z", 10, 1, &out), HELLO_FOUND);
	assert_string_equal(out.host, "a");
	assert_int_equal(read_list("\0\4\1\0\1z", 6, 1, &out), HELLO_NO_NAME);
	/* two names, two extensions, none */
	assert_int_equal(read_list("\0\x08\0\0\1a\0\0\1b", 10, 1, &out), HELLO_NONE);
	assert_int_equal(read_list("\0\4\0\0\1a", 6, 2, &out), HELLO_NONE);
	assert_int_equal(read_list("", 0, 1, &out), HELLO_NONE);
	assert_int_equal(read_list("\0", 1, 1, &out), HELLO_NONE);
	assert_int_equal(read_list("\0\0", 2, 1, &out), HELLO_NONE);
	assert_int_equal(read_list("\0\2\0\0", 4, 1, &out), HELLO_NONE);
}

/* The longest that is read, and one octet more, which is let go as soon as it says so. */
static void test_bounds(void **state)
{
	(void)state;
	static uint8_t message[ROOM];
	static uint8_t stream[ROOM * 2];
	struct client_hello out;
	struct hello_form form = {.before = 16000, .after = 1};
	form.before += CLIENT_HELLO_MAX - put_hello(message, "a.example", form);
	size_t len = put_hello(message, "a.example", form);
	assert_int_equal(len, CLIENT_HELLO_MAX);
	assert_found(stream, put_records(stream, message, len, 16384), "a.example");
	assert_found(stream, put_records(stream, message, len, 100), "a.example");

	/* in records so small that they take more of the stream than is looked at */
	const size_t whole = put_records(stream, message, len, 10);
	assert_true(whole > TLS_HELLO_STREAM_MAX);
	assert_int_equal(read_copy(stream, TLS_HELLO_STREAM_MAX - 1, &out), HELLO_INCOMPLETE);
	assert_int_equal(read_copy(stream, TLS_HELLO_STREAM_MAX, &out), HELLO_NONE);
	assert_int_equal(read_copy(stream, whole, &out), HELLO_NONE);

	form.before++;
	len = put_hello(message, "a.example", form);
	put_records(stream, message, len, 8192);
	assert_int_equal(read_copy(stream, 9, &out), HELLO_NONE);
}

/* Of every octet changed to every other the reader says something, and reads nothing beyond. */
static void test_every_octet_changed(void **state)
{
	(void)state;
	uint8_t message[512];
	uint8_t stream[1024];
	struct client_hello out;
	const struct hello_form form = {.before = 3, .after = 3};
	const size_t len = put_hello(message, "a.example", form);
	const size_t whole = put_records(stream, message, len, 64);
	for (size_t at = 0; at < whole; at++) {
		const uint8_t was = stream[at];
		for (unsigned octet = 0; octet < 256; octet++) {
			stream[at] = (uint8_t)octet;
			if (read_copy(stream, whole, &out) == HELLO_FOUND) {
				assert_true(out.host_len > 0 && out.host_len <= HOST_NAME_MAX_LEN);
				assert_int_equal(strlen(out.host), out.host_len);
			}
		}
		stream[at] = was;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_no_names),
	    cmocka_unit_test(test_longest),
	    cmocka_unit_test(test_nul_in_name),
	    cmocka_unit_test(test_no_extensions),
	    cmocka_unit_test(test_every_split),
	    cmocka_unit_test(test_every_cut),
	    cmocka_unit_test(test_other_protocols),
	    cmocka_unit_test(test_other_records_between),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_server_name_lists),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_every_octet_changed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
