/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The headers of QUIC's long packets (RFC 9000 section 17.2, RFC 9369 section 3.2), and its
 * numbers. Internal to dpi/.
 */
#ifndef DPI_QUIC_PACKET_H
#define DPI_QUIC_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/wire.h"
#include "include/attribute.h"

#define QUIC_CONNECTION_ID_MAX 20 /* RFC 9000 section 17.2 */

enum quic_packet_type {
	QUIC_INITIAL,
	QUIC_0RTT,
	QUIC_HANDSHAKE,
	QUIC_RESERVED_VERSION, /* of one that stands for none (RFC 9000 section 15: 0x?a?a?a?a),
				  to be answered with Version Negotiation; no field is filled */
	QUIC_OTHER,            /* not one of these, or cut short; no field is filled */
};

struct quic_packet {
	uint32_t version;
	const uint8_t *dcid; /* in the packet */
	size_t dcid_len;     /* 0 to QUIC_CONNECTION_ID_MAX */
	size_t number_at;    /* where the packet number begins */
	size_t len;          /* octets of the whole packet; after it the next may stand */
};

/* Reads the header of the packet that begins here. The Fixed Bit is not looked at: a client may
 * send it either way (RFC 9287). */
_mustcheck_ enum quic_packet_type quic_packet_read(const uint8_t *octets, size_t len,
						   struct quic_packet *out);

/* A variable-length integer, RFC 9000 section 16; as those of wire.h. */
_mustcheck_ bool quic_read_varint(struct wire_cursor *cursor, uint64_t *out);

/*
 * The packet number that one cut to octets of its low end (1 to 4) stands for, RFC 9000 appendix
 * A.3.
 *
 * \param expected  the highest number seen and one; 0 when none was.
 */
uint64_t quic_packet_number(uint64_t expected, uint32_t cut, unsigned octets);

#endif
