/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets for tests, written from nothing: header-only, so that a test program is one file.
 */
#ifndef TESTS_UNIT_DPI_PACKETS_H
#define TESTS_UNIT_DPI_PACKETS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "dpi/packet.h"

/* Who talks to whom; addresses are 10.0.x.y or 2001:db8::x:y with the 16 bits given. */
struct talk {
	bool ipv6;
	uint16_t client;
	uint16_t server;
	uint16_t client_port;
	uint16_t server_port;
};

static inline void put16(uint8_t *p, uint32_t value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static inline void put32(uint8_t *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value & 0xffff);
}

static inline void put_address(uint8_t *p, bool ipv6, uint16_t host)
{
	if (ipv6) {
		memset(p, 0, 16);
		put32(p, 0x20010db8);
		put16(p + 14, host);
	} else {
		put32(p, 0x0a000000U | host);
	}
}

/* Writes an IP header. \returns its length. */
static inline size_t put_ip(uint8_t *out, const struct talk *talk, bool from_client,
			    uint8_t protocol, size_t l4_len)
{
	uint16_t source = from_client ? talk->client : talk->server;
	uint16_t dest = from_client ? talk->server : talk->client;
	if (talk->ipv6) {
		memset(out, 0, 40);
		out[0] = 0x60;
		put16(out + 4, (uint32_t)l4_len);
		out[6] = protocol;
		out[7] = 64;
		put_address(out + 8, true, source);
		put_address(out + 24, true, dest);
		return 40;
	}
	memset(out, 0, 20);
	out[0] = 0x45;
	put16(out + 2, (uint32_t)(20 + l4_len));
	out[8] = 64;
	out[9] = protocol;
	put_address(out + 12, false, source);
	put_address(out + 16, false, dest);
	return 20;
}

/* Each writes one packet and returns its length; out has room for payload_len + 60 octets. */
static inline size_t put_udp(uint8_t *out, const struct talk *talk, bool from_client,
			     const void *payload, size_t payload_len)
{
	size_t ip = put_ip(out, talk, from_client, IPPROTO_UDP, 8 + payload_len);
	put16(out + ip, from_client ? talk->client_port : talk->server_port);
	put16(out + ip + 2, from_client ? talk->server_port : talk->client_port);
	put16(out + ip + 4, (uint32_t)(8 + payload_len));
	put16(out + ip + 6, 0);
	if (payload_len > 0) {
		memcpy(out + ip + 8, payload, payload_len);
	}
	return ip + 8 + payload_len;
}

static inline size_t put_tcp(uint8_t *out, const struct talk *talk, bool from_client, uint8_t flags,
			     uint32_t seq, uint32_t ack, const void *payload, size_t payload_len)
{
	size_t ip = put_ip(out, talk, from_client, IPPROTO_TCP, 20 + payload_len);
	uint8_t *tcp = out + ip;
	memset(tcp, 0, 20);
	put16(tcp, from_client ? talk->client_port : talk->server_port);
	put16(tcp + 2, from_client ? talk->server_port : talk->client_port);
	put32(tcp + 4, seq);
	put32(tcp + 8, ack);
	tcp[12] = 0x50;
	tcp[13] = flags;
	put16(tcp + 14, 64240);
	if (payload_len > 0) {
		memcpy(tcp + 20, payload, payload_len);
	}
	return ip + 20 + payload_len;
}

/* Writes a DNS query for an A record; out has room for strlen(name) + 18 octets. */
static inline size_t put_query(uint8_t *out, uint16_t id, const char *name)
{
	memset(out, 0, 12);
	put16(out, id);
	out[2] = 1; /* RD */
	out[5] = 1; /* QDCOUNT */
	size_t at = 12;
	while (*name != '\0') {
		size_t label = strcspn(name, ".");
		out[at++] = (uint8_t)label;
		memcpy(out + at, name, label);
		at += label;
		name += label + (name[label] == '.');
	}
	out[at++] = 0;
	put16(out + at, 1);
	put16(out + at + 2, 1);
	return at + 4;
}

#endif
