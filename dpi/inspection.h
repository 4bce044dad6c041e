/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the inspector found in one packet: host names, in the order they stand in the stream. Made
 * once and used for packet after packet; it takes no memory of its own.
 */
#ifndef DPI_INSPECTION_H
#define DPI_INSPECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"

/* Names told at once. A segment may bring more of them (questions and requests can be pipelined);
 * see struct inspection, `more`. */
#define SIGHTINGS_MAX 16

/* Longest DNS message (RFC 1035 section 4.2.2: 16 bits of length). */
#define DNS_MESSAGE_MAX 65535

/* An observation together with what an answer to the one who asked is built from. Nothing here but
 * `observation` may reach an output. */
struct sighting {
	struct observation observation;
	/* VIA_DNS: the whole DNS message, without the two length octets of DNS over TCP. Else NULL,
	 * 0. */
	const uint8_t *dns_message;
	size_t dns_message_len;
	/* TCP: sequence number of the octet after the DNS message, HTTP head or ClientHello that
	 * asked; of a head longer than stream_octets, after the part that was read. Else 0. */
	uint32_t request_end_seq;
	/* HTTP: the response has no body (RFC 9110 section 9.3.2). */
	bool is_head;
	/* HTTP/2: no text can answer. */
	bool is_http2;
	/* TCP: the client's SYN, the server's SYN and the client's acknowledgement of it were seen,
	 * with numbers that match. So whoever asks receives what is sent to its address. False for
	 * a connection that was already open when the inspector first saw it. */
	bool handshake_seen;
};

/* What is known of the packet's flow once the packet was looked at. */
enum inspector_outcome {
	INSPECTOR_WATCH,   /* later packets of the flow are wanted */
	INSPECTOR_RELEASE, /* the flow asks for no host name, or nothing more can come of it: later
			      packets of the same flow need not be shown */
};

/*
 * Filled by inspector_packet(). All pointers point into it or into the packet, and are valid until
 * the next call with it or until the packet's octets go.
 */
struct inspection {
	enum inspector_outcome outcome;
	bool more; /* the packet holds further names: show the same packet again */
	size_t count;
	struct sighting sightings[SIGHTINGS_MAX];
	/* What the pointers above point to. */
	char hosts[SIGHTINGS_MAX][HOST_NAME_MAX_LEN + 1];
	size_t messages_len;
	uint8_t messages[DNS_MESSAGE_MAX]; /* DNS messages that came in several segments */
};

/* Overwrites what it holds of the traffic, and empties it. Done by inspector_packet() as well,
 * before it writes; whoever keeps an inspection calls this after use, so that no name stays. */
void inspection_clear(struct inspection *inspection);

/* Whether there is no room for another sighting. */
bool inspection_is_full(const struct inspection *inspection);

/* Adds a sighting of a name, of which the rest is zero. Must not be full. */
struct sighting *inspection_add(struct inspection *inspection, enum via via, const char *host,
				uint16_t host_len);

/* Octets of DNS messages that it can still hold; DNS_MESSAGE_MAX when it was just cleared. */
size_t inspection_room(const struct inspection *inspection);

/* Copies a DNS message of at most inspection_room() octets. \returns the copy. */
const uint8_t *inspection_keep(struct inspection *inspection, const uint8_t *message, size_t len);

#endif
