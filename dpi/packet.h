/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One IP packet, taken apart as far as the ports. A view: nothing is copied, every pointer lies
 * inside the octets that packet_parse() was given.
 */
#ifndef DPI_PACKET_H
#define DPI_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packet {
	const uint8_t *ip;     /* first octet of the IPv4 or IPv6 header */
	size_t ip_len;         /* octets of the whole datagram, padding of the link layer cut off */
	uint8_t ip_version;    /* 4 or 6 */
	uint8_t protocol;      /* IPPROTO_TCP or IPPROTO_UDP */
	const uint8_t *source; /* 4 or 16 octets, by ip_version, network order */
	const uint8_t *dest;   /* likewise */
	const uint8_t *l4;     /* first octet of the TCP or UDP header */
	uint16_t source_port;  /* host order, as are all numbers below */
	uint16_t dest_port;
	uint32_t seq;           /* TCP only, else 0 */
	uint32_t ack;           /* TCP only, else 0 */
	uint16_t window;        /* TCP only, else 0 */
	uint8_t tcp_flags;      /* TCP only, else 0; TCP_* below */
	const uint8_t *payload; /* what the transport header carries */
	size_t payload_len;     /* octets; may be 0 */
};

/* RFC 9293 section 3.1, control bits */
#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10

enum packet_result {
	PACKET_OK,
	PACKET_FRAGMENT,  /* a fragment other than an atomic one (RFC 8200 section 4.5, RFC 791):
			     passed unread */
	PACKET_OTHER,     /* neither TCP nor UDP */
	PACKET_MALFORMED, /* lengths that contradict each other, a header cut short, too many
			     extension headers */
};

/*
 * Takes an IP packet apart. Follows IPv6 extension headers (hop-by-hop, routing, destination
 * options, authentication, mobility, HIP, Shim6, atomic fragment), at most 16 of them.
 *
 * \param octets  the packet from its IP header on; no alignment needed.
 * \param len     octets there. Fewer than the IP header claims (a capture cut by its snap length)
 * is PACKET_MALFORMED; more is link-layer padding and is left out. \param out     filled on
 * PACKET_OK only.
 */
enum packet_result packet_parse(const uint8_t *octets, size_t len, struct packet *out);

#endif
