/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections as they come: from which packet on a client's octets are read, and until which. */
#include "dpi/inspector.h"

#include <stdio.h>
#include <stdlib.h>

#include "conversation.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The live path shows the client's direction alone. */
static void test_client_direction_alone(void **state)
{
	struct watch *watch = *state;
	watch_tcp(watch, &web, true, TCP_SYN, ISN, 0, NULL, 0);
	watch_tcp(watch, &web, true, TCP_ACK, ISN + 1, 1, NULL, 0);
	watch_data(watch, &web, ISN + 1, TEXT(request_a));
	assert_string_equal(watch->hosts, "http a.example\n");
}

static void test_syn_ack_first(void **state)
{
	struct watch *watch = *state;
	watch_tcp(watch, &web, false, TCP_SYN | TCP_ACK, 0, ISN + 1, NULL, 0);
	watch_data(watch, &web, ISN + 1 + 10, request_a + 10, sizeof(request_a) - 11);
	assert_int_equal(stats_of(watch)->observations, 0);
	watch_data(watch, &web, ISN + 1, request_a, 10);
	assert_string_equal(watch->hosts, "http a.example\n");
}

static void test_data_on_syn(void **state)
{
	struct watch *watch = *state;
	watch_tcp(watch, &web, true, TCP_SYN, ISN, 0, TEXT(request_a));
	assert_string_equal(watch->hosts, "http a.example\n");
	assert_int_equal(watch->last.request_end_seq, ISN + sizeof(request_a));
}

static void test_midway(void **state)
{
	struct watch *watch = *state;
	/* the end of an earlier answer, then a request */
	watch_tcp(watch, &web, false, TCP_ACK, 5, 5, TEXT("<html></html>"));
	watch_data(watch, &web, 500, TEXT(request_a));
	watch_data(watch, &web, 500 + sizeof(request_a) - 1, TEXT(request_b));
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\n");

	uint8_t query[64];
	size_t len = put_framed_query(query, 7, "c.example");
	watch_clear(watch);
	watch_data(watch, &dns_high, 500, query, len);
	assert_string_equal(watch->hosts, "dns c.example\n");
}

static void test_patience(void **state)
{
	struct watch *watch = *state;
	int shown = 0;
	watch_handshake(watch, &web, ISN);
	while (watch_tcp(watch, &web, true, TCP_ACK, ISN + 1, 1 + (uint32_t)shown * 65536, NULL,
			 0) == INSPECTOR_WATCH) {
		assert_in_range(++shown, 0, 32); /* a server that speaks first, and much */
	}
	shown = 0;
	while (watch_data(watch, &web_high, (uint32_t)shown * 10, "\x17\x03\x03 abcdef", 10) ==
	       INSPECTOR_WATCH) {
		assert_in_range(++shown, 0, 32); /* a flow seen from the middle */
	}
	assert_int_equal(stats_of(watch)->flows_released, 2);
}

/* What a server sends, with whatever numbers, keeps no request of its client from being read: it
 * may serve the very fake. Connection tracking calls most of this invalid, the client ignores it.
 */
static void test_server_cannot_stop_reading(void **state)
{
	struct watch *watch = *state;
	const uint32_t cut = 20;

	/* a SYN, as if the roles were the other way round */
	watch_handshake(watch, &web, ISN);
	watch_tcp(watch, &web, false, TCP_SYN, 7777, 0, NULL, 0);
	watch_data(watch, &web, ISN + 1, request_a, cut);
	watch_tcp(watch, &web, false, TCP_SYN, 8888, 0, NULL, 0);
	/* a reset far outside the window */
	watch_tcp(watch, &web, false, TCP_RST, 0x70000000, 0, NULL, 0);
	watch_data(watch, &web, ISN + 1 + cut, request_a + cut, sizeof(request_a) - 1 - cut);
	assert_string_equal(watch->hosts, "http a.example\n");

	/* the same before the connection, on the port that the client is going to use */
	watch_clear(watch);
	const struct talk next = {true, 0x0105, 0x0909, 40002, 8081};
	watch_tcp(watch, &next, false, TCP_SYN, 7777, 0, NULL, 0);
	watch_tcp(watch, &next, false, TCP_ACK, 7778, 1, TEXT("\x16\x03\x01 hello"));
	watch_tcp(watch, &next, true, TCP_SYN, ISN, 0, NULL, 0);
	watch_tcp(watch, &next, false, TCP_RST, 7788, 1, NULL, 0);
	watch_data(watch, &next, ISN + 1, TEXT(request_a));
	assert_string_equal(watch->hosts, "http a.example\n");

	/* octets, before the client asked */
	watch_handshake(watch, &web_high, ISN);
	for (uint32_t i = 0; i < 300; i++) {
		assert_int_equal(
		    watch_tcp(watch, &web_high, false, TCP_ACK, 1 + i, ISN + 1, "x", 1),
		    INSPECTOR_WATCH);
	}
	watch_data(watch, &web_high, ISN + 1, TEXT(request_b));
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\n");
}

/* A connection opened ahead of its use: the server probes whether it lives, the client says so. */
static void test_acknowledgements_before_the_request(void **state)
{
	struct watch *watch = *state;
	watch_handshake(watch, &web, ISN);
	for (int i = 0; i < 300; i++) {
		assert_int_equal(watch_tcp(watch, &web, true, TCP_ACK, ISN + 1, 1, NULL, 0),
				 INSPECTOR_WATCH);
	}
	for (uint32_t i = 0; i < 300; i++) { /* or sends octets that no one asked for */
		assert_int_equal(watch_tcp(watch, &web, true, TCP_ACK, ISN + 1, 1 + i, NULL, 0),
				 INSPECTOR_WATCH);
	}
	watch_data(watch, &web, ISN + 1, TEXT(request_a));
	assert_string_equal(watch->hosts, "http a.example\n");
}

static void test_ports_used_again(void **state)
{
	struct watch *watch = *state;
	say(watch, &web, TEXT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"));
	watch_handshake(watch, &web, 777000);
	watch_tcp(watch, &web, true, TCP_SYN, 777000, 0, NULL, 0); /* repeated: changes nothing */
	watch_data(watch, &web, 777001, request_a, 10);
	watch_tcp(watch, &web, true, TCP_SYN, 777000, 0, NULL, 0);
	watch_data(watch, &web, 777011, request_a + 10, sizeof(request_a) - 11);
	assert_string_equal(watch->hosts, "http a.example\n");
	assert_int_equal(stats_of(watch)->flows, 2);
}

static void test_fin(void **state)
{
	struct watch *watch = *state;
	watch_handshake(watch, &web, ISN);
	assert_int_equal(
	    watch_tcp(watch, &web, true, TCP_FIN | TCP_ACK, ISN + 1, 1, TEXT(request_a)),
	    INSPECTOR_RELEASE);
	assert_string_equal(watch->hosts, "http a.example\n");

	/* a FIN that overtook the octets before it ends nothing */
	watch_handshake(watch, &web_high, ISN);
	assert_int_equal(watch_tcp(watch, &web_high, true, TCP_FIN | TCP_ACK, ISN + 11, 1,
				   request_b + 10, sizeof(request_b) - 11),
			 INSPECTOR_WATCH);
	watch_data(watch, &web_high, ISN + 1, request_b, 10);
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\n");
}

static void test_rst(void **state)
{
	struct watch *watch = *state;
	watch_tcp(watch, &web, true, TCP_SYN, ISN, 0, NULL, 0);
	watch_data(watch, &web, ISN + 1, request_a, 10);
	watch_tcp(watch, &web, true, TCP_RST, ISN + 11, 0, NULL, 0);
	assert_int_equal(stats_of(watch)->streams_given_up, 1);
	watch_data(watch, &web, ISN + 11, request_a + 10, sizeof(request_a) - 11);
	assert_int_equal(stats_of(watch)->observations, 0);
	watch_data(watch, &web, 5000, TEXT(request_b));
	assert_string_equal(watch->hosts, "http b.example\n");
}

/* Where the handshake was seen, a reset may be one that the server does not take. */
static void test_rst_after_handshake(void **state)
{
	struct watch *watch = *state;
	say(watch, &web, request_a, 10);
	watch_tcp(watch, &web, true, TCP_RST, ISN + 999, 0, NULL, 0);
	watch_data(watch, &web, ISN + 11, request_a + 10, sizeof(request_a) - 11);
	assert_string_equal(watch->hosts, "http a.example\n");
	assert_true(watch->last.handshake_seen);

	watch_handshake(watch, &web, 70000);
	watch_data(watch, &web, 70001, TEXT(request_b));
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\n");
	assert_true(watch->last.handshake_seen);
}

static bool seen_after(struct watch *watch, uint32_t syn_ack_seq, uint32_t syn_ack_ack,
		       uint32_t ack)
{
	static struct talk talk = {false, 0x0105, 0x0909, 50000, 80};
	talk.client_port++;
	watch_clear(watch);
	watch_tcp(watch, &talk, true, TCP_SYN, ISN, 0, NULL, 0);
	watch_tcp(watch, &talk, false, TCP_SYN | TCP_ACK, syn_ack_seq, syn_ack_ack, NULL, 0);
	watch_tcp(watch, &talk, true, TCP_ACK, ISN + 1, ack, NULL, 0);
	watch_tcp(watch, &talk, true, TCP_ACK, ISN + 1, ack, TEXT(request_a));
	assert_string_equal(watch->hosts, "http a.example\n");
	return watch->last.handshake_seen;
}

static void test_handshake_numbers(void **state)
{
	struct watch *watch = *state;
	assert_true(seen_after(watch, 7000, ISN + 1, 7001));
	assert_false(seen_after(watch, 7000, ISN + 2, 7001));
	assert_false(seen_after(watch, 7000, ISN + 1, 7002));
	assert_false(seen_after(watch, 7000, ISN + 1, 7000));
}

/* What a server may send beside the SYN that its client takes does not hide the handshake. */
static void test_odd_handshakes(void **state)
{
	struct watch *watch = *state;
	static const uint32_t others[] = {1, 2, 3, 4};
	for (size_t before = 0; before <= 4; before++) {
		for (size_t after = 0; after <= 4; after++) {
			struct talk talk = {false, 0x0105, 0x0909,
					    (uint16_t)(51000 + 10 * before + after), 80};
			watch_tcp(watch, &talk, true, TCP_SYN, ISN, 0, NULL, 0);
			for (size_t i = 0; i < before; i++) {
				watch_tcp(watch, &talk, false, TCP_SYN | TCP_ACK, others[i],
					  ISN + 1, NULL, 0);
			}
			watch_tcp(watch, &talk, false, TCP_SYN | TCP_ACK, 9000, ISN + 1, NULL, 0);
			for (size_t i = 0; i < after; i++) {
				watch_tcp(watch, &talk, false, TCP_SYN | TCP_ACK, others[i],
					  ISN + 1, NULL, 0);
			}
			watch_tcp(watch, &talk, true, TCP_ACK, ISN + 1, 9001, TEXT(request_a));
			assert_true(watch->last.handshake_seen);
		}
	}

	/* The two SYNs cross (RFC 9293 figure 7), as a server can have it ("split handshake"). */
	watch_tcp(watch, &web_high, true, TCP_SYN, ISN, 0, NULL, 0);
	watch_tcp(watch, &web_high, false, TCP_SYN, 9000, 0, NULL, 0);
	watch_tcp(watch, &web_high, true, TCP_SYN | TCP_ACK, ISN, 9001, NULL, 0);
	watch_tcp(watch, &web_high, false, TCP_ACK, 9001, ISN + 1, NULL, 0);
	watch_tcp(watch, &web_high, true, TCP_ACK, ISN + 1, 9001, TEXT(request_b));
	assert_string_equal(watch->hosts + watch->hosts_len - strlen("http b.example\n"),
			    "http b.example\n");
	assert_true(watch->last.handshake_seen);
}

/* Somebody else's SYN with the same addresses and ports changes nothing until a server takes it. */
static void test_forged_syn(void **state)
{
	struct watch *watch = *state;
	say(watch, &web, request_a, 10);
	watch_tcp(watch, &web, true, TCP_SYN, 0x40000000, 0, NULL, 0);
	watch_data(watch, &web, 0x40000001, TEXT(request_b));
	assert_int_equal(watch->hosts_len, 0);
	watch_data(watch, &web, ISN + 11, request_a + 10, sizeof(request_a) - 11);
	assert_string_equal(watch->hosts, "http a.example\n");
	assert_true(watch->last.handshake_seen);
}

static void test_retransmission(void **state)
{
	struct watch *watch = *state;
	say(watch, &web, TEXT(request_a));
	watch_data(watch, &web, ISN + 1, TEXT(request_a));
	watch_data(watch, &web, ISN + 1 + 5, request_a + 5, 10);
	/* one that brings the next request with it */
	char both[sizeof(request_a) + sizeof(request_b)];
	sprintf(both, "%s%s", request_a, request_b);
	watch_data(watch, &web, ISN + 1, both, strlen(both));
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\n");
}

static void test_forget(void **state)
{
	struct watch *watch = *state;
	uint8_t octets[128];
	struct packet packet;
	size_t len = put_tcp(octets, &web, false, TCP_ACK, 1, 1, NULL, 0);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);
	inspector_forget(watch->inspector, &packet); /* not tracked: nothing happens */
	say(watch, &web, TEXT(request_a));
	inspector_forget(watch->inspector, &packet);
	watch_data(watch, &web, ISN + 1, TEXT(request_a)); /* the client repeats it */
	assert_string_equal(watch->hosts, "http a.example\nhttp a.example\n");
	assert_int_equal(stats_of(watch)->flows, 2);
}

static void test_hole_that_stays(void **state)
{
	struct watch *watch = *state;
	char body[1000];
	memset(body, 'x', sizeof(body));
	say(watch, &web, TEXT(request_a));
	uint32_t seq = ISN + sizeof(request_a) + 1; /* one octet is missing */
	for (int i = 0; i < 19; i++, seq += 1000) {
		watch_data(watch, &web, seq, body, sizeof(body));
	}
	assert_int_equal(stats_of(watch)->streams_given_up, 1);
	watch_data(watch, &web, seq, TEXT(request_b));
	assert_string_equal(watch->hosts, "http a.example\nhttp b.example\n");
}

static void test_strays(void **state)
{
	struct watch *watch = *state;
	say(watch, &web, request_a, 20);
	srandom(9);
	for (int i = 0; i < 1000; i++) {
		/* far before or after what is waited for */
		uint32_t seq = ISN + 0x00200000U + (uint32_t)random() % 0xffc00000U;
		watch_data(watch, &web, seq, TEXT(request_b));
	}
	assert_int_equal(watch_data(watch, &web, ISN + 21, request_a + 20, sizeof(request_a) - 21),
			 INSPECTOR_WATCH);
	assert_string_equal(watch->hosts, "http a.example\n");
}

static void test_idle(void **state)
{
	struct watch *watch = *state;
	say(watch, &web, request_a, 10);
	watch->now_us += 121000000;
	uint8_t query[64];
	watch_udp(watch, &dns_talk, true, query, put_query(query, 7, "b.example"));
	assert_int_equal(stats_of(watch)->streams_given_up, 1);
	assert_int_equal(stats_of(watch)->flows_evicted, 0);
	watch_data(watch, &web, ISN + 11, request_a + 10, sizeof(request_a) - 11);
	assert_string_equal(watch->hosts, "dns b.example\n");
	assert_int_equal(stats_of(watch)->flows, 3);
}

/* Of more names than are told at once, none is lost, in order or not. */
static void test_many_in_a_segment(void **state)
{
	struct watch *watch = *state;
	static uint8_t octets[4096];
	static char expected[4096];
	size_t len = 0;
	char *at = expected;
	for (uint16_t i = 0; i < 5 * SIGHTINGS_MAX + 3; i++) {
		char name[32];
		sprintf(name, "n%u.example", i);
		len += put_framed_query(octets + len, i, name);
		at += sprintf(at, "dns %s\n", name);
	}
	struct talk talk = {false, 0x0105, 0x0808, 40000, 53};
	for (size_t hole = 0; hole <= 1; hole++) {
		watch_clear(watch);
		talk.client_port++;
		watch_handshake(watch, &talk, ISN);
		if (hole > 0) {
			watch_data(watch, &talk, ISN + 1 + 40, octets + 40, len - 40);
			assert_int_equal(watch->hosts_len, 0);
			watch_tcp(watch, &talk, true, TCP_FIN | TCP_ACK, ISN + 1, 1, octets, 40);
		} else {
			watch_data(watch, &talk, ISN + 1, octets, len);
		}
		assert_string_equal(watch->hosts, expected);
		assert_true(watch->last.dns_message_len > 12);
		assert_memory_equal(watch->last_message, octets + len - watch->last.dns_message_len,
				    watch->last.dns_message_len);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, watch_begin, watch_end)
	const struct CMUnitTest tests[] = {
	    TEST(test_client_direction_alone),
	    TEST(test_syn_ack_first),
	    TEST(test_data_on_syn),
	    TEST(test_midway),
	    TEST(test_patience),
	    TEST(test_server_cannot_stop_reading),
	    TEST(test_acknowledgements_before_the_request),
	    TEST(test_ports_used_again),
	    TEST(test_fin),
	    TEST(test_rst),
	    TEST(test_rst_after_handshake),
	    TEST(test_handshake_numbers),
	    TEST(test_odd_handshakes),
	    TEST(test_forged_syn),
	    TEST(test_retransmission),
	    TEST(test_forget),
	    TEST(test_hole_that_stays),
	    TEST(test_strays),
	    TEST(test_idle),
	    TEST(test_many_in_a_segment),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
