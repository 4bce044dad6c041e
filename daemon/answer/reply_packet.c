/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/reply_packet.h"

#include <netinet/in.h>
#include <string.h>

#define IPV4_HEADER_SIZE 20
#define IPV6_HEADER_SIZE 40
#define UDP_HEADER_SIZE 8
#define TCP_HEADER_SIZE 20
#define ICMP_HEADER_SIZE 8
#define ICMP_UNREACHABLE 3 /* RFC 792 */
#define ICMP_UNREACHABLE_PORT 3
#define ICMPV6_UNREACHABLE 1 /* RFC 4443 section 3.1 */
#define ICMPV6_UNREACHABLE_PORT 4
#define TIMESTAMP_FIELD_SIZE 12 /* two NOPs and the option, RFC 7323 appendix A */
#define HOP_LIMIT 64
#define WINDOW 65535

#define TCP_OPTION_END 0
#define TCP_OPTION_NOP 1
#define TCP_OPTION_TIMESTAMPS 8
#define TCP_OPTION_TIMESTAMPS_SIZE 10

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)(value >> 16));
	put16(at + 2, (uint16_t)value);
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static size_t address_size(uint8_t ip_version)
{
	return ip_version == 4 ? 4 : 16;
}

static size_t ip_header_size(uint8_t ip_version)
{
	return ip_version == 4 ? IPV4_HEADER_SIZE : IPV6_HEADER_SIZE;
}

void endpoints_of(const struct packet *packet, struct endpoints *out)
{
	size_t size = address_size(packet->ip_version);

	memset(out, 0, sizeof(*out));
	out->ip_version = packet->ip_version;
	memcpy(out->device, packet->source, size);
	memcpy(out->server, packet->dest, size);
	out->device_port = packet->source_port;
	out->server_port = packet->dest_port;
}

void tcp_timestamps_of(const struct packet *packet, struct tcp_timestamps *out)
{
	const uint8_t *at = packet->l4 + TCP_HEADER_SIZE;
	const uint8_t *end = packet->payload;

	*out = (struct tcp_timestamps){.present = false};
	while (at < end && *at != TCP_OPTION_END) {
		if (*at == TCP_OPTION_NOP) {
			at++;
			continue;
		}
		if (end - at < 2 || at[1] < 2 || at[1] > end - at) {
			return;
		}
		if (at[0] == TCP_OPTION_TIMESTAMPS && at[1] == TCP_OPTION_TIMESTAMPS_SIZE) {
			out->present = true;
			out->value = get32(at + 2);
			out->echo = get32(at + 6);
			return;
		}
		at += at[1];
	}
}

/* The Internet checksum (RFC 1071): adds octets to a sum that was begun. */
static uint32_t sum_octets(uint32_t sum, const uint8_t *octets, size_t len)
{
	for (; len > 1; octets += 2, len -= 2) {
		sum += (uint32_t)octets[0] << 8 | octets[1];
	}
	if (len == 1) {
		sum += (uint32_t)octets[0] << 8;
	}
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum > UINT16_MAX) {
		sum = (sum & UINT16_MAX) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

struct route {
	uint8_t ip_version;
	uint8_t protocol;
	const uint8_t *from;
	const uint8_t *to;
};

/* Writes the IP header before l4_len octets of transport and returns where those begin. */
static uint8_t *put_ip(const struct route *route, size_t l4_len, uint8_t *out)
{
	if (route->ip_version == 4) {
		memset(out, 0, IPV4_HEADER_SIZE);
		out[0] = 0x45;
		put16(out + 2, (uint16_t)(IPV4_HEADER_SIZE + l4_len));
		out[6] = 0x40; /* Don't Fragment; the identification may then be 0, RFC 6864 */
		out[8] = HOP_LIMIT;
		out[9] = route->protocol;
		memcpy(out + 12, route->from, 4);
		memcpy(out + 16, route->to, 4);
		put16(out + 10, fold(sum_octets(0, out, IPV4_HEADER_SIZE)));
		return out + IPV4_HEADER_SIZE;
	}
	memset(out, 0, 8);
	out[0] = 0x60;
	put16(out + 4, (uint16_t)l4_len);
	out[6] = route->protocol;
	out[7] = HOP_LIMIT;
	memcpy(out + 8, route->from, 16);
	memcpy(out + 24, route->to, 16);
	return out + IPV6_HEADER_SIZE;
}

/* Over the pseudo-header (RFC 9293 section 3.1, RFC 8200 section 8.1) and the transport's octets.
 */
static uint16_t transport_checksum(const struct route *route, const uint8_t *l4, size_t l4_len)
{
	size_t size = address_size(route->ip_version);
	uint32_t sum = route->protocol + (uint32_t)l4_len;

	sum = sum_octets(sum, route->from, size);
	sum = sum_octets(sum, route->to, size);
	return fold(sum_octets(sum, l4, l4_len));
}

/* RFC 1122 section 3.2.1.3, RFC 4291 section 2.7 */
static bool is_of_one_machine(const struct endpoints *ends)
{
	static const uint8_t broadcast[4] = {255, 255, 255, 255};

	if (ends->ip_version == 6) {
		return ends->server[0] != 0xff;
	}
	return ends->server[0] >> 4 != 0xe && memcmp(ends->server, broadcast, 4) != 0;
}

size_t reply_udp(const struct endpoints *ends, const uint8_t *payload, size_t payload_len,
		 uint8_t *out, size_t out_size)
{
	struct route route = {ends->ip_version, IPPROTO_UDP, ends->server, ends->device};
	size_t headers = ip_header_size(ends->ip_version) + UDP_HEADER_SIZE;

	if (payload_len > REPLY_PACKET_SIZE - headers || out_size < headers + payload_len ||
	    !is_of_one_machine(ends)) {
		return 0;
	}

	size_t l4_len = UDP_HEADER_SIZE + payload_len;
	uint8_t *l4 = put_ip(&route, l4_len, out);

	put16(l4, ends->server_port);
	put16(l4 + 2, ends->device_port);
	put16(l4 + 4, (uint16_t)l4_len);
	put16(l4 + 6, 0);
	if (payload_len > 0) {
		memcpy(l4 + UDP_HEADER_SIZE, payload, payload_len);
	}

	uint16_t checksum = transport_checksum(&route, l4, l4_len);

	put16(l4 + 6, checksum == 0 ? UINT16_MAX : checksum); /* 0 means "none", RFC 768 */
	return headers + payload_len;
}

/* Writes a TCP header without options, its checksum still 0. */
static void put_tcp(uint8_t *l4, uint16_t from_port, uint16_t to_port, uint32_t seq, uint32_t ack,
		    uint8_t flags, size_t header_size)
{
	put16(l4, from_port);
	put16(l4 + 2, to_port);
	put32(l4 + 4, seq);
	put32(l4 + 8, ack);
	l4[12] = (uint8_t)(header_size / 4 << 4);
	l4[13] = flags;
	put16(l4 + 14, (flags & TCP_RST) ? 0 : WINDOW);
	put32(l4 + 16, 0);
}

size_t reply_tcp(const struct endpoints *ends, const struct tcp_timestamps *timestamps,
		 const struct segment *segment, uint8_t *out, size_t out_size)
{
	struct route route = {ends->ip_version, IPPROTO_TCP, ends->server, ends->device};
	size_t header_size = TCP_HEADER_SIZE + (timestamps->present ? TIMESTAMP_FIELD_SIZE : 0);
	size_t ip_size = ip_header_size(ends->ip_version);

	if (segment->data_len > REPLY_SEGMENT_DATA ||
	    out_size < ip_size + header_size + segment->data_len) {
		return 0;
	}

	size_t l4_len = header_size + segment->data_len;
	uint8_t *l4 = put_ip(&route, l4_len, out);

	put_tcp(l4, ends->server_port, ends->device_port, segment->seq, segment->ack,
		segment->flags, header_size);
	if (timestamps->present) {
		uint8_t *option = l4 + TCP_HEADER_SIZE;

		option[0] = TCP_OPTION_NOP;
		option[1] = TCP_OPTION_NOP;
		option[2] = TCP_OPTION_TIMESTAMPS;
		option[3] = TCP_OPTION_TIMESTAMPS_SIZE;
		put32(option + 4, timestamps->echo);
		put32(option + 8, timestamps->value);
	}
	if (segment->data_len > 0) {
		memcpy(l4 + header_size, segment->data, segment->data_len);
	}
	put16(l4 + 16, transport_checksum(&route, l4, l4_len));
	return ip_size + l4_len;
}

size_t reply_reset_device(const struct endpoints *ends, uint32_t seq, uint32_t ack, uint8_t *out,
			  size_t out_size)
{
	struct route route = {ends->ip_version, IPPROTO_TCP, ends->server, ends->device};
	size_t ip_size = ip_header_size(ends->ip_version);

	if (out_size < ip_size + TCP_HEADER_SIZE) {
		return 0;
	}

	uint8_t *l4 = put_ip(&route, TCP_HEADER_SIZE, out);

	put_tcp(l4, ends->server_port, ends->device_port, seq, ack, TCP_RST | TCP_ACK,
		TCP_HEADER_SIZE);
	put16(l4 + 16, transport_checksum(&route, l4, TCP_HEADER_SIZE));
	return ip_size + TCP_HEADER_SIZE;
}

size_t reply_port_unreachable(const struct packet *packet, uint8_t *out, size_t out_size)
{
	bool is_ipv4 = packet->ip_version == 4;
	uint8_t protocol = is_ipv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	struct route route = {packet->ip_version, protocol, packet->dest, packet->source};
	size_t ip_size = ip_header_size(packet->ip_version);
	size_t carried = (size_t)(packet->l4 - packet->ip) + UDP_HEADER_SIZE;
	size_t l4_len = ICMP_HEADER_SIZE + carried;

	if (packet->protocol != IPPROTO_UDP || ip_size + l4_len > packet->ip_len ||
	    out_size < ip_size + l4_len) {
		return 0;
	}

	uint8_t *l4 = put_ip(&route, l4_len, out);

	memset(l4, 0, ICMP_HEADER_SIZE);
	l4[0] = is_ipv4 ? ICMP_UNREACHABLE : ICMPV6_UNREACHABLE;
	l4[1] = is_ipv4 ? ICMP_UNREACHABLE_PORT : ICMPV6_UNREACHABLE_PORT;
	memcpy(l4 + ICMP_HEADER_SIZE, packet->ip, carried);
	put16(l4 + 2,
	      is_ipv4 ? fold(sum_octets(0, l4, l4_len)) : transport_checksum(&route, l4, l4_len));
	return ip_size + l4_len;
}

bool reply_is_allowed(const struct packet *packet)
{
	const uint8_t *source = packet->source;

	if (packet->ip_version == 4) {
		return source[0] != 0 && source[0] != 127 && source[0] < 224;
	}

	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}; /* RFC 4291 section 2.5.5 */
	static const uint8_t zero[12];

	return source[0] != 0xff && memcmp(source, mapped, sizeof(mapped)) != 0 &&
	       memcmp(source, zero, sizeof(zero)) != 0;
}

size_t reply_reset_server(const struct endpoints *ends, uint32_t seq, uint8_t *out, size_t out_size)
{
	struct route route = {ends->ip_version, IPPROTO_TCP, ends->device, ends->server};
	size_t ip_size = ip_header_size(ends->ip_version);

	if (out_size < ip_size + TCP_HEADER_SIZE) {
		return 0;
	}

	uint8_t *l4 = put_ip(&route, TCP_HEADER_SIZE, out);

	put_tcp(l4, ends->device_port, ends->server_port, seq, 0, TCP_RST, TCP_HEADER_SIZE);
	put16(l4 + 16, transport_checksum(&route, l4, TCP_HEADER_SIZE));
	return ip_size + TCP_HEADER_SIZE;
}
