/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/answer/refused_datagrams.h"
#include "tests/unit/daemon/gate_office.h"
#include "tests/unit/dpi/hellos.h"
#include "tests/unit/dpi/http2_frames.h"
#include "tests/unit/dpi/quic_packets.h"

static const char *const actions[] = {"warn", "block"};

static struct gate_verdict hello(struct office *office, struct talk *talk, const char *host)
{
	uint8_t message[1200], records[1300];
	const size_t len = put_hello(message, host, (struct hello_form){0, 0});
	return request(office, talk, (const char *)records,
		       put_records(records, message, len, 16384));
}

/* One datagram with the ClientHello whole; zeros behind it are PADDING frames. */
static struct gate_verdict initial(struct office *office, const struct talk *talk, const char *host)
{
	static const uint8_t dcid[] = {1, 2, 3, 4, 5, 6, 7, 8};
	static uint8_t message[1200], payload[1200], datagram[1400], packet[1500];
	const struct quic_form form = {
	    .version = QUIC_VERSION_1, .dcid = dcid, .dcid_len = sizeof dcid, .number_len = 1};
	const size_t len = put_hello(message, host, (struct hello_form){0, 0});
	memset(payload, 0, sizeof payload);
	(void)put_crypto(payload, 0, message, len);
	return show(office, packet,
		    put_udp(packet, talk, true, datagram,
			    put_initial(datagram, &form, payload, sizeof payload)));
}

static void test_tls_is_reset_on_both_sides(void **state)
{
	struct office *office = *state;
	struct talk talks[] = {{false, 10, 80, 0, 443}, {true, 10, 80, 0, 8443}};
	for (size_t i = 0; i < 4; i++) {
		rule(office, actions[i % 2]);
		assert_true(hello(office, &talks[i / 2], "www." FAKE).drop);
		assert_int_equal(office->sent_count, 2);
		const struct packet device = view(&office->sent[0]),
				    server = view(&office->sent[1]);
		assert_int_equal(office->sent[0].direction, SIDE_DEVICE);
		assert_int_equal(device.tcp_flags, TCP_RST | TCP_ACK);
		assert_int_equal(device.seq, 501);
		assert_int_equal(office->sent[1].direction, SIDE_SERVER);
		assert_int_equal(server.tcp_flags, TCP_RST);
		assert_int_equal(server.seq, 101);
		assert_false(hello(office, &talks[i / 2], "news.example").drop);
	}
	assert_int_equal(gate_stats(office->gate)->tls_refused, 4);
	rule(office, "observe");
	assert_false(hello(office, &talks[0], FAKE).drop);
}

/* No text can answer HTTP/2: it is reset as TLS is, and counted as HTTP. */
static void test_http2_is_reset(void **state)
{
	struct office *office = *state;
	struct talk talk = {false, 10, 80, 0, 8080};
	static uint8_t block[65536];
	uint8_t stream[512];
	for (size_t i = 0; i < 4; i++) {
		const char *name = i < 2 ? FAKE : "news.example";
		size_t len = sizeof(HTTP2_PREFACE) - 1;
		memcpy(stream, HTTP2_PREFACE, len);
		len += put_frame(stream + len, HTTP2_TYPE_SETTINGS, 0, NULL, 0);
		len += put_frame(stream + len, HTTP2_TYPE_HEADERS, HTTP2_END_HEADERS, block,
				 put_block(block, ":authority", name, 30));
		rule(office, actions[i % 2]);
		const bool drop = request(office, &talk, (const char *)stream, len).drop;
		assert_int_equal(drop, i < 2);
		if (drop) {
			assert_int_equal(office->sent_count, 2);
			assert_int_equal(view(&office->sent[0]).tcp_flags, TCP_RST | TCP_ACK);
			assert_int_equal(view(&office->sent[1]).tcp_flags, TCP_RST);
		}
	}
	assert_int_equal(gate_stats(office->gate)->http_answered, 2);
}

/* What the device repeats, having missed the reset, is no way round it. */
static void test_tls_stays_refused(void **state)
{
	struct office *office = *state;
	struct talk talk = {false, 10, 80, 0, 443};
	uint8_t packet[200];
	rule(office, "warn");
	assert_true(hello(office, &talk, FAKE).drop);
	for (int i = 0; i < 3; i++) {
		assert_true(
		    show(office, packet,
			 put_tcp(packet, &talk, true, TCP_ACK | TCP_PSH, 101, 501, "\26\3\1", 3))
			.drop);
		assert_int_equal(sent_to(office, SIDE_DEVICE), 1);
		assert_int_equal(view(&office->sent[0]).tcp_flags, TCP_RST | TCP_ACK);
	}
}

static void test_quic_is_told_that_the_port_is_unreachable(void **state)
{
	struct office *office = *state;
	struct talk talks[] = {{false, 10, 80, 50000, 443}, {true, 10, 80, 50000, 443}};
	for (size_t i = 0; i < 2; i++) {
		const size_t ip_size = talks[i].ipv6 ? 40 : 20;
		rule(office, actions[i]);
		/* The first datagram, then whatever follows on the flow, honest or not. */
		for (int turn = 0; turn < 3; turn++) {
			assert_true(
			    initial(office, &talks[i], turn < 2 ? FAKE : "news.example").drop);
			assert_int_equal(office->sent_count, 1);
			assert_int_equal(office->sent[0].direction, SIDE_DEVICE);
			assert_int_equal(office->sent[0].octets[talks[i].ipv6 ? 6 : 9],
					 talks[i].ipv6 ? 58 : 1);
			assert_int_equal(office->sent[0].octets[ip_size], talks[i].ipv6 ? 1 : 3);
		}
		talks[i].client_port++;
		assert_false(initial(office, &talks[i], "news.example").drop);
		assert_int_equal(office->sent_count, 0);
	}
	assert_int_equal(gate_stats(office->gate)->quic_refused, 2);
	office->now.monotonic_us += UINT64_C(1000) * (REFUSED_DATAGRAMS_MS + 1);
	talks[0].client_port--;
	assert_false(initial(office, &talks[0], "news.example").drop);
}

static void test_granted_hellos_pass(void **state)
{
	struct office *office = *state;
	struct talk tls = {false, 10, 80, 0, 443}, quic = {false, 10, 80, 50000, 443};
	static const uint8_t octets[4] = {10, 0, 0, 10};
	rule(office, "block");
	assert_true(proceed_grant_device(office->proceed, (struct device_address){octets, 4}, FAKE,
					 strlen(FAKE), office->now.monotonic_us / 1000000));
	assert_false(hello(office, &tls, FAKE).drop);
	assert_false(initial(office, &quic, FAKE).drop);
	assert_int_equal(office->sent_count, 0);
	assert_int_equal(gate_stats(office->gate)->proceeded, 2);
}

static void test_refused_datagrams(void **state)
{
	(void)state;
	struct refused_datagrams *table = refused_datagrams_new();
	const uint8_t source[4] = {10, 0, 0, 10}, dest[4] = {10, 0, 0, 80};
	struct packet packet = {.ip_version = 4, .source = source, .dest = dest, .source_port = 1};
	assert_non_null(table);
	assert_false(refused_datagrams_has(table, &packet, 1000));
	refused_datagrams_add(table, &packet, 1000);
	assert_true(refused_datagrams_has(table, &packet, 1000));
	/* Each datagram begins the time again. */
	assert_true(refused_datagrams_has(table, &packet, 1000 + REFUSED_DATAGRAMS_MS - 1));
	assert_true(refused_datagrams_has(table, &packet, 1000 + 2 * REFUSED_DATAGRAMS_MS - 2));
	packet.source_port = 2;
	assert_false(refused_datagrams_has(table, &packet, 1000 + REFUSED_DATAGRAMS_MS));
	packet.source_port = 1;
	assert_false(refused_datagrams_has(table, &packet, 1000 + 4 * REFUSED_DATAGRAMS_MS));
	/* Full: others lose their place, the last keeps it. */
	for (uint16_t port = 1; port < 20000; port++) {
		packet.source_port = port;
		refused_datagrams_add(table, &packet, 5000);
		assert_true(refused_datagrams_has(table, &packet, 5000));
	}
	refused_datagrams_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    OFFICE_TEST(test_tls_is_reset_on_both_sides),
	    OFFICE_TEST(test_tls_stays_refused),
	    OFFICE_TEST(test_http2_is_reset),
	    OFFICE_TEST(test_quic_is_told_that_the_port_is_unreachable),
	    OFFICE_TEST(test_granted_hellos_pass),
	    cmocka_unit_test(test_refused_datagrams),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
