/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/inspector.h"

#include <stdio.h>
#include <stdlib.h>

#include "conversation.h"
#include "dpi/quic_pool.h"
#include "hellos.h"
#include "quic_packets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* By default, of struct inspector_limits. */
#define STREAM_OCTETS 17408

static void test_dns_udp(void **state)
{
	struct watch *watch = *state;
	uint8_t query[64];
	size_t len = put_query(query, 7, "Www.vietc0mbank.TOP");
	assert_int_equal(watch_udp(watch, &dns_talk, true, query, len), INSPECTOR_WATCH);
	assert_string_equal(watch->hosts, "dns www.vietc0mbank.top\n");
	assert_int_equal(watch->last.dns_message_len, len);
	assert_memory_equal(watch->last_message, query, len);
	assert_int_equal(watch->last.request_end_seq, 0);

	query[2] |= 0x80; /* the answer */
	assert_int_equal(watch_udp(watch, &dns_talk, false, query, len), INSPECTOR_WATCH);
	assert_int_equal(stats_of(watch)->dns_messages, 1);
	assert_int_equal(stats_of(watch)->observations, 1);
	assert_int_equal(stats_of(watch)->flows, 1);
}

static void test_dns_any_port(void **state)
{
	struct watch *watch = *state;
	uint8_t query[64];
	size_t len = put_query(query, 7, "a.example");
	watch_udp(watch, &dns_high, true, query, len);
	len = put_framed_query(query, 7, "b.example");
	assert_int_equal(say(watch, &dns_high, (const char *)query, len), INSPECTOR_WATCH);
	assert_string_equal(watch->hosts, "dns a.example\ndns b.example\n");
	assert_int_equal(watch->last.request_end_seq, ISN + 1 + len);
}

static void test_dns_without_a_host(void **state)
{
	struct watch *watch = *state;
	uint8_t query[64];
	watch_udp(watch, &dns_talk, true, query, put_query(query, 7, ""));
	watch_udp(watch, &dns_talk, true, query, put_query(query, 7, "192.0.2.1"));
	assert_int_equal(stats_of(watch)->dns_messages, 2);
	assert_int_equal(stats_of(watch)->observations, 0);
}

static void test_dns_malformed(void **state)
{
	struct watch *watch = *state;
	uint8_t query[64];
	size_t len = put_query(query, 7, "a.example");
	put16(query + 12, 0xc00c); /* a compression pointer to itself */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(watch_udp(watch, &dns_high, true, query, len), INSPECTOR_WATCH);
	}
	assert_int_equal(watch_udp(watch, &dns_high, true, query, len), INSPECTOR_RELEASE);
	assert_int_equal(stats_of(watch)->dns_malformed, 4);
	/* to the port of DNS there may be more */
	for (int i = 0; i < 60; i++) {
		assert_int_equal(watch_udp(watch, &dns_talk, true, query, len), INSPECTOR_WATCH);
	}
	put_query(query, 7, "b.example");
	watch_udp(watch, &dns_talk, true, query, len);
	assert_string_equal(watch->hosts, "dns b.example\n");
	for (size_t cut = 0; cut < len; cut++) {
		const struct talk talk = {false, 1, 2, (uint16_t)(1000 + cut), 53};
		put_query(query, 7, "a.example");
		watch_udp(watch, &talk, true, query, cut);
	}
	assert_int_equal(stats_of(watch)->observations, 1);
}

static void test_udp_release(void **state)
{
	struct watch *watch = *state;
	const struct talk rtp = {false, 0x0105, 0x0909, 40001, 5004};
	const uint8_t voice[1200] = {0x80, 0x60, 0, 1, 8};
	for (int i = 0; i < 3; i++) {
		assert_int_equal(watch_udp(watch, &rtp, i % 2 == 0, voice, sizeof(voice)),
				 INSPECTOR_WATCH);
	}
	for (int i = 0; i < 5; i++) {
		assert_int_equal(watch_udp(watch, &rtp, true, voice, sizeof(voice)),
				 INSPECTOR_RELEASE);
	}
	assert_int_equal(stats_of(watch)->flows_released, 1);
	assert_int_equal(stats_of(watch)->dns_malformed, 0);
}

static void test_http(void **state)
{
	struct watch *watch = *state;
	assert_int_equal(say(watch, &web, TEXT(request_a)), INSPECTOR_WATCH);
	assert_string_equal(watch->hosts, "http a.example\n");
	assert_int_equal(watch->last.request_end_seq, ISN + sizeof(request_a));
	assert_int_equal(watch->last.dns_message_len, 0);

	assert_int_equal(watch_data(watch, &web, ISN + sizeof(request_a), TEXT(request_b)),
			 INSPECTOR_WATCH);
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\n");
	say(watch, &web_high, TEXT("GET / HTTP/1.1\r\nHost: c.example:8081\r\n\r\n"));
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\nhttp c.example\n");
	assert_int_equal(stats_of(watch)->http_requests, 3);
	assert_int_equal(stats_of(watch)->flows, 2);
}

/* What a server says is never read, whatever it looks like. */
static void test_answers_are_not_read(void **state)
{
	struct watch *watch = *state;
	watch_handshake(watch, &web, ISN);
	watch_tcp(watch, &web, false, TCP_ACK, 1, ISN + 1, TEXT(request_b));
	watch_data(watch, &web, ISN + 1, TEXT(request_a));
	watch_tcp(watch, &web, false, TCP_ACK, 1 + sizeof(request_b), 1, TEXT(request_b));
	assert_string_equal(watch->hosts, "http a.example\n");
}

static void test_tls(void **state)
{
	struct watch *watch = *state;
	static uint8_t message[20000], records[24000];
	static const struct hello_form forms[] = {{0, 0}, {1400, 200}, {1, 1500}, {9000, 6900}};
	static const size_t parts[] = {1, 7, 517, 1400, sizeof(records)};
	uint16_t port = 1024;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const size_t len = put_hello(message, "WWW.a.example", forms[i]);
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
			const size_t each = k % 2 == 0 ? 16384 : 1000;
			const size_t whole = put_records(records, message, len, each);
			const struct talk talk = {k % 2 == 0, 1, 2, ++port, 443};
			enum inspector_outcome outcome = INSPECTOR_WATCH;
			watch_clear(watch);
			watch_handshake(watch, &talk, ISN);
			/* the second segment comes first, and again */
			if (whole > 2 * parts[k]) {
				watch_data(watch, &talk, ISN + 1 + (uint32_t)parts[k],
					   records + parts[k], parts[k]);
			}
			for (size_t at = 0; at < whole; at += parts[k]) {
				assert_int_equal(outcome, INSPECTOR_WATCH);
				assert_int_equal(watch->hosts_len, 0);
				outcome =
				    watch_data(watch, &talk, ISN + 1 + (uint32_t)at, records + at,
					       whole - at < parts[k] ? whole - at : parts[k]);
			}
			assert_string_equal(watch->hosts, "tls www.a.example\n");
			assert_int_equal(outcome, INSPECTOR_RELEASE);
			assert_int_equal(watch->last.request_end_seq, ISN + 1 + whole);
			assert_true(watch->last.handshake_seen);
			assert_int_equal(
			    watch_data(watch, &talk, ISN + 1 + (uint32_t)whole, TEXT(request_a)),
			    INSPECTOR_RELEASE);
		}
	}
	const uint64_t count = port - 1024;
	assert_int_equal(stats_of(watch)->tls_hellos, count);
	assert_int_equal(stats_of(watch)->flows_released, count);
	assert_int_equal(stats_of(watch)->observations, count);
	assert_int_equal(stats_of(watch)->tls_nameless, 0);
}

/* What names no host is released, and what is no ClientHello. */
static void test_tls_without_name(void **state)
{
	struct watch *watch = *state;
	uint8_t message[4000], records[4100];
	const size_t len = put_hello(message, NULL, (struct hello_form){0, 900});
	const size_t whole = put_records(records, message, len, 16384);
	assert_int_equal(say(watch, &web, (const char *)records, whole), INSPECTOR_RELEASE);
	assert_int_equal(stats_of(watch)->tls_hellos, 1);
	assert_int_equal(stats_of(watch)->tls_nameless, 1);
	records[5] = 2; /* a ServerHello */
	assert_int_equal(say(watch, &web_high, (const char *)records, whole), INSPECTOR_RELEASE);
	assert_int_equal(stats_of(watch)->tls_hellos, 1);
	assert_int_equal(stats_of(watch)->observations, 0);
}

/* A connection whose beginning was missed, as after a start of the daemon. */
static void test_tls_midway(void **state)
{
	struct watch *watch = *state;
	uint8_t message[4000], records[4100];
	const size_t len = put_hello(message, "a.example", (struct hello_form){0, 1900});
	const size_t whole = put_records(records, message, len, 16384);
	watch_data(watch, &web, 5001, records, 1400);
	assert_int_equal(watch_data(watch, &web, 6401, records + 1400, whole - 1400),
			 INSPECTOR_RELEASE);
	assert_string_equal(watch->hosts, "tls a.example\n");
	assert_false(watch->last.handshake_seen);
}

/* A client's first flight: its ClientHello in parts, a datagram each. \returns the last outcome. */
static enum inspector_outcome say_quic(struct watch *watch, const struct talk *talk,
				       uint32_t version, const char *name, unsigned parts)
{
	static uint8_t message[4000], payload[1300], datagram[1500];
	static const uint8_t dcid[] = {1, 2, 3, 4, 5, 6, 7, 8};
	const size_t len = put_hello(message, name, (struct hello_form){300, 1200});
	const size_t each = len / parts + 1;
	enum inspector_outcome outcome = INSPECTOR_WATCH;
	for (unsigned i = parts; i-- > 0;) { /* the last part first */
		struct quic_form form = {
		    .version = version, .dcid = dcid, .dcid_len = sizeof(dcid), .number_len = 1};
		form.number = parts - 1 - i;
		const size_t from = i * each;
		memset(payload, 0, sizeof(payload));
		(void)put_crypto(payload, from, message + from,
				 len - from < each ? len - from : each);
		assert_int_equal(watch->hosts_len, 0);
		outcome = watch_udp(watch, talk, true, datagram,
				    put_initial(datagram, &form, payload, 1200));
		if (i > 0) {
			assert_int_equal(outcome, INSPECTOR_WATCH);
		}
		/* its server's are not read */
		if (outcome == INSPECTOR_WATCH) {
			(void)watch_udp(watch, talk, false, datagram,
					put_initial(datagram, &form, payload, 1200));
		}
	}
	return outcome;
}

static void test_quic(void **state)
{
	struct watch *watch = *state;
	static const uint32_t versions[] = {QUIC_VERSION_1, QUIC_VERSION_2};
	struct talk talk = {false, 1, 2, 1024, 443};
	for (unsigned i = 0; i < 2; i++) {
		for (unsigned parts = 2; parts <= 4; parts++) {
			talk.client_port++;
			talk.ipv6 = parts % 2 == 0;
			watch_clear(watch);
			assert_int_equal(say_quic(watch, &talk, versions[i], "A.example", parts),
					 INSPECTOR_RELEASE);
			assert_string_equal(watch->hosts, "quic a.example\n");
		}
	}
	watch_clear(watch);
	talk.client_port++;
	assert_int_equal(say_quic(watch, &talk, QUIC_VERSION_1, NULL, 2), INSPECTOR_RELEASE);
	assert_int_equal(watch->hosts_len, 0);
	assert_int_equal(stats_of(watch)->quic_hellos, 7);
	assert_int_equal(stats_of(watch)->quic_nameless, 1);
	assert_int_equal(stats_of(watch)->flows_released, 7);
}

/* More beginnings than there are places: those that wait longest are given up, others read. */
static void test_quic_flood(void **state)
{
	(void)state;
	struct watch *watch = watch_new(NULL);
	static uint8_t message[4000], payload[1300], datagram[1500];
	static const uint8_t dcid[] = {1, 2, 3, 4, 5, 6, 7, 8};
	const struct quic_form form = {
	    .version = QUIC_VERSION_1, .dcid = dcid, .dcid_len = sizeof(dcid), .number_len = 1};
	(void)put_hello(message, "a.example", (struct hello_form){300, 1200});
	memset(payload, 0, sizeof(payload));
	(void)put_crypto(payload, 0, message, 500);
	const size_t len = put_initial(datagram, &form, payload, 1200);
	for (uint16_t i = 0; i < 3 * QUIC_PLACES; i++) {
		const struct talk talk = {false, 1, 2, (uint16_t)(1024 + i), 443};
		assert_int_equal(watch_udp(watch, &talk, true, datagram, len), INSPECTOR_WATCH);
	}
	assert_int_equal(stats_of(watch)->streams_given_up, 2 * QUIC_PLACES);
	const struct talk talk = {false, 1, 2, 9999, 443};
	(void)say_quic(watch, &talk, QUIC_VERSION_1, "b.example", 2);
	assert_string_equal(watch->hosts, "quic b.example\n");
	watch_free(watch);
}

static void test_bodies_are_skipped(void **state)
{
	struct watch *watch = *state;
	const char text[] =
	    "POST /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 38\r\n\r\n"
	    "GET / HTTP/1.1\r\nHost: no.example\r\n\r\n01"
	    "POST /x HTTP/1.1\r\nHost: b.example\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "24;x=y\r\nGET / HTTP/1.1\r\nHost: no.example\r\n\r\n\r\n"
	    "1\r\nG\r\n0\r\nHost: no.example\r\n\r\n"
	    "\r\nGET / HTTP/1.1\r\nHost: c.example\r\n\r\n";
	say(watch, &web, TEXT(text));
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\nhttp c.example\n");
	assert_int_equal(stats_of(watch)->http_malformed, 0);
}

/* Of a large body not one octet has to come by. */
static void test_body_with_losses(void **state)
{
	struct watch *watch = *state;
	const char head[] = "PUT /x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1000000\r\n\r\n";
	uint32_t end = ISN + sizeof(head) + 1000000;
	char body[1400];
	memset(body, 'x', sizeof(body));
	say(watch, &web, TEXT(head));
	for (uint32_t seq = ISN + sizeof(head) + 1400; seq + 1400 < end; seq += 2800) {
		watch_data(watch, &web, seq, body, sizeof(body));
	}
	watch_data(watch, &web, end, TEXT(request_b));
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\n");
	assert_int_equal(stats_of(watch)->streams_given_up, 0);
}

static void test_bad_chunks(void **state)
{
	struct watch *watch = *state;
	const char *const chunks[] = {"x\r\n",         "-1\r\n",       "\r\n",
				      "123456789\r\n", "ffffffff\r\n", "1x\r\n"};
	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++) {
		const struct talk talk = {false, 1, 2, (uint16_t)(1000 + i), 80};
		char text[256];
		int len = snprintf(text, sizeof(text),
				   "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: "
				   "chunked\r\n\r\n%s",
				   chunks[i]);
		assert_int_equal(say(watch, &talk, text, (size_t)len), INSPECTOR_WATCH);
		assert_int_equal(stats_of(watch)->http_malformed, i + 1);
	}
	char text[2048];
	int len =
	    sprintf(text, "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n"
			  "\r\n1;");
	memset(text + len, 'x', 1100); /* an extension without end */
	assert_int_equal(say(watch, &web, text, (size_t)len + 1100), INSPECTOR_WATCH);
	watch_data(watch, &web, ISN + 1 + (uint32_t)len + 1100, TEXT(request_b));
	assert_string_equal(watch->hosts + watch->hosts_len - strlen("http b.example\n"),
			    "http b.example\n");
}

/* Segments of a tunnel. \returns the last outcome. */
static enum inspector_outcome say_noise(struct watch *watch, const struct talk *talk, uint32_t seq,
					unsigned count)
{
	enum inspector_outcome outcome = INSPECTOR_WATCH;
	for (unsigned i = 0; i < count; i++) {
		outcome = watch_data(watch, talk, seq + 7 * i, TEXT("\x81\x05hello"));
	}
	return outcome;
}

/* Where a server may refuse to change the protocol the next request is waited for, not for long. */
static void test_tunnels(void **state)
{
	struct watch *watch = *state;
	static const char *const heads[] = {
	    "CONNECT a.example:443 HTTP/1.1\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\n\r\n",
	    "POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: +5\r\n\r\nhello",
	    "POST / HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: gzip, x\r\n\r\nhello",
	    "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n\x81\x05hello",
	};
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct talk talk = {false, 1, 2, (uint16_t)(2000 + i), 80};
		const uint32_t next = ISN + 1 + (uint32_t)strlen(heads[i]);
		watch_clear(watch);
		assert_int_equal(say(watch, &talk, heads[i], strlen(heads[i])), INSPECTOR_WATCH);
		watch_data(watch, &talk, next, TEXT(request_b));
		assert_string_equal(watch->hosts, "http a.example\nhttp b.example\n");
		assert_true(watch->last.handshake_seen);

		talk.client_port = (uint16_t)(3000 + i);
		say(watch, &talk, heads[i], strlen(heads[i]));
		assert_int_equal(say_noise(watch, &talk, next, 15), INSPECTOR_WATCH);
		assert_int_equal(say_noise(watch, &talk, next + 15 * 7, 1), INSPECTOR_RELEASE);
	}
}

/* Of a head that is too long the first fields are read all the same: who serves a fake can have
 * browsers send cookies without end behind Host. */
static void test_head_too_long(void **state)
{
	struct watch *watch = *state;
	const size_t mib = 1 << 20;
	const uint32_t line = sizeof("GET / HTTP/1.1\r") - 1; /* the bound is one of the fields */
	char *head = malloc(mib);
	assert_non_null(head);
	memset(head, 'c', mib);
	memcpy(head, TEXT("GET / HTTP/1.1\r\nHost: a.example\r\nCookie: "));
	watch_handshake(watch, &web, ISN);
	enum inspector_outcome outcome = INSPECTOR_WATCH;
	size_t shown = 0;
	while (shown + 1000 < mib && outcome == INSPECTOR_WATCH) {
		outcome = watch_data(watch, &web, ISN + 1 + (uint32_t)shown, head + shown, 1000);
		shown += 1000;
	}
	assert_int_equal(outcome, INSPECTOR_RELEASE);
	assert_in_range(shown, STREAM_OCTETS, STREAM_OCTETS + 1000);
	assert_int_equal(stats_of(watch)->streams_given_up, 1);
	assert_string_equal(watch->hosts, "http a.example\n");
	assert_int_equal(watch->last.request_end_seq, ISN + 1 + line + STREAM_OCTETS);

	/* likewise in one segment, and complete */
	watch_clear(watch);
	memcpy(head + 20000 - 4, "\r\n\r\n", 4);
	assert_int_equal(say(watch, &web_high, head, 20000), INSPECTOR_RELEASE);
	assert_int_equal(stats_of(watch)->streams_given_up, 2);
	assert_string_equal(watch->hosts, "http a.example\n");
	assert_int_equal(watch->last.request_end_seq, ISN + 1 + line + STREAM_OCTETS);
	/* the longest there may be */
	watch_clear(watch);
	const struct talk other = {false, 1, 2, 3, 80};
	memcpy(head + STREAM_OCTETS - 4, "\r\n\r\n", 4);
	assert_int_equal(say(watch, &other, head, STREAM_OCTETS), INSPECTOR_WATCH);
	assert_string_equal(watch->hosts, "http a.example\n");
	free(head);
}

/* Wherever the bound lies in the head. */
static void test_bound_anywhere(void **state)
{
	struct watch *watch = *state;
	static char head[20000];
	static const char host[] = " HTTP/1.1\r\nHost: a.example.com\r\nX: y\r\n\r\n";
	for (size_t before = STREAM_OCTETS - sizeof(host) - 2; before <= STREAM_OCTETS + 2;
	     before++) {
		const struct talk talk = {false, 1, 2, (uint16_t)(before - 10000), 80};
		memset(head, 'c', before);
		memcpy(head, TEXT("GET /"));
		memcpy(head + before, host, sizeof(host));
		watch_clear(watch);
		assert_int_equal(say(watch, &talk, head, before + sizeof(host) - 1),
				 INSPECTOR_WATCH);
		assert_string_equal(watch->hosts, "http a.example.com\n");
	}
	assert_int_equal(stats_of(watch)->http_malformed, 0);
	assert_int_equal(stats_of(watch)->streams_given_up, 0);
}

/* A Host that does not stand whole in what is held is not read in part. */
static void test_host_beyond_the_bound(void **state)
{
	struct watch *watch = *state;
	static char head[20000];
	static const char line[] = "GET / HTTP/1.1\r\nX: ";
	static const char host[] = "\r\nHost: a.example.com\r\n\r\n";
	for (size_t before = STREAM_OCTETS - 7; before <= STREAM_OCTETS + 20; before++) {
		const struct talk talk = {false, 1, 2, (uint16_t)(before - 10000), 80};
		memset(head, 'c', before);
		memcpy(head, TEXT(line));
		memcpy(head + before, host, sizeof(host));
		assert_int_equal(say(watch, &talk, head, before + sizeof(host) - 1),
				 INSPECTOR_RELEASE);
	}
	assert_string_equal(watch->hosts, "");
}

/* A path without end, as a link or a redirection may have, hides no host behind it. */
static void test_target_too_long(void **state)
{
	struct watch *watch = *state;
	static char head[40000];
	static const size_t parts[] = {sizeof(head), STREAM_OCTETS, 1400, 999, 7};
	static const struct {
		const char *begin, *end, *hosts;
		bool watched;
	} cases[] = {
	    {"GET /", " HTTP/1.1\r\nHost: a.example\r\n\r\n", "http a.example\n", true},
	    {"GET /", " HTTP/1.1\nX: y\nHost: a.example\n\n", "http a.example\n", true},
	    {"POST /",
	     " HTTP/1.1\r\nHost: a.example\r\nContent-Length: 2\r\n\r\nxyGET / HTTP/1.1"
	     "\r\nHost: b.example\r\n\r\n",
	     "http a.example\nhttp b.example\n", true},
	    {"GET /", " HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: b.example\r\n\r\n",
	     "http b.example\n", true},
	    {"GET /", "\r\nHost: a.example\r\n\r\n", "", false},
	    {"GET /", "HTTP/1.1\r\nHost: a.example\r\n\r\n", "", false},
	    {"GET ", " HTTP/1.1\r\nHost: a.example\r\n\r\n", "", false},
	    {"CONNECT ", " HTTP/1.1\r\nHost: a.example\r\n\r\n", "", false},
	};
	uint16_t port = 1024;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
			const struct talk talk = {false, 1, 2, ++port, 80};
			const size_t target = STREAM_OCTETS - 4 + (size_t)(port % 3) * 8000;
			size_t len = target + strlen(cases[i].end);
			enum inspector_outcome outcome = INSPECTOR_WATCH;
			memset(head, 'p', sizeof(head));
			memcpy(head, cases[i].begin, strlen(cases[i].begin));
			memcpy(head + target, cases[i].end, strlen(cases[i].end));
			watch_clear(watch);
			watch_handshake(watch, &talk, ISN);
			for (size_t at = 0; at < len; at += parts[k]) {
				outcome =
				    watch_data(watch, &talk, ISN + 1 + (uint32_t)at, head + at,
					       len - at < parts[k] ? len - at : parts[k]);
			}
			assert_string_equal(watch->hosts, cases[i].hosts);
			assert_int_equal(outcome == INSPECTOR_WATCH, cases[i].watched);
			if (cases[i].watched) {
				assert_int_equal(watch->last.request_end_seq, ISN + 1 + len);
			}
		}
	}
}

static void test_nul_octets(void **state)
{
	struct watch *watch = *state;
	say(watch, &web, TEXT("GET / HTTP/1.1\r\nHost: a\0.example\r\n\r\n"));
	say(watch, &web_high, TEXT("GET /\0 HTTP/1.1\r\nX: \0\r\nHost: b.example\r\n\r\n"));
	assert_string_equal(watch->hosts, "http b.example\n");
	assert_int_equal(stats_of(watch)->http_malformed, 1);
}

static void test_dns_pipelined(void **state)
{
	struct watch *watch = *state;
	uint8_t text[256];
	size_t len = put_framed_query(text, 1, "a.example");
	len += put_framed_query(text + len, 2, "b.example");
	size_t bad = len;
	len += put_framed_query(text + len, 3, "c.example");
	text[bad + 2 + 12] = 0xc0; /* malformed: the ones around it are read all the same */
	len += put_framed_query(text + len, 4, "d.example");
	put16(text + len, 0); /* an empty message */
	len += 2;
	len += put_framed_query(text + len, 5, "e.example");
	say(watch, &dns_talk, (const char *)text, len);
	assert_string_equal(watch->hosts,
			    "dns a.example\ndns b.example\ndns d.example\ndns e.example\n");
	assert_int_equal(stats_of(watch)->dns_malformed, 2);
	assert_int_equal(watch->last.request_end_seq, ISN + 1 + len);
}

/* Questions for what is no host name, as DNS-SD has them (RFC 6763 section 4.1), are questions all
 * the same: a connection on which they come is watched on. */
static void test_dns_of_services(void **state)
{
	struct watch *watch = *state;
	uint8_t service[64];
	uint8_t host[64];
	size_t service_len = put_framed_query(service, 7, "_ipp._tcp.Second floor");
	size_t host_len = put_framed_query(host, 7, "a.example");
	watch_handshake(watch, &dns_talk, ISN);
	uint32_t seq = ISN + 1;
	for (int i = 0; i < 20; i++, seq += (uint32_t)service_len) {
		watch_data(watch, &dns_talk, seq, service, service_len);
		watch_udp(watch, &dns_high, true, service + 2, service_len - 2);
	}
	assert_string_equal(watch->hosts, "");
	assert_int_equal(stats_of(watch)->dns_malformed, 0);
	watch_data(watch, &dns_talk, seq, host, host_len);
	watch_udp(watch, &dns_high, true, host + 2, host_len - 2);
	assert_string_equal(watch->hosts, "dns a.example\ndns a.example\n");
}

/* Malformed messages end a flow when they come one after the other, not over its whole life. */
static void test_dns_malformed_now_and_then(void **state)
{
	struct watch *watch = *state;
	uint8_t both[128];
	size_t bad = put_framed_query(both, 1, "b.example");
	both[2 + 12] = 0xc0;
	size_t len = bad + put_framed_query(both + bad, 2, "a.example");
	watch_handshake(watch, &dns_talk, ISN);
	for (uint32_t i = 0; i < 40; i++) {
		assert_int_equal(
		    watch_data(watch, &dns_talk, ISN + 1 + i * (uint32_t)len, both, len),
		    INSPECTOR_WATCH);
	}
	assert_int_equal(stats_of(watch)->observations, 40);
}

/* A DNS message of 64 KiB is stepped over, not kept. */
static void test_dns_huge(void **state)
{
	struct watch *watch = *state;
	uint8_t text[64];
	size_t len = put_framed_query(text, 1, "a.example");
	watch_handshake(watch, &dns_talk, ISN);
	watch_data(watch, &dns_talk, ISN + 1, text, len);
	uint32_t seq = ISN + 1 + (uint32_t)len;
	uint8_t junk[1400] = {0xff, 0xff};
	for (size_t sent = 0; sent < 65537; sent += sizeof(junk)) {
		size_t part = 65537 - sent < sizeof(junk) ? 65537 - sent : sizeof(junk);
		watch_data(watch, &dns_talk, seq + (uint32_t)sent, junk, part);
		junk[0] = 0;
	}
	watch_data(watch, &dns_talk, seq + 65537, text, len);
	assert_string_equal(watch->hosts, "dns a.example\ndns a.example\n");
	assert_int_equal(stats_of(watch)->dns_malformed, 1);
}

static void test_passed_unread(void **state)
{
	struct watch *watch = *state;
	uint8_t octets[128] = {0};
	size_t len = put_udp(octets, &dns_talk, true, "abc", 3);
	assert_int_equal(watch_packet(watch, octets, len - 1), INSPECTOR_WATCH);
	octets[6] = 0x20;
	assert_int_equal(watch_packet(watch, octets, len), INSPECTOR_WATCH);
	octets[6] = 0;
	octets[9] = IPPROTO_ICMP;
	assert_int_equal(watch_packet(watch, octets, len), INSPECTOR_RELEASE);
	assert_int_equal(watch_packet(watch, octets, 0), INSPECTOR_WATCH);
	const struct inspector_stats *stats = stats_of(watch);
	assert_int_equal(stats->packets, 4);
	assert_int_equal(stats->malformed, 2);
	assert_int_equal(stats->fragments, 1);
	assert_int_equal(stats->other_protocol, 1);
	assert_int_equal(stats->flows, 0);
}

/* As a fake may have a browser ask its proxy. */
static void test_proxy_target_too_long(void **state)
{
	struct watch *watch = *state;
	static char head[40000];
	static const size_t parts[] = {sizeof(head), 1400, 7};
	memset(head, 'p', sizeof(head));
	memcpy(head, TEXT("GET http://b.example:81/"));
	memcpy(head + 30000, TEXT(" HTTP/1.1\r\nHost: b.example\r\n\r\n"));
	for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
		const struct talk talk = {false, 1, 2, (uint16_t)(5000 + k), 3128};
		watch_clear(watch);
		watch_handshake(watch, &talk, ISN);
		for (size_t at = 0; at < 30032; at += parts[k]) {
			watch_data(watch, &talk, ISN + 1 + (uint32_t)at, head + at,
				   30032 - at < parts[k] ? 30032 - at : parts[k]);
		}
		assert_string_equal(watch->hosts, "http b.example\n");
	}
}

/* In front of what is read, however it is cut; not between requests. */
static void test_proxy_header(void **state)
{
	struct watch *watch = *state;
	static const struct {
		const char *octets;
		size_t len;
	} headers[] = {
	    {TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 1024 80\r\n")},
	    {TEXT("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x04\0\0\x50")},
	};
	uint16_t port = 6000;
	for (size_t i = 0; i < 2; i++) {
		char text[256];
		const size_t len = headers[i].len + sizeof(request_a) - 1;
		memcpy(text, headers[i].octets, headers[i].len);
		memcpy(text + headers[i].len, request_a, sizeof(request_a));
		for (size_t part = 1; part <= len; part++) {
			const struct talk talk = {false, 1, 2, ++port, 80};
			watch_clear(watch);
			watch_handshake(watch, &talk, ISN);
			for (size_t at = 0; at < len; at += part) {
				watch_data(watch, &talk, ISN + 1 + (uint32_t)at, text + at,
					   len - at < part ? len - at : part);
			}
			assert_string_equal(watch->hosts, "http a.example\n");
		}
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, watch_begin, watch_end)
	const struct CMUnitTest tests[] = {
	    TEST(test_dns_udp),
	    TEST(test_dns_any_port),
	    TEST(test_dns_without_a_host),
	    TEST(test_dns_malformed),
	    TEST(test_dns_pipelined),
	    TEST(test_dns_of_services),
	    TEST(test_dns_malformed_now_and_then),
	    TEST(test_dns_huge),
	    TEST(test_udp_release),
	    TEST(test_http),
	    TEST(test_answers_are_not_read),
	    TEST(test_tls),
	    TEST(test_tls_without_name),
	    TEST(test_tls_midway),
	    TEST(test_quic),
	    cmocka_unit_test(test_quic_flood),
	    TEST(test_bodies_are_skipped),
	    TEST(test_body_with_losses),
	    TEST(test_bad_chunks),
	    TEST(test_tunnels),
	    TEST(test_proxy_target_too_long),
	    TEST(test_proxy_header),
	    TEST(test_head_too_long),
	    TEST(test_bound_anywhere),
	    TEST(test_host_beyond_the_bound),
	    TEST(test_target_too_long),
	    TEST(test_nul_octets),
	    TEST(test_passed_unread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
