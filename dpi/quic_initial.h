/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server name of a QUIC connection: a ClientHello in the CRYPTO frames of a client's Initial
 * packets, of version 1 (RFC 9000, RFC 9001) and 2 (RFC 9369). Internal to dpi/.
 *
 * Clients send it in pieces on purpose: in any order, in several frames, packets and datagrams.
 * Later Initials may bear another connection ID, and their keys are still those of the first (RFC
 * 9001 section 5.2); after a Retry they are those of the new one.
 *
 * Takes no memory from the heap.
 */
#ifndef DPI_QUIC_INITIAL_H
#define DPI_QUIC_INITIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/client_hello.h"
#include "dpi/quic_packet.h"
#include "dpi/quic_protection.h"
#include "include/attribute.h"

/* Octets of a ClientHello that are put together: one that is longer is HELLO_NONE. */
#define QUIC_HELLO_MAX 8192

/* Packets that are looked at before a connection is given up as HELLO_NONE. Browsers send 2. */
#define QUIC_PACKETS_MAX 32

/* Longest packet that is opened, in octets: a longer one is skipped. Ethernet's jumbo frames hold
 * about 9,000. */
#define QUIC_PACKET_MAX 9216

/* One connection's ClientHello as far as it came. Its fields are quic_initial.c's. */
struct quic_hello {
	struct quic_keys keys; /* when has_keys */
	uint64_t expected;     /* the next packet number: the highest opened, and one */
	uint32_t version;      /* of the keys */
	uint16_t packets;      /* looked at */
	uint16_t ready;        /* octets without a hole from the first on */
	bool has_keys;
	uint8_t dcid_len;
	uint8_t dcid[QUIC_CONNECTION_ID_MAX]; /* that the keys come from */
	uint8_t held[QUIC_HELLO_MAX / 8];     /* a bit for each octet that is there */
	uint8_t octets[QUIC_HELLO_MAX];
};

/* Makes it one of a connection of which nothing was seen; whatever it held is overwritten. */
void quic_hello_init(struct quic_hello *hello);

/*
 * Reads the next datagram that a client sent, from its first octet to its last; or several that
 * the kernel hands over as one.
 *
 * \returns HELLO_INCOMPLETE also for a datagram that cannot be opened: the one with the keys may
 * come late. HELLO_NONE for one that is not QUIC, is of another version or only for a server that
 * has the whole ClientHello already, and for what no client sends. After anything but
 * HELLO_INCOMPLETE hello is of no use until quic_hello_init().
 */
_mustcheck_ enum hello_result quic_hello_datagram(struct quic_hello *hello, const uint8_t *datagram,
						  size_t len, struct client_hello *out);

/* Reads the frames of an opened packet. For quic_hello_datagram(), and for tests. \returns false
 * when one is not well formed, may not stand in an Initial (RFC 9000 section 12.4), or is of a
 * ClientHello that is too long. */
_mustcheck_ bool quic_hello_frames(struct quic_hello *hello, const uint8_t *payload, size_t len);

#endif
