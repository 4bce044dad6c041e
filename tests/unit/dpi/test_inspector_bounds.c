/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an inspector takes of the heap, and what it leaves there of the traffic: nothing. */
#include "dpi/inspector.h"

#include <stdio.h>
#include <stdlib.h>

#include "dpi/http_host.h"
#include "heap.h"
#include "http2_frames.h"
#include "packets.h"
#include "recorder.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#if HEAP_WATCHED

/* Not through watch_packet(): that takes a block for each packet. */
static uint8_t packet[65600];

static uint64_t observed;
static struct inspection inspection;

static enum inspector_outcome show(struct inspector *inspector, size_t len)
{
	static uint64_t now_us;
	struct packet parsed;
	now_us += 10;
	assert_int_equal(packet_parse(packet, len, &parsed), PACKET_OK);
	do {
		inspector_packet(inspector, &parsed, now_us, &inspection);
		observed += inspection.count;
	} while (inspection.more);
	return inspection.outcome;
}

static struct talk talk_number(uint32_t number, uint16_t server_port)
{
	return (struct talk){false, (uint16_t)(number >> 14), 0x0808,
			     (uint16_t)(1024 + (number & 0x3fff)), server_port};
}

static void show_tcp(struct inspector *inspector, const struct talk *talk, uint8_t flags,
		     uint32_t seq, const char *text, size_t len)
{
	show(inspector, put_tcp(packet, talk, true, flags, seq, 1, text, len));
}

static void show_dns(struct inspector *inspector, uint32_t number)
{
	uint8_t query[64];
	struct talk talk = talk_number(number, 53);
	size_t len = put_query(query, (uint16_t)number, "www.example.com");
	show(inspector, put_udp(packet, &talk, true, query, len));
	query[2] |= 0x80;
	show(inspector, put_udp(packet, &talk, false, query, len));
}

static void show_bulk(struct inspector *inspector, uint32_t number)
{
	static const char hello[1400] = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";
	struct talk talk = talk_number(number, 443);
	show_tcp(inspector, &talk, TCP_SYN, 1, NULL, 0);
	show_tcp(inspector, &talk, TCP_ACK, 2, hello, 300);
	show_tcp(inspector, &talk, TCP_ACK, 302, hello, sizeof(hello));
	show(inspector, put_udp(packet, &talk, true, hello, sizeof(hello)));
	show_tcp(inspector, &talk, TCP_RST, 1702, NULL, 0);
}

#define PLAIN_REQUEST                                                                              \
	"GET /x HTTP/1.1\r\nUser-Agent: a\r\nCookie: b\r\nHost: www.example.com\r\nAccept: "       \
	"*/*\r\n\r\n"
#define FRAMED_REQUEST                                                                             \
	"GET /x HTTP/1.1\r\nUser-Agent: a\r\nContent-Length: 0\r\nHost: www.example.com\r\n\r\n"

/* One request in segments of `part` octets, the first two of each pair in the wrong order. */
static void show_request(struct inspector *inspector, const char *text, uint32_t number,
			 size_t part)
{
	const size_t len = strlen(text);
	struct talk talk = talk_number(number, 80);
	show_tcp(inspector, &talk, TCP_SYN, 0, NULL, 0);
	for (size_t at = 0; at < len; at += 2 * part) {
		size_t left = len - at;
		size_t first = left < part ? left : part;
		size_t second = left - first < part ? left - first : part;
		show_tcp(inspector, &talk, TCP_ACK, (uint32_t)(1 + at + first), text + at + first,
			 second);
		show_tcp(inspector, &talk, TCP_ACK, (uint32_t)(1 + at), text + at, first);
	}
}

static void test_nothing_taken_per_packet(void **state)
{
	struct inspector *inspector = inspector_new(NULL);
	(void)state;
	assert_non_null(inspector);
	uint64_t taken = heap.taken;
	for (uint32_t i = 0; i < 10000; i++) {
		show_dns(inspector, i);
		show_bulk(inspector, i);
	}
	assert_int_equal(heap.taken - taken, 0);
	assert_int_equal(inspector_stats(inspector)->packets, 70000);
	assert_int_equal(inspector_stats(inspector)->dns_messages, 10000);
	inspector_free(inspector);
}

/* \returns the blocks taken for each request, as many however it came; all are given back. */
static uint64_t taken_per_request(const char *text)
{
	struct inspector *inspector = inspector_new(NULL);
	assert_non_null(inspector);
	show_request(inspector, text, 0, 1000);
	uint64_t taken = heap.taken;
	size_t octets = heap.octets;
	show_request(inspector, text, 1, 1000);
	uint64_t each = heap.taken - taken;
	observed = 0;
	taken = heap.taken;
	for (uint32_t i = 0; i < 1000; i++) {
		show_request(inspector, text, 2 + i, 1 + i % 100);
	}
	assert_int_equal(observed, 1000);
	assert_int_equal(heap.taken - taken, 1000 * each);
	assert_int_equal(heap.octets, octets);
	inspector_free(inspector);
	return each;
}

static void test_taken_per_request(void **state)
{
	(void)state;
	assert_int_equal(taken_per_request(PLAIN_REQUEST), 0);
	/* libhtp's */
	assert_in_range(taken_per_request(FRAMED_REQUEST), 1, 30);
}

static void test_memory_is_as_said(void **state)
{
	(void)state;
	const struct inspector_limits limits[] = {
	    {0},
	    {.flows = 1, .streams = 1, .stream_octets = 1},
	    {.flows = 1000, .streams = 100, .stream_octets = 4096},
	};
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		size_t before = heap.octets;
		struct http_host_reader *reader = http_host_reader_new();
		size_t libraries = heap.octets - before - http_host_reader_memory();
		http_host_reader_free(reader);

		before = heap.octets;
		struct inspector *inspector = inspector_new(&limits[i]);
		assert_non_null(inspector);
		assert_int_equal(heap.octets - before, inspector_memory(&limits[i]) + libraries);
		inspector_free(inspector);
	}
}

/* 20,000 half requests, a SYN flood and random datagrams: not an octet more, and work goes on. */
static void test_floods(void **state)
{
	struct inspector *inspector = inspector_new(NULL);
	(void)state;
	assert_non_null(inspector);
	uint64_t taken = heap.taken;
	srandom(13);
	for (uint32_t i = 0; i < 20000; i++) {
		struct talk talk = talk_number(i, 80);
		show_tcp(inspector, &talk, TCP_SYN, 0, NULL, 0);
		show_tcp(inspector, &talk, TCP_ACK, 1, "GET / HTTP/1.1\r\nHost: a.exam", 28);
	}
	const struct inspector_stats *stats = inspector_stats(inspector);
	assert_int_equal(stats->streams_given_up, 20000 - 4096);
	assert_int_equal(stats->flows_evicted, 0);
	for (uint32_t i = 0; i < 200000; i++) {
		struct talk talk = talk_number(100000 + i, 80);
		show_tcp(inspector, &talk, TCP_SYN, (uint32_t)random(), NULL, 0);
		for (size_t k = 0; k < 64; k += 4) {
			put32(packet + 100 + k, (uint32_t)random() * 2);
		}
		uint8_t noise[64];
		memcpy(noise, packet + 100, sizeof(noise));
		talk.server_port = (uint16_t)random();
		show(inspector, put_udp(packet, &talk, true, noise, sizeof(noise)));
	}
	assert_int_equal(heap.taken - taken, 0);
	assert_int_equal(stats->flows, 420000);
	assert_int_equal(stats->flows_evicted, 420000 - 65536);
	assert_int_equal(stats->streams_given_up, 20000);
	observed = 0;
	show_request(inspector, PLAIN_REQUEST, 1, 7);
	assert_int_equal(observed, 1);
	inspector_free(inspector);
}

/* Path, query, user information, fields, body, a name that was asked for, a client's address. */
static const char *const secrets[] = {
    "sesamepath",   "sesamequery", "sesameuser",
    "sesamecookie", "sesameagent", "sesamebody",
    "sesamehost",   "sesamelabel", "\x7e\x5a\x13\xc8\x21\x99\xd4\x42\xfe\x61\x77\xe3"};
static const char whole_request[] =
    "POST http://sesameuser@www.sesamehost.example/sesamepath?sesamequery HTTP/1.1\r\n"
    "Host: www.sesamehost.example\r\nCookie: sesamecookie\r\nUser-Agent: sesameagent\r\n"
    "Content-Length: 10\r\n\r\nsesamebody"
    "GET /sesamepath HTTP/1.1\r\nUpgrade: sesameagent\r\nHost: sesamehost.example\r\n\r\n";

static void show_secretly(struct inspector *inspector, uint16_t port, uint8_t flags, uint32_t seq,
			  const char *text, size_t len)
{
	const struct talk talk = {true, 5, 9, port, 80};
	size_t packet_len = put_tcp(packet, &talk, true, flags, seq, 1, text, len);
	memcpy(packet + 8 + 4, secrets[8], 12);
	show(inspector, packet_len);
	memset(packet, 0, sizeof(packet));
}

static void show_parts(struct inspector *inspector, uint16_t port, size_t len, size_t part)
{
	show_secretly(inspector, port, TCP_SYN, 0, NULL, 0);
	for (size_t at = 0; at < len; at += part) {
		show_secretly(inspector, port, TCP_ACK, (uint32_t)(1 + at), whole_request + at,
			      len - at < part ? len - at : part);
	}
}

static void test_nothing_left_behind(void **state)
{
	(void)state;
	const struct inspector_limits limits = {.flows = 16, .streams = 2};
	struct inspector *inspector = inspector_new(&limits);
	assert_non_null(inspector);
	heap.secrets = secrets;
	heap.secret_count = sizeof(secrets) / sizeof(secrets[0]);
	heap.leaks = 0;
	observed = 0;
	const size_t len = sizeof(whole_request) - 1;
	for (size_t part = 1; part <= len; part++) {
		show_parts(inspector, (uint16_t)part, len, part);
	}
	assert_int_equal(observed, 2 * len);
	assert_int_equal(heap_secrets_held(), 0);

	uint8_t query[64];
	struct talk talk = talk_number(1, 53);
	size_t query_len = put_query(query, 1, "www.sesamelabel.example");
	show(inspector, put_udp(packet, &talk, true, query, query_len));
	assert_int_equal(observed, 2 * len + 1);
	memset(packet, 0, sizeof(packet));
	assert_int_equal(heap_secrets_held(), 0);

	/* half a request is held, until it is given up for another, reset or forgotten */
	show_parts(inspector, 1000, 140, 10);
	assert_int_equal(heap_secrets_held(), 1);
	show_secretly(inspector, 1000, TCP_RST, 141, NULL, 0);
	assert_int_equal(heap_secrets_held(), 0);
	for (uint16_t i = 0; i < 5; i++) {
		show_parts(inspector, (uint16_t)(1001 + i), 140, 70);
	}
	assert_int_equal(heap_secrets_held(), 1); /* one block for all streams */
	for (uint32_t i = 0; i < 16; i++) {
		show_dns(inspector, i);
	}
	assert_int_equal(heap_secrets_held(), 0);

	show_parts(inspector, 2000, 140, 70);
	inspector_free(inspector);
	assert_int_equal(heap.leaks, 0);
	assert_int_equal(heap_secrets_held(), 0);
	heap.secret_count = 0;
}

/* Nor what libnghttp2 makes of a request over HTTP/2; and it takes nothing of the heap. */
static void test_http2_leaves_nothing(void **state)
{
	(void)state;
	/* A field that a decoder keeps, then :authority; both are written by hand, because an
	 * encoder would leave them in memory that it gives back. */
	static const char cookie[] = "\x40\x06"
				     "cookie\x0c"
				     "sesamecookie";
	const char *const names[] = {"sesamehost.example", "sesamehost example", "192.0.2.1"};
	struct inspector *inspector = inspector_new(NULL);
	assert_non_null(inspector);
	heap.secrets = secrets;
	heap.secret_count = sizeof(secrets) / sizeof(secrets[0]);
	heap.leaks = 0;
	for (uint32_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint8_t block[100];
		uint8_t stream[200];
		const size_t name_len = strlen(names[i]);
		size_t block_len = sizeof(cookie) - 1;
		memcpy(block, cookie, block_len);
		block[block_len++] = 0x41;
		block[block_len++] = (uint8_t)name_len;
		memcpy(block + block_len, names[i], name_len);
		size_t len = sizeof(HTTP2_PREFACE) - 1;
		memcpy(stream, HTTP2_PREFACE, len);
		len += put_frame(stream + len, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block,
				 block_len + name_len);

		const struct talk talk = talk_number(i, 80);
		const uint64_t taken = heap.taken;
		observed = 0;
		show_tcp(inspector, &talk, TCP_SYN, 0, NULL, 0);
		show_tcp(inspector, &talk, TCP_ACK, 1, (const char *)stream, 60);
		show_tcp(inspector, &talk, TCP_ACK, 61, (const char *)stream + 60, len - 60);
		assert_int_equal(heap.taken - taken, 0);
		assert_int_equal(observed, i == 0);
		inspection_clear(&inspection);
		memset(packet, 0, sizeof(packet));
		assert_int_equal(heap_secrets_held(), 0);
	}
	inspector_free(inspector);
	assert_int_equal(heap.leaks, 0);
	heap.secret_count = 0;
}

/* Nor what libhtp makes of heads of other shapes, good and bad. */
static void test_odd_heads_leave_nothing(void **state)
{
	(void)state;
	const char *const heads[] = {
	    "GET / HTTP/1.1\r\nHost: sesamehost.example:8080\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost:\r\n sesamehost.example\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: www.\r\n sesamehost.example\r\n\r\n",
	    "GET / HTTP/1.1\r\n Host: sesamehost.example\r\nHost: b.example\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: sesamehost.example\r\nHost: sesamehost.example\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: sesamehost example\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: [sesamehost]:x\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: sesameuser@sesamehost.example:x\r\n\r\n",
	    "GET http://sesamehost.example:81/ HTTP/1.0\r\n\r\n",
	    "GET http://[sesamehost HTTP/1.0\r\n\r\n",
	    "GET http://sesameuser:x@sesamehost:x:y/ HTTP/1.0\r\n\r\n",
	    "CONNECT sesamehost.example:443 HTTP/1.1\r\nHost: sesamehost.example\r\n\r\n",
	    "CONNECT sesamehost.example HTTP/1.1\r\n\r\n",
	    "POST / HTTP/1.1\r\nHost: sesamehost.example\r\nContent-Length: sesamebody\r\n\r\n",
	    "POST / HTTP/1.1\r\nTransfer-Encoding: sesamebody\r\nHost: sesamehost.example\r\n\r\n",
	    "GET / HTTP/1.1\r\nUpgrade: sesamebody\r\nHost: sesamehost.example\r\n\r\n",
	};
	struct http_host_reader *reader = http_host_reader_new();
	assert_non_null(reader);
	heap.secrets = secrets;
	heap.secret_count = sizeof(secrets) / sizeof(secrets[0]);
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct http_host out;
		heap.leaks = 0;
		http_host_read(reader, (const uint8_t *)heads[i], strlen(heads[i]), &out);
		if (heap.leaks > 0) {
			print_error("left behind after: %s", heads[i]);
		}
		assert_int_equal(heap.leaks, 0);
		assert_int_equal(heap_secrets_held(), 0);
	}
	heap.secret_count = 0;
	http_host_reader_free(reader);
}

/* That the watch above would see what it looks for. */
static void test_watch_sees(void **state)
{
	(void)state;
	heap.secrets = secrets;
	heap.secret_count = sizeof(secrets) / sizeof(secrets[0]);
	heap.leaks = 0;
	char *volatile block = malloc(100);
	assert_non_null(block);
	memset(block, 0, 100);
	memcpy(block + 50, "sesamebody", 10);
	assert_int_equal(heap_secrets_held(), 1);
	free(block);
	assert_int_equal(heap.leaks, 1);
	assert_int_equal(heap_secrets_held(), 0);
	heap.secret_count = 0;
}

#else

static void test_skipped(void **state)
{
	(void)state;
	print_message("SKIPPED: this build has a sanitizer's heap; run it in the release build\n");
	skip();
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#if HEAP_WATCHED
	    cmocka_unit_test(test_watch_sees),
	    cmocka_unit_test(test_nothing_taken_per_packet),
	    cmocka_unit_test(test_taken_per_request),
	    cmocka_unit_test(test_memory_is_as_said),
	    cmocka_unit_test(test_floods),
	    cmocka_unit_test(test_nothing_left_behind),
	    cmocka_unit_test(test_http2_leaves_nothing),
	    cmocka_unit_test(test_odd_heads_leave_nothing),
#else
	    cmocka_unit_test(test_skipped),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
