/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/http2_host.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "http2_frames.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MOST 17408

static uint8_t block[65536];
static uint8_t frames[131072];

static int begin(void **state)
{
	*state = http2_reader_new();
	return *state == NULL ? -1 : 0;
}

static int end(void **state)
{
	http2_reader_free(*state);
	return 0;
}

/* On a copy that ends where its memory does. */
static enum http2_result read_copy(struct http2_reader *reader, const uint8_t *octets, size_t len,
				   struct http2_host *out)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, octets, len);
	memset(out, 0x7e, sizeof(*out));
	const enum http2_result result = http2_frame_read(reader, copy, len, MOST, out);
	free(copy);
	return result;
}

/* That the frames name a host, and that no beginning of them says anything else. host: NULL for
 * none. */
static void assert_host(struct http2_reader *reader, size_t len, const char *host)
{
	struct http2_host out;
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_equal(read_copy(reader, frames, cut, &out), HTTP2_CUT);
	}
	assert_int_equal(read_copy(reader, frames, len, &out),
			 host == NULL ? HTTP2_NO_NAME : HTTP2_NAME);
	if (host != NULL) {
		assert_string_equal(out.host, host);
		assert_int_equal(out.host_len, strlen(host));
	}
}

static void test_preface(void **state)
{
	(void)state;
	const uint8_t *octets = (const uint8_t *)HTTP2_PREFACE "and more";
	for (size_t len = 1; len < HTTP2_PREFACE_LEN; len++) {
		assert_int_equal(http2_preface_read(octets, len), HTTP2_PREFACE_CUT);
	}
	assert_int_equal(http2_preface_read(octets, HTTP2_PREFACE_LEN), HTTP2_PREFACE_WHOLE);
	assert_int_equal(http2_preface_read(octets, HTTP2_PREFACE_LEN + 8), HTTP2_PREFACE_WHOLE);
	assert_int_equal(http2_preface_read((const uint8_t *)"POST", 4), HTTP2_PREFACE_NONE);
	assert_int_equal(http2_preface_read((const uint8_t *)"PRI * HTTP/1.1\r\n\r\n", 18),
			 HTTP2_PREFACE_NONE);
}

/* RFC 7541 appendix C.3.1 and C.4.1: the same request without and with Huffman coding. */
static void test_examples_of_the_rfc(void **state)
{
	static const uint8_t plain[] = {0x82, 0x86, 0x84, 0x41, 0x0f, 'w', 'w', 'w', '.', 'e',
					'x',  'a',  'm',  'p',  'l',  'e', '.', 'c', 'o', 'm'};
	static const uint8_t huffman[] = {0x82, 0x86, 0x84, 0x41, 0x8c, 0xf1, 0xe3, 0xc2, 0xe5,
					  0xf2, 0x3a, 0x6b, 0xa0, 0xab, 0x90, 0xf4, 0xff};
	assert_host(*state,
		    put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, plain, sizeof(plain)),
		    "www.example.com");
	assert_host(
	    *state,
	    put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, huffman, sizeof(huffman)),
	    "www.example.com");
}

static size_t put_request(const char *field, const char *value)
{
	const size_t len = put_block(block, field, value, 0);
	return put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block, len);
}

static void test_authorities(void **state)
{
	static const struct {
		const char *value;
		const char *host;
	} cases[] = {
	    {"vietc0mbank.top", "vietc0mbank.top"},
	    {"VietC0mbank.Top.", "vietc0mbank.top"},
	    {"vietc0mbank.top:8080", "vietc0mbank.top"},
	    {"vietc0mbank.top:", "vietc0mbank.top"},
	    {"user:word@vietc0mbank.top:81", "vietc0mbank.top"},
	    {"a!b.vietc0mbank.top", "vietc0mbank.top"},
	    {"192.0.2.1", NULL},
	    {"[2001:db8::1]:80", NULL},
	    {"", NULL},
	    {":80", NULL},
	    {"a@", NULL},
	    {"vietc0mbank.top:x", NULL},
	    {"vietc0mbank/top", NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_host(*state, put_request(":authority", cases[i].value), cases[i].host);
		assert_host(*state, put_request("host", cases[i].value), cases[i].host);
	}
	assert_host(*state, put_request("x-host", "vietc0mbank.top"), NULL);
}

static void test_padding_and_priority(void **state)
{
	uint8_t payload[512];
	const size_t len = put_block(block, ":authority", "vietc0mbank.top", 0);
	for (unsigned flags = 0; flags < 4; flags++) {
		size_t at = 0;
		uint8_t set = HTTP2_END_HEADERS;
		if ((flags & 1) != 0) {
			set |= HTTP2_PADDED;
			payload[at++] = 200;
		}
		if ((flags & 2) != 0) {
			set |= HTTP2_PRIORITY;
			memset(payload + at, 0x55, 5);
			at += 5;
		}
		memcpy(payload + at, block, len);
		memset(payload + at + len, 0, 200);
		at += len + ((flags & 1) != 0 ? 200 : 0);
		assert_host(*state, put_frame(frames, HTTP2_TYPE_HEADERS, set, payload, at),
			    "vietc0mbank.top");
	}
	/* more padding than there is room for */
	const uint8_t all_padding[] = {9, 0x82};
	assert_host(*state,
		    put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS | HTTP2_PADDED,
			      all_padding, sizeof(all_padding)),
		    NULL);
	assert_host(
	    *state,
	    put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS | HTTP2_PADDED, NULL, 0), NULL);
	assert_host(
	    *state,
	    put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS | HTTP2_PRIORITY, payload, 4),
	    NULL);
}

static void test_continuations(void **state)
{
	const size_t len = put_block(block, ":authority", "vietc0mbank.top", 3);
	for (size_t size = 1; size <= len; size++) {
		size_t used = 0;
		for (size_t at = 0; at < len; at += size) {
			const size_t part = len - at < size ? len - at : size;
			used += put_frame(
			    frames + used, at == 0 ? HTTP2_TYPE_HEADERS : HTTP2_TYPE_CONTINUATION,
			    at + part == len ? HTTP2_END_HEADERS : 0, block + at, part);
		}
		assert_host(*state, used, "vietc0mbank.top");
	}
	/* another frame stands in between */
	size_t used = put_frame(frames, HTTP2_TYPE_HEADERS, 0, block, 1);
	used += put_frame(frames + used, HTTP2_TYPE_SETTINGS, 0, NULL, 0);
	struct http2_host out;
	assert_int_equal(read_copy(*state, frames, used, &out), HTTP2_NO_NAME);
	assert_int_equal(out.skip, 0);
}

/* A connection's later request begins behind the frames of the one before, of which the last may
 * not be there yet. */
static void test_length(void **state)
{
	struct http2_host out;
	const size_t len = put_block(block, ":authority", "a.example", 300);
	size_t used = put_frame(frames, HTTP2_TYPE_HEADERS, 0, block, 3);
	used += put_frame(frames + used, HTTP2_TYPE_CONTINUATION, 0, block + 3, 40);
	used += put_frame(frames + used, HTTP2_TYPE_CONTINUATION, HTTP2_END_HEADERS, block + 43,
			  len - 43);
	assert_int_equal(read_copy(*state, frames, used + 100, &out), HTTP2_NAME);
	assert_int_equal(out.skip, used);
	/* no more is waited for than this */
	assert_int_equal(http2_frame_read(*state, frames, used - 100, used - 100, &out),
			 HTTP2_NAME);
	assert_int_equal(out.skip, used);
	/* the last frame's header is not there */
	const size_t last = 9 + 3 + 9 + 40;
	assert_int_equal(http2_frame_read(*state, frames, last, last, &out), HTTP2_NAME);
	assert_int_equal(out.skip, 0);
	/* a block that nothing can be read of has its length all the same */
	block[0] = 0xff;
	used = put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block, len);
	assert_int_equal(read_copy(*state, frames, used, &out), HTTP2_NO_NAME);
	assert_int_equal(out.skip, used);
}

static void test_other_frames_are_stepped_over(void **state)
{
	struct http2_host out;
	static const uint8_t types[] = {0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255};
	for (size_t i = 0; i < sizeof(types); i++) {
		(void)put_frame(frames, types[i], 0, NULL, 0);
		frames[0] = 0xff;
		frames[2] = 0x10;
		for (size_t len = 0; len < 9; len++) {
			assert_int_equal(read_copy(*state, frames, len, &out), HTTP2_CUT);
		}
		assert_int_equal(read_copy(*state, frames, 9, &out), HTTP2_SKIP);
		assert_int_equal(out.skip, 9 + 0xff0010);
	}
}

/* Cookies behind the name can be longer than what is waited for. */
static void test_of_a_long_block_the_beginning_is_read(void **state)
{
	struct http2_host out;
	const size_t len = put_block(block, ":authority", "vietc0mbank.top", 20000);
	const size_t used = put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block, len);
	assert_true(used > MOST);
	assert_int_equal(read_copy(*state, frames, MOST - 1, &out), HTTP2_CUT);
	assert_int_equal(read_copy(*state, frames, MOST, &out), HTTP2_NAME);
	assert_string_equal(out.host, "vietc0mbank.top");
}

/* A block that has the decoder's table grow with each field, and one that names fields of it again
 * and again: each is given up in the memory there is, and the next is read. */
static void test_bounds(void **state)
{
	struct http2_host out;
	size_t len = 0;
	while (len < 16000) {
		static const uint8_t field[] = {0x40, 1, 'x', 1, 'y'};
		memcpy(block + len, field, sizeof(field));
		len += sizeof(field);
	}
	size_t used = put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block, len);
	assert_int_equal(read_copy(*state, frames, used, &out), HTTP2_NO_NAME);

	memset(block, 0x82, 16000);
	used = put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block, 16000);
	assert_int_equal(read_copy(*state, frames, used, &out), HTTP2_NO_NAME);

	/* the name is the last field that is looked at, and the first that is not */
	for (size_t before = HTTP2_FIELDS_MAX - 1; before <= HTTP2_FIELDS_MAX; before++) {
		memset(block, 0x82, before);
		memcpy(block + before,
		       "\x41\x05"
		       "a.top",
		       7);
		used = put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block, before + 7);
		assert_int_equal(read_copy(*state, frames, used, &out),
				 before < HTTP2_FIELDS_MAX ? HTTP2_NAME : HTTP2_NO_NAME);
	}

	/* the longest field that is whole, then the name: the memory is enough for it */
	memset(block, 0, 17000);
	memcpy(block, "\x00\x01x\x7f\x8b\x82\x01", 7); /* a value of 127 + 11 + 2 * 128 + 16384 */
	memcpy(block + 7 + 16778,
	       "\x41\x05"
	       "a.top",
	       7);
	memset(block + 7, 'v', 16778);
	used = put_frame(frames, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block, 7 + 16778 + 7);
	assert_int_equal(read_copy(*state, frames, used, &out), HTTP2_NAME);
	assert_string_equal(out.host, "a.top");
	assert_host(*state, put_request(":authority", "vietc0mbank.top"), "vietc0mbank.top");
}

/* Mutated blocks: whatever comes of them, the reader stands as it did. */
static void test_broken_blocks(void **state)
{
	struct http2_host out;
	srandom(9113);
	for (size_t i = 0; i < 20000; i++) {
		const size_t used =
		    put_request(i % 2 == 0 ? ":authority" : "host", "vietc0mbank.top");
		for (size_t k = 0; k <= i % 3; k++) {
			frames[9 + (size_t)random() % (used - 9)] = (uint8_t)random();
		}
		(void)!read_copy(*state, frames, used, &out);
	}
	assert_host(*state, put_request(":authority", "vietc0mbank.top"), "vietc0mbank.top");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_preface),
	    cmocka_unit_test_setup_teardown(test_examples_of_the_rfc, begin, end),
	    cmocka_unit_test_setup_teardown(test_authorities, begin, end),
	    cmocka_unit_test_setup_teardown(test_padding_and_priority, begin, end),
	    cmocka_unit_test_setup_teardown(test_continuations, begin, end),
	    cmocka_unit_test_setup_teardown(test_length, begin, end),
	    cmocka_unit_test_setup_teardown(test_other_frames_are_stepped_over, begin, end),
	    cmocka_unit_test_setup_teardown(test_of_a_long_block_the_beginning_is_read, begin, end),
	    cmocka_unit_test_setup_teardown(test_bounds, begin, end),
	    cmocka_unit_test_setup_teardown(test_broken_blocks, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
