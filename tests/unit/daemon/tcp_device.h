/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The device's and the server's ends of a connection, for tests: makes the packets they would send,
 * and reads and checks those made for them.
 */
#ifndef TESTS_UNIT_DAEMON_TCP_DEVICE_H
#define TESTS_UNIT_DAEMON_TCP_DEVICE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dpi/packet.h"

#define DEVICE_PORT 40001
#define SERVER_PORT 80

struct made_packet {
	uint8_t octets[2048];
	size_t len;
	struct packet view;
};

/* A sum as RFC 1071 has it, octet by octet: on purpose another way than the tested code's. */
static inline uint16_t ones_sum(const uint8_t *const *parts, const size_t *lens, size_t count)
{
	uint64_t sum = 0;

	for (size_t p = 0; p < count; p++) {
		for (size_t i = 0; i < lens[p]; i++) {
			sum += i % 2 == 0 ? (uint64_t)parts[p][i] * 256 : parts[p][i];
		}
	}
	while (sum / 65536 != 0) {
		sum = sum % 65536 + sum / 65536;
	}
	return (uint16_t)sum;
}

/* 0xffff when the header's checksum is right (IPv4 alone). */
static inline uint16_t ip_sum(const struct packet *packet)
{
	const uint8_t *parts[] = {packet->ip};
	const size_t lens[] = {20};

	return ones_sum(parts, lens, 1);
}

/* 0xffff when the transport's checksum is right. */
static inline uint16_t transport_sum(const struct packet *packet)
{
	size_t size = packet->ip_version == 4 ? 4 : 16;
	size_t l4_len = packet->ip_len - (size_t)(packet->l4 - packet->ip);
	const uint8_t tail[4] = {0, packet->protocol, (uint8_t)(l4_len >> 8), (uint8_t)l4_len};
	const uint8_t *parts[] = {packet->source, packet->dest, tail, packet->l4};
	const size_t lens[] = {size, size, sizeof(tail), l4_len};

	return ones_sum(parts, lens, 4);
}

/*
 * Makes what the device sends: checksums are left 0, as the code under test does not look at them.
 * Timestamps (TSval tsval, TSecr tsecr) unless tsval is 0.
 */
static inline void make_device_packet(struct made_packet *made, int ip_version, uint8_t flags,
				      uint32_t seq, uint32_t ack, const char *payload,
				      uint32_t tsval, uint32_t tsecr)
{
	size_t payload_len = strlen(payload);
	size_t tcp_len = 20 + (tsval != 0 ? 12 : 0);
	size_t ip_len = ip_version == 4 ? 20 : 40;
	uint8_t *ip = made->octets, *tcp = ip + ip_len;
	size_t rest = tcp_len + payload_len;

	memset(ip, 0, ip_len + tcp_len);
	if (ip_version == 4) {
		ip[0] = 0x45;
		ip[2] = (uint8_t)((ip_len + rest) >> 8);
		ip[3] = (uint8_t)(ip_len + rest);
		ip[8] = 63;
		ip[9] = 6;
		memcpy(ip + 12, "\300\000\002\012\306\063\144\011", 8);
	} else {
		ip[0] = 0x60;
		ip[4] = (uint8_t)(rest >> 8);
		ip[5] = (uint8_t)rest;
		ip[6] = 6;
		ip[7] = 63;
		memcpy(ip + 8, "\x20\x01\x0d\xb8\0\1\0\0\0\0\0\0\0\0\0\x0a", 16);
		memcpy(ip + 24, "\x20\x01\x0d\xb8\0\2\0\0\0\0\0\0\0\0\0\x09", 16);
	}
	for (int i = 0; i < 4; i++) {
		tcp[4 + i] = (uint8_t)(seq >> (24 - 8 * i));
		tcp[8 + i] = (uint8_t)(ack >> (24 - 8 * i));
	}
	tcp[0] = DEVICE_PORT >> 8;
	tcp[1] = DEVICE_PORT & 0xff;
	tcp[2] = SERVER_PORT >> 8;
	tcp[3] = SERVER_PORT & 0xff;
	tcp[12] = (uint8_t)(tcp_len / 4 << 4);
	tcp[13] = flags;
	tcp[14] = 0x10;
	if (tsval != 0) {
		memcpy(tcp + 20, "\1\1\10\12", 4);
		for (int i = 0; i < 4; i++) {
			tcp[24 + i] = (uint8_t)(tsval >> (24 - 8 * i));
			tcp[28 + i] = (uint8_t)(tsecr >> (24 - 8 * i));
		}
	}
	memcpy(tcp + tcp_len, payload, payload_len);
	made->len = ip_len + rest;
	assert_int_equal(packet_parse(made->octets, made->len, &made->view), PACKET_OK);
}

#endif
