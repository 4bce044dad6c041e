/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IP packets that answer a device's packet in the place of the server it was sent to. Pure: written
 * into the caller's buffer from a packet's view; addresses and ports swapped, TTL 64, Don't
 * Fragment, checksums filled in (UDP over IPv6 too, RFC 8200 section 8.1).
 */
#ifndef DAEMON_ANSWER_REPLY_PACKET_H
#define DAEMON_ANSWER_REPLY_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/packet.h"

/* No packet that these functions write is longer: IPv6's least MTU (RFC 8200 section 5), which
 * passes every tunnel. */
#define REPLY_PACKET_SIZE 1280
/* Octets of a TCP segment's data: what remains of 1280 after IPv6, TCP and a timestamp option. */
#define REPLY_SEGMENT_DATA 1208

/* Two ends of a connection, as the device's packets show them. */
struct endpoints {
	uint8_t ip_version; /* 4 or 6 */
	uint8_t device[16]; /* 4 or 16 octets, network order */
	uint8_t server[16];
	uint16_t device_port; /* host order */
	uint16_t server_port;
};

void endpoints_of(const struct packet *packet, struct endpoints *out);

/* RFC 7323 section 3: the timestamps of the segment that is answered. */
struct tcp_timestamps {
	bool present;
	uint32_t value; /* TSval of the device */
	uint32_t echo;  /* TSecr of the device: the newest TSval it has from the server */
};

/* Reads them from a packet's TCP options; not present when there are none or they are malformed. */
void tcp_timestamps_of(const struct packet *packet, struct tcp_timestamps *out);

/*
 * A UDP datagram from server to device.
 * \returns octets written; 0 when it exceeds REPLY_PACKET_SIZE or out_size, or the device asked a
 * multicast or broadcast address (as mDNS does), which no packet may come from.
 */
size_t reply_udp(const struct endpoints *ends, const uint8_t *payload, size_t payload_len,
		 uint8_t *out, size_t out_size);

struct segment {
	uint32_t seq;
	uint32_t ack;
	uint8_t flags;       /* TCP_* of dpi/packet.h */
	const uint8_t *data; /* NULL when data_len is 0 */
	size_t data_len;     /* REPLY_SEGMENT_DATA at most */
};

/*
 * A TCP segment from server to device. When the device's segments carry timestamps, so does this:
 * its value is the one the device echoed last, which RFC 7323 section 5 never discards.
 * \returns octets written; 0 when data_len or out_size do not allow it.
 */
size_t reply_tcp(const struct endpoints *ends, const struct tcp_timestamps *timestamps,
		 const struct segment *segment, uint8_t *out, size_t out_size);

/* A reset to the device: of the connection that `packet` (TCP, with an acknowledgement) belongs to,
 * at the number it acknowledges, which is the one it awaits next (RFC 5961 section 3.2). \returns
 * octets written; 0 when out_size does not allow it. */
size_t reply_reset_device(const struct endpoints *ends, uint32_t seq, uint32_t ack, uint8_t *out,
			  size_t out_size);

/*
 * An ICMP or ICMPv6 "port unreachable" to the sender of a UDP datagram, in the name of whom it was
 * sent to (RFC 792, RFC 4443 section 3.1). It carries the datagram's headers, 8 octets of UDP
 * included, by which the sender's system finds the socket.
 *
 * eturns octets written; 0 when that were more than the datagram's own, or out_size does not
 * allow it.
 */
size_t reply_port_unreachable(const struct packet *packet, uint8_t *out, size_t out_size);

/* Whether an answer may go to the packet's source: not so where it claims to come from this network
 * or host (RFC 1122 section 3.2.1.3: 0.0.0.0/8, 127.0.0.0/8; RFC 4291: ::, ::1), from an IPv4
 * address in an IPv6 header, or from multicast, broadcast or reserved addresses. */
bool reply_is_allowed(const struct packet *packet);

/*
 * A reset in the device's name to the server, which then forgets the connection.
 * \param seq  the server's RCV.NXT: what the device sent before the packet that was held back (RFC
 * 5961 section 3.2 wants the exact number).
 */
size_t reply_reset_server(const struct endpoints *ends, uint32_t seq, uint8_t *out,
			  size_t out_size);

#endif
