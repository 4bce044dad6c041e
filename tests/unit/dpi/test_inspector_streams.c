/* SPDX-License-Identifier: GPL-3.0-or-later */
/* However a client's octets are cut up, repeated and shuffled, the same hosts come out. */
#include "dpi/inspector.h"

#include <stdio.h>
#include <stdlib.h>

#include "http2_frames.h"
#include "packets.h"
#include "recorder.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct segment {
	size_t from;
	size_t to;
};

static const char two_requests[] =
    "POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nxyz"
    "GET http://b.example/ HTTP/1.1\r\nHost: c.example\r\n\r\n";
#define TWO_LEN (sizeof(two_requests) - 1)
static const char two_hosts[] = "http a.example\nhttp b.example\n";

/* A connection of its own for each round; the client's port tells them apart. */
static struct talk fresh_talk(void)
{
	static uint16_t port = 1024;
	static uint16_t client = 0x0105;
	if (++port == 65535) {
		port = 1024;
		client++;
	}
	return (struct talk){port % 2 == 0, client, 0x0909, port, 80};
}

static void show(struct watch *watch, const struct talk *talk, uint32_t isn, const char *text,
		 const struct segment *segments, size_t count)
{
	watch_clear(watch);
	watch_tcp(watch, talk, true, TCP_SYN, isn, 0, NULL, 0);
	for (size_t i = 0; i < count; i++) {
		watch_data(watch, talk, isn + 1 + (uint32_t)segments[i].from,
			   text + segments[i].from, segments[i].to - segments[i].from);
	}
}

static void test_one_octet_a_segment(void **state)
{
	struct watch *watch = *state;
	struct talk talk = fresh_talk();
	watch_handshake(watch, &talk, 0xfffffff0); /* the sequence numbers wrap */
	for (size_t i = 0; i < TWO_LEN; i++) {
		assert_int_equal(
		    watch_data(watch, &talk, 0xfffffff1 + (uint32_t)i, two_requests + i, 1),
		    INSPECTOR_WATCH);
	}
	assert_string_equal(watch->hosts, two_hosts);
	assert_int_equal(watch->last.request_end_seq, (uint32_t)(0xfffffff1 + TWO_LEN));
}

/* In order and the other way round. */
static void test_every_split_in_two(void **state)
{
	struct watch *watch = *state;
	for (size_t cut = 1; cut < TWO_LEN; cut++) {
		const struct segment segments[] = {{0, cut}, {cut, TWO_LEN}, {0, cut}};
		for (size_t first = 0; first < 2; first++) {
			struct talk talk = fresh_talk();
			show(watch, &talk, (uint32_t)(0 - cut), two_requests, segments + first, 2);
			assert_string_equal(watch->hosts, two_hosts);
		}
	}
}

static void test_every_split_in_three(void **state)
{
	struct watch *watch = *state;
	static const size_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	for (size_t a = 1; a < TWO_LEN; a++) {
		for (size_t b = a + 1; b < TWO_LEN; b++) {
			const struct segment parts[] = {{0, a}, {a, b}, {b, TWO_LEN}};
			const size_t *order = orders[(a + b) % 6];
			const struct segment segments[] = {parts[order[0]], parts[order[1]],
							   parts[order[2]]};
			struct talk talk = fresh_talk();
			show(watch, &talk, 77, two_requests, segments, 3);
			assert_string_equal(watch->hosts, two_hosts);
		}
	}
}

static void test_every_split_of_dns(void **state)
{
	struct watch *watch = *state;
	uint8_t text[128];
	size_t len = 0;
	const char *const names[] = {"a.example", "b.example"};
	for (size_t i = 0; i < 2; i++) {
		size_t query = put_query(text + len + 2, (uint16_t)i, names[i]);
		put16(text + len, (uint32_t)query);
		len += query + 2;
	}
	for (size_t cut = 1; cut < len; cut++) {
		const struct segment segments[] = {{0, cut}, {cut, len}, {0, cut}};
		for (size_t first = 0; first < 2; first++) {
			struct talk talk = fresh_talk();
			show(watch, &talk, (uint32_t)(0 - cut), (const char *)text,
			     segments + first, 2);
			assert_string_equal(watch->hosts, "dns a.example\ndns b.example\n");
		}
	}
}

/* Writes one to six requests of all kinds, and what is to come of them. \returns the length. */
static size_t write_stream(char *text, char *hosts)
{
	size_t len = 0;
	*hosts = '\0';
	for (long i = random() % 6; i >= 0; i--) {
		char host[32];
		snprintf(host, sizeof(host), "h%ld.example", random() % 1000);
		hosts += sprintf(hosts, "http %s\n", host);
		long body = random() % 300;
		switch (random() % 4) {
		case 0:
			len += (size_t)sprintf(text + len, "GET /%0*d HTTP/1.1\r\nHost: %s\r\n\r\n",
					       (int)body + 1, 0, host);
			break;
		case 1:
			len +=
			    (size_t)sprintf(text + len, "GET http://%s:81/ HTTP/1.0\nX: %0*d\n\n",
					    host, (int)body + 1, 0);
			break;
		case 2:
			len +=
			    (size_t)sprintf(text + len,
					    "POST / HTTP/1.1\r\nContent-Length: %ld\r\nHost:\r\n "
					    "%s\r\n\r\n%0*d",
					    body + 1, host, (int)body + 1, 0);
			break;
		default:
			len += (size_t)sprintf(text + len,
					       "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
					       "Host: %s\r\n\r\n%lx\r\n%0*d\r\n1;a=b\r\nx\r\n0\r\n"
					       "T: u\r\n\r\n",
					       host, body + 1, (int)body + 1, 0);
			break;
		}
	}
	return len;
}

/* Cuts the stream into segments that overlap and repeat, then shuffles them. */
static size_t cut_up(struct segment *segments, size_t len)
{
	size_t count = 0;
	size_t at = 0;
	size_t longest = 1 + (size_t)random() % 400;
	while (at < len) {
		size_t part = 1 + (size_t)random() % longest;
		/* so many holes at most as a stream can hold */
		if (part < len / 24) {
			part = len / 24;
		}
		size_t to = at + part < len ? at + part : len;
		size_t back = random() % 3 == 0 ? (size_t)random() % 30 : 0;
		segments[count++] = (struct segment){at > back ? at - back : 0, to};
		if (random() % 4 == 0) {
			segments[count++] = (struct segment){at, to};
		}
		at = to;
	}
	for (size_t i = count - 1; i > 0; i--) {
		size_t k = (size_t)random() % (i + 1);
		struct segment swap = segments[i];
		segments[i] = segments[k];
		segments[k] = swap;
	}
	return count;
}

static void test_shuffled(void **state)
{
	struct watch *watch = *state;
	static char text[8192];
	static char hosts[1024];
	static struct segment segments[256];
	srandom(10);
	for (int round = 0; round < 5000; round++) {
		size_t len = write_stream(text, hosts);
		size_t count = cut_up(segments, len);
		struct talk talk = fresh_talk();
		show(watch, &talk, (uint32_t)random() * 2, text, segments, count);
		assert_string_equal(watch->hosts, hosts);
	}
	assert_int_equal(inspector_stats(watch->inspector)->http_malformed, 0);
	assert_int_equal(inspector_stats(watch->inspector)->streams_given_up, 0);
}

/* A later copy with other octets changes nothing, be the first one read or still held. */
static void test_conflicting_copies(void **state)
{
	struct watch *watch = *state;
	static char text[8192];
	static char hosts[1024];
	static char other[400];
	memset(other, 'z', sizeof(other));
	srandom(11);
	for (int round = 0; round < 2000; round++) {
		size_t len = write_stream(text, hosts);
		struct talk talk = fresh_talk();
		uint32_t isn = (uint32_t)random() * 2;
		show(watch, &talk, isn, text, NULL, 0);
		for (size_t at = 0; at < len;) {
			size_t part = 1 + (size_t)random() % 200;
			if (part > len - at) {
				part = len - at;
			}
			watch_data(watch, &talk, isn + 1 + (uint32_t)at, text + at, part);
			size_t back = (size_t)random() % (at + 1) % sizeof(other);
			at += part;
			watch_data(watch, &talk, isn + 1 + (uint32_t)(at - part - back), other,
				   back);
			watch_data(watch, &talk, isn + 1 + (uint32_t)(at - part), other,
				   part < sizeof(other) ? part : 0);
		}
		assert_string_equal(watch->hosts, hosts);
	}
}

/* Truncated and altered streams: nothing to be had but the hosts that stand whole in them. */
static void test_damaged(void **state)
{
	struct watch *watch = *state;
	static char text[8192];
	static char hosts[1024];
	static struct segment segments[256];
	srandom(12);
	for (int round = 0; round < 5000; round++) {
		size_t len = write_stream(text, hosts);
		for (long i = random() % 5; i >= 0; i--) {
			text[(size_t)random() % len] = (char)random();
		}
		size_t count = cut_up(segments, 1 + (size_t)random() % len);
		struct talk talk = fresh_talk();
		show(watch, &talk, (uint32_t)random() * 2, text, segments, count);
		for (size_t i = 0; i < watch->hosts_len; i++) {
			assert_true((unsigned char)watch->hosts[i] >= ' ' ||
				    watch->hosts[i] == '\n');
		}
	}
}

/*
 * HTTP/2 without TLS, frames before the request, cookies behind its name, a body, and requests that
 * follow: however it is cut up, each name that the connection had not yet comes out of it once,
 * marked, and later ones are waited for.
 */
static void test_http2(void **state)
{
	struct watch *watch = *state;
	static uint8_t block[65536];
	static uint8_t stream[65536];
	static const uint8_t settings[600];
	size_t len = sizeof(HTTP2_PREFACE) - 1;
	memcpy(stream, HTTP2_PREFACE, len);
	len += put_frame(stream + len, HTTP2_TYPE_SETTINGS, 0, settings, sizeof(settings));
	nghttp2_hd_deflater *client = http2_client();
	size_t block_len = put_next_block(client, block, ":authority", "a.example:80", 500);
	len += put_frame(stream + len, HTTP2_TYPE_HEADERS, 0, block, 20);
	len += put_frame(stream + len, HTTP2_TYPE_CONTINUATION, HTTP2_END_HEADERS, block + 20,
			 block_len - 20);
	static const uint8_t body[3000];
	len += put_frame(stream + len, HTTP2_TYPE_DATA, 0, body, sizeof(body));
	for (size_t i = 0; i < 3; i++) {
		const char *const hosts[] = {"a.example:80", "b.example", "c.example"};
		block_len = put_next_block(client, block, ":authority", hosts[i], 500);
		len += put_frame(stream + len, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block,
				 block_len);
	}
	nghttp2_hd_deflate_del(client);

	srandom(7540);
	for (int round = 0; round < 200; round++) {
		struct talk talk = fresh_talk();
		const uint32_t isn = (uint32_t)random() * 2;
		enum inspector_outcome outcome = INSPECTOR_WATCH;
		watch_clear(watch);
		watch_handshake(watch, &talk, isn);
		for (size_t at = 0; at < len;) {
			size_t part = round == 0 ? 1 : 1 + (size_t)random() % 700;
			part = part < len - at ? part : len - at;
			outcome =
			    watch_data(watch, &talk, isn + 1 + (uint32_t)at, stream + at, part);
			at += part;
		}
		assert_string_equal(watch->hosts,
				    "http a.example\nhttp b.example\nhttp c.example\n");
		assert_true(watch->last.is_http2);
		assert_true(watch->last.handshake_seen);
		assert_int_equal(outcome, INSPECTOR_WATCH);
		assert_int_equal(inspector_stats(watch->inspector)->http_malformed, 0);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, watch_begin, watch_end)
	const struct CMUnitTest tests[] = {
	    TEST(test_one_octet_a_segment),
	    TEST(test_every_split_in_two),
	    TEST(test_every_split_in_three),
	    TEST(test_every_split_of_dns),
	    TEST(test_shuffled),
	    TEST(test_conflicting_copies),
	    TEST(test_damaged),
	    TEST(test_http2),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
