/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/packet.h"

#include <netinet/in.h>

#include "dpi/wire.h"

/* RFC 791 section 3.1, RFC 8200 section 3, RFC 768, RFC 9293 section 3.1 */
#define IPV4_HEADER_MIN 20
#define IPV6_HEADER 40
#define UDP_HEADER 8
#define TCP_HEADER_MIN 20
/* RFC 7401, RFC 5533 */
#define IPPROTO_HIP 139
#define IPPROTO_SHIM6 140
#define IPV6_EXTENSIONS_MAX 16

static enum packet_result parse_ipv4(const uint8_t *octets, size_t len, struct packet *out)
{
	if (len < IPV4_HEADER_MIN) {
		return PACKET_MALFORMED;
	}
	size_t header = (size_t)(octets[0] & 0x0f) * 4;
	size_t total = wire_u16(octets + 2);
	if (header < IPV4_HEADER_MIN || total < header || total > len) {
		return PACKET_MALFORMED;
	}
	/* More Fragments, or an offset */
	if ((wire_u16(octets + 6) & 0x3fff) != 0) {
		return PACKET_FRAGMENT;
	}

	out->ip_version = 4;
	out->ip_len = total;
	out->source = octets + 12;
	out->dest = octets + 16;
	out->protocol = octets[9];
	out->l4 = octets + header;
	return PACKET_OK;
}

/*
 * Steps over one IPv6 extension header at *offset, whose kind is *next.
 *
 * \returns PACKET_OK when stepped over, PACKET_OTHER when *next is not an extension header.
 */
static enum packet_result skip_extension(const uint8_t *octets, size_t total, size_t *offset,
					 uint8_t *next)
{
	if (*next != IPPROTO_HOPOPTS && *next != IPPROTO_ROUTING && *next != IPPROTO_DSTOPTS &&
	    *next != IPPROTO_AH && *next != IPPROTO_FRAGMENT && *next != IPPROTO_MH &&
	    *next != IPPROTO_HIP && *next != IPPROTO_SHIM6) {
		return PACKET_OTHER;
	}
	if (total - *offset < 8) {
		return PACKET_MALFORMED;
	}

	const uint8_t *header = octets + *offset;
	size_t size = ((size_t)header[1] + 1) * 8;
	if (*next == IPPROTO_AH) { /* RFC 4302 section 2.2 counts in units of 4 octets */
		size = ((size_t)header[1] + 2) * 4;
	}
	if (*next == IPPROTO_FRAGMENT) {
		/* offset and M flag; the 2 bits between are reserved (RFC 8200 section 4.5) */
		if ((wire_u16(header + 2) & 0xfff9) != 0) {
			return PACKET_FRAGMENT;
		}
		size = 8;
	}
	if (size > total - *offset) {
		return PACKET_MALFORMED;
	}
	*next = header[0];
	*offset += size;
	return PACKET_OK;
}

static enum packet_result parse_ipv6(const uint8_t *octets, size_t len, struct packet *out)
{
	if (len < IPV6_HEADER) {
		return PACKET_MALFORMED;
	}
	size_t total = IPV6_HEADER + (size_t)wire_u16(octets + 4);
	if (total > len) {
		return PACKET_MALFORMED;
	}

	size_t offset = IPV6_HEADER;
	uint8_t next = octets[6];
	enum packet_result result = PACKET_OK;
	for (int i = 0; i <= IPV6_EXTENSIONS_MAX && result == PACKET_OK; i++) {
		result = skip_extension(octets, total, &offset, &next);
	}
	if (result == PACKET_OK) { /* still among extension headers */
		return PACKET_MALFORMED;
	}
	if (result != PACKET_OTHER) {
		return result;
	}

	out->ip_version = 6;
	out->ip_len = total;
	out->source = octets + 8;
	out->dest = octets + 24;
	out->protocol = next;
	out->l4 = octets + offset;
	return PACKET_OK;
}

static enum packet_result parse_udp(size_t available, struct packet *out)
{
	if (available < UDP_HEADER) {
		return PACKET_MALFORMED;
	}
	size_t length = wire_u16(out->l4 + 4);
	if (length < UDP_HEADER || length > available) {
		return PACKET_MALFORMED;
	}

	out->seq = 0;
	out->ack = 0;
	out->window = 0;
	out->tcp_flags = 0;
	out->payload = out->l4 + UDP_HEADER;
	out->payload_len = length - UDP_HEADER;
	return PACKET_OK;
}

static enum packet_result parse_tcp(size_t available, struct packet *out)
{
	if (available < TCP_HEADER_MIN) {
		return PACKET_MALFORMED;
	}
	size_t header = (size_t)(out->l4[12] >> 4) * 4;
	if (header < TCP_HEADER_MIN || header > available) {
		return PACKET_MALFORMED;
	}

	out->seq = wire_u32(out->l4 + 4);
	out->ack = wire_u32(out->l4 + 8);
	out->tcp_flags = out->l4[13];
	out->window = wire_u16(out->l4 + 14);
	out->payload = out->l4 + header;
	out->payload_len = available - header;
	return PACKET_OK;
}

enum packet_result packet_parse(const uint8_t *octets, size_t len, struct packet *out)
{
	if (len == 0) {
		return PACKET_MALFORMED;
	}

	enum packet_result result = PACKET_MALFORMED;
	if (octets[0] >> 4 == 4) {
		result = parse_ipv4(octets, len, out);
	} else if (octets[0] >> 4 == 6) {
		result = parse_ipv6(octets, len, out);
	}
	if (result != PACKET_OK) {
		return result;
	}
	if (out->protocol != IPPROTO_TCP && out->protocol != IPPROTO_UDP) {
		return PACKET_OTHER;
	}

	out->ip = octets;
	size_t available = out->ip_len - (size_t)(out->l4 - octets);
	result =
	    out->protocol == IPPROTO_TCP ? parse_tcp(available, out) : parse_udp(available, out);
	if (result != PACKET_OK) {
		return result;
	}
	out->source_port = wire_u16(out->l4);
	out->dest_port = wire_u16(out->l4 + 2);
	return PACKET_OK;
}
