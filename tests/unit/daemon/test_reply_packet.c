/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/answer/reply_packet.h"
#include "tests/unit/daemon/tcp_device.h"

/* Parses a reply and checks what every packet to or from the device has to have. */
static struct packet parse(const uint8_t *octets, size_t len)
{
	struct packet view;

	assert_int_equal(packet_parse(octets, len, &view), PACKET_OK);
	assert_int_equal(view.ip_len, len);
	assert_int_equal(transport_sum(&view), 0xffff);
	if (view.ip_version == 4) {
		assert_int_equal(ip_sum(&view), 0xffff);
		assert_int_equal(octets[6] & 0x40, 0x40);
		assert_int_equal(octets[8], 64);
	} else {
		assert_int_equal(octets[7], 64);
	}
	return view;
}

static void check_swapped(const struct packet *reply, const struct packet *asked)
{
	size_t size = asked->ip_version == 4 ? 4 : 16;

	assert_int_equal(reply->ip_version, asked->ip_version);
	assert_memory_equal(reply->source, asked->dest, size);
	assert_memory_equal(reply->dest, asked->source, size);
	assert_int_equal(reply->source_port, asked->dest_port);
	assert_int_equal(reply->dest_port, asked->source_port);
}

static void test_udp(void **state)
{
	(void)state;
	uint8_t payload[1300], out[REPLY_PACKET_SIZE];

	for (size_t i = 0; i < sizeof(payload); i++) {
		payload[i] = (uint8_t)(i * 7 + 1);
	}
	for (int version = 4; version <= 6; version += 2) {
		struct made_packet asked;
		struct endpoints ends;
		size_t headers = version == 4 ? 28 : 48;

		make_device_packet(&asked, version, TCP_ACK, 1, 1, "", 0, 0);
		endpoints_of(&asked.view, &ends);
		for (size_t len = 0; len <= REPLY_PACKET_SIZE - headers; len += 61) {
			size_t written = reply_udp(&ends, payload, len, out, sizeof(out));
			struct packet reply = parse(out, written);

			check_swapped(&reply, &asked.view);
			assert_int_equal(reply.protocol, IPPROTO_UDP);
			assert_int_equal(reply.payload_len, len);
			assert_memory_equal(reply.payload, payload, len);
			assert_int_equal(reply_udp(&ends, payload, len, out, written - 1), 0);
		}
		assert_int_not_equal(
		    reply_udp(&ends, payload, REPLY_PACKET_SIZE - headers, out, sizeof(out)), 0);
		assert_int_equal(
		    reply_udp(&ends, payload, REPLY_PACKET_SIZE - headers + 1, out, sizeof(out)),
		    0);
		assert_int_equal(reply_udp(&ends, payload, SIZE_MAX, out, sizeof(out)), 0);
	}
}

/* A datagram whose sum is 0 has to say 0xffff: 0 would mean "no checksum". */
static void test_udp_checksum_is_never_zero(void **state)
{
	(void)state;
	for (int version = 4; version <= 6; version += 2) {
		struct made_packet asked;
		struct endpoints ends;
		uint8_t out[REPLY_PACKET_SIZE], payload[2] = {0, 0};

		make_device_packet(&asked, version, TCP_ACK, 1, 1, "", 0, 0);
		endpoints_of(&asked.view, &ends);
		size_t len = reply_udp(&ends, payload, 2, out, sizeof(out));
		uint8_t *checksum = out + len - 4;

		/* Adding the checksum of the same datagram with 0 makes its sum 0. */
		memcpy(payload, checksum, 2);
		len = reply_udp(&ends, payload, 2, out, sizeof(out));
		assert_int_equal(checksum[0], 0xff);
		assert_int_equal(checksum[1], 0xff);
		parse(out, len);
	}
}

static void test_tcp(void **state)
{
	(void)state;
	uint8_t out[REPLY_PACKET_SIZE];
	uint8_t data[REPLY_SEGMENT_DATA + 1];

	memset(data, 'x', sizeof(data));
	for (int version = 4; version <= 6; version += 2) {
		struct made_packet asked;
		struct endpoints ends;
		struct tcp_timestamps none;
		struct segment segment = {.seq = 0xfffffff0,
					  .ack = 0x01020304,
					  .flags = TCP_ACK | TCP_PSH | TCP_FIN,
					  .data = data,
					  .data_len = REPLY_SEGMENT_DATA};

		make_device_packet(&asked, version, TCP_ACK, 1, 1, "GET", 0, 0);
		endpoints_of(&asked.view, &ends);
		tcp_timestamps_of(&asked.view, &none);
		assert_false(none.present);
		struct packet reply =
		    parse(out, reply_tcp(&ends, &none, &segment, out, sizeof(out)));

		check_swapped(&reply, &asked.view);
		assert_int_equal(reply.seq, 0xfffffff0);
		assert_int_equal(reply.ack, 0x01020304);
		assert_int_equal(reply.tcp_flags, TCP_ACK | TCP_PSH | TCP_FIN);
		assert_int_equal(reply.payload_len, REPLY_SEGMENT_DATA);
		segment.data_len = REPLY_SEGMENT_DATA + 1;
		assert_int_equal(reply_tcp(&ends, &none, &segment, out, sizeof(out)), 0);
		segment.data_len = 0;
		segment.data = NULL;
		assert_int_equal(reply_tcp(&ends, &none, &segment, out, version == 4 ? 39 : 59), 0);
		reply = parse(out, reply_tcp(&ends, &none, &segment, out, sizeof(out)));
		assert_int_equal(reply.payload_len, 0);
	}
}

static void test_tcp_timestamps(void **state)
{
	(void)state;
	struct made_packet asked;
	struct endpoints ends;
	struct tcp_timestamps seen, echoed;
	uint8_t data[REPLY_SEGMENT_DATA] = {0}, out[REPLY_PACKET_SIZE];
	struct segment segment = {.flags = TCP_ACK, .data = data, .data_len = sizeof(data)};

	make_device_packet(&asked, 6, TCP_ACK, 1, 1, "GET", 0x11223344, 0x55667788);
	endpoints_of(&asked.view, &ends);
	tcp_timestamps_of(&asked.view, &seen);
	assert_true(seen.present);
	assert_int_equal(seen.value, 0x11223344);
	assert_int_equal(seen.echo, 0x55667788);

	size_t len = reply_tcp(&ends, &seen, &segment, out, sizeof(out));

	assert_int_equal(len, REPLY_PACKET_SIZE);
	struct packet reply = parse(out, len);

	assert_int_equal(reply.payload_len, sizeof(data));
	tcp_timestamps_of(&reply, &echoed);
	assert_true(echoed.present);
	assert_int_equal(echoed.value, 0x55667788);
	assert_int_equal(echoed.echo, 0x11223344);
}

/* Options of every kind of wrongness: no timestamps, and no octet read behind them. */
static void test_bad_options(void **state)
{
	(void)state;
	static const uint8_t bad[][12] = {
	    {8, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},  {8, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
	    {8, 13, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 8},
	    {1, 1, 1, 8, 10, 1, 1, 1, 1, 1, 1, 1}, {0, 8, 10, 1, 1, 1, 1, 1, 1, 1, 1, 1},
	    {8, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},  {2, 255, 8, 10, 1, 1, 1, 1, 1, 1, 1, 1},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct made_packet asked;
		struct tcp_timestamps seen;

		make_device_packet(&asked, 4, TCP_ACK, 1, 1, "", 1, 1);
		memcpy(asked.octets + 40, bad[i], 12);
		uint8_t *exact = malloc(asked.len);

		assert_non_null(exact);
		memcpy(exact, asked.octets, asked.len);
		assert_int_equal(packet_parse(exact, asked.len, &asked.view), PACKET_OK);
		tcp_timestamps_of(&asked.view, &seen);
		assert_false(seen.present);
		free(exact);
	}
}

static void test_reset_goes_to_the_server(void **state)
{
	(void)state;
	for (int version = 4; version <= 6; version += 2) {
		struct made_packet asked;
		struct endpoints ends;
		uint8_t out[REPLY_PACKET_SIZE];
		size_t size = version == 4 ? 4 : 16;

		make_device_packet(&asked, version, TCP_ACK, 77, 99, "GET", 1, 1);
		endpoints_of(&asked.view, &ends);
		struct packet reset =
		    parse(out, reply_reset_server(&ends, asked.view.seq, out, sizeof(out)));

		assert_memory_equal(reset.source, asked.view.source, size);
		assert_memory_equal(reset.dest, asked.view.dest, size);
		assert_int_equal(reset.source_port, DEVICE_PORT);
		assert_int_equal(reset.dest_port, SERVER_PORT);
		assert_int_equal(reset.seq, 77);
		assert_int_equal(reset.tcp_flags, TCP_RST);
		assert_int_equal(reset.payload_len, 0);
		assert_int_equal(reply_reset_server(&ends, 1, out, version == 4 ? 39 : 59), 0);
	}
}

static void test_reset_goes_to_the_device(void **state)
{
	(void)state;
	for (int version = 4; version <= 6; version += 2) {
		struct made_packet asked;
		struct endpoints ends;
		uint8_t out[REPLY_PACKET_SIZE];
		size_t size = version == 4 ? 4 : 16;

		make_device_packet(&asked, version, TCP_ACK, 77, 99, "GET", 1, 1);
		endpoints_of(&asked.view, &ends);
		struct packet reset =
		    parse(out, reply_reset_device(&ends, asked.view.ack, 80, out, sizeof(out)));

		assert_memory_equal(reset.source, asked.view.dest, size);
		assert_memory_equal(reset.dest, asked.view.source, size);
		assert_int_equal(reset.source_port, SERVER_PORT);
		assert_int_equal(reset.dest_port, DEVICE_PORT);
		assert_int_equal(reset.seq, 99);
		assert_int_equal(reset.ack, 80);
		assert_int_equal(reset.tcp_flags, TCP_RST | TCP_ACK);
		assert_int_equal(reset.ip_len, version == 4 ? 40 : 60);
		assert_int_equal(reply_reset_device(&ends, 1, 1, out, version == 4 ? 39 : 59), 0);
	}
}

/* A UDP datagram of a device, by turning a TCP segment into one. */
static void make_datagram(struct made_packet *made, int version)
{
	static const char text[] = "something of a length that an ICMP message does not exceed";
	size_t at = version == 4 ? 20 : 40;

	make_device_packet(made, version, 0, 0, 0, text, 0, 0);
	made->octets[version == 4 ? 9 : 6] = 17;
	made->octets[at + 4] = (uint8_t)((made->len - at) >> 8);
	made->octets[at + 5] = (uint8_t)(made->len - at);
	assert_int_equal(packet_parse(made->octets, made->len, &made->view), PACKET_OK);
}

static void test_port_unreachable(void **state)
{
	(void)state;
	for (int version = 4; version <= 6; version += 2) {
		struct made_packet asked;
		uint8_t out[REPLY_PACKET_SIZE];
		size_t size = version == 4 ? 4 : 16, ip_size = version == 4 ? 20 : 40;

		make_datagram(&asked, version);
		size_t len = reply_port_unreachable(&asked.view, out, sizeof(out));
		const uint8_t *icmp = out + ip_size;

		assert_int_equal(len, ip_size + 8 + ip_size + 8);
		assert_true(len <= asked.len);
		assert_int_equal(out[version == 4 ? 9 : 6], version == 4 ? 1 : 58);
		assert_memory_equal(out + (version == 4 ? 12 : 8), asked.view.dest, size);
		assert_memory_equal(out + (version == 4 ? 16 : 24), asked.view.source, size);
		assert_int_equal(icmp[0], version == 4 ? 3 : 1);
		assert_int_equal(icmp[1], version == 4 ? 3 : 4);
		assert_memory_equal(icmp + 8, asked.octets, ip_size + 8);

		const struct packet view = {.ip_version = (uint8_t)version,
					    .protocol = version == 4 ? 1 : 58,
					    .source = asked.view.dest,
					    .dest = asked.view.source,
					    .ip = out,
					    .ip_len = len,
					    .l4 = icmp};
		const uint8_t *parts[] = {icmp};
		const size_t lens[] = {len - ip_size};

		assert_int_equal(version == 4 ? ones_sum(parts, lens, 1) : transport_sum(&view),
				 0xffff);
		assert_int_equal(reply_port_unreachable(&asked.view, out, len - 1), 0);
		/* A datagram that is shorter than the message draws none. */
		asked.view.ip_len = len - 1;
		assert_int_equal(reply_port_unreachable(&asked.view, out, sizeof(out)), 0);
	}
}

static void test_whom_no_answer_may_go_to(void **state)
{
	(void)state;
	static const uint8_t bad4[][4] = {{0, 0, 0, 0},     {0, 1, 2, 3},        {127, 0, 0, 1},
					  {127, 255, 0, 1}, {224, 0, 0, 251},    {239, 1, 1, 1},
					  {240, 0, 0, 1},   {255, 255, 255, 255}};
	static const uint8_t bad6[][16] = {{[15] = 1},
					   {0},
					   {0xff, 2, [15] = 0xfb},
					   {[10] = 0xff, [11] = 0xff, 127, 0, 0, 1},
					   {[12] = 127, 0, 0, 1}};
	struct packet packet = {.ip_version = 4};

	for (size_t i = 0; i < sizeof(bad4) / sizeof(bad4[0]); i++) {
		packet.source = bad4[i];
		assert_false(reply_is_allowed(&packet));
	}
	packet.source = (const uint8_t[4]){192, 0, 2, 10};
	assert_true(reply_is_allowed(&packet));
	packet.ip_version = 6;
	for (size_t i = 0; i < sizeof(bad6) / sizeof(bad6[0]); i++) {
		packet.source = bad6[i];
		assert_false(reply_is_allowed(&packet));
	}
	packet.source = (const uint8_t[16]){0xfe, 0x80, [15] = 9};
	assert_true(reply_is_allowed(&packet));
	packet.source = (const uint8_t[16]){0x20, 1, 0xd, 0xb8, [15] = 9};
	assert_true(reply_is_allowed(&packet));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_udp),
	    cmocka_unit_test(test_udp_checksum_is_never_zero),
	    cmocka_unit_test(test_tcp),
	    cmocka_unit_test(test_tcp_timestamps),
	    cmocka_unit_test(test_bad_options),
	    cmocka_unit_test(test_reset_goes_to_the_server),
	    cmocka_unit_test(test_reset_goes_to_the_device),
	    cmocka_unit_test(test_port_unreachable),
	    cmocka_unit_test(test_whom_no_answer_may_go_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
