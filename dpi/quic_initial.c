/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/quic_initial.h"

#include <string.h>

/* RFC 9000 section 19 */
#define FRAME_PADDING 0x00
#define FRAME_PING 0x01
#define FRAME_ACK 0x02
#define FRAME_ACK_ECN 0x03
#define FRAME_CRYPTO 0x06
#define FRAME_CONNECTION_CLOSE 0x1c

/* Header protection hides these of a long header's first octet (RFC 9001 section 5.4.1); two of
 * them are the packet number's length, less one. */
#define FIRST_OCTET_HIDDEN 0x0f
#define NUMBER_LEN_BITS 0x03
#define NUMBER_LEN_MAX 4

void quic_hello_init(struct quic_hello *hello)
{
	explicit_bzero(hello, sizeof(*hello));
}

static bool is_held(const struct quic_hello *hello, size_t at)
{
	return (hello->held[at / 8] >> (at % 8) & 1) != 0;
}

/* Octets that came first stay. \returns false when they lie beyond what is kept. */
static bool keep(struct quic_hello *hello, uint64_t offset, const uint8_t *octets, size_t len)
{
	if (offset > QUIC_HELLO_MAX || len > QUIC_HELLO_MAX - offset) {
		return false;
	}
	for (size_t i = 0; i < len; i++) {
		const size_t at = (size_t)offset + i;
		if (!is_held(hello, at)) {
			hello->held[at / 8] = (uint8_t)(hello->held[at / 8] | 1U << (at % 8));
			hello->octets[at] = octets[i];
		}
	}
	while (hello->ready < QUIC_HELLO_MAX && is_held(hello, hello->ready)) {
		hello->ready++;
	}
	return true;
}

/* RFC 9000 section 19.3 */
static bool skip_ack(struct wire_cursor *cursor, bool has_ecn)
{
	uint64_t ranges;
	uint64_t skipped;
	if (!quic_read_varint(cursor, &skipped) || !quic_read_varint(cursor, &skipped) ||
	    !quic_read_varint(cursor, &ranges) || !quic_read_varint(cursor, &skipped)) {
		return false;
	}
	/* Each range takes two octets or more, so the packet's end bounds this. */
	for (uint64_t i = 0; i < ranges; i++) {
		if (!quic_read_varint(cursor, &skipped) || !quic_read_varint(cursor, &skipped)) {
			return false;
		}
	}
	for (int i = 0; has_ecn && i < 3; i++) {
		if (!quic_read_varint(cursor, &skipped)) {
			return false;
		}
	}
	return true;
}

/* RFC 9000 section 19.19 */
static bool skip_connection_close(struct wire_cursor *cursor)
{
	uint64_t skipped;
	uint64_t len;
	const uint8_t *reason;
	return quic_read_varint(cursor, &skipped) && quic_read_varint(cursor, &skipped) &&
	       quic_read_varint(cursor, &len) && wire_read_octets(cursor, len, &reason);
}

static bool read_crypto(struct quic_hello *hello, struct wire_cursor *cursor)
{
	uint64_t offset;
	uint64_t len;
	const uint8_t *octets;
	return quic_read_varint(cursor, &offset) && quic_read_varint(cursor, &len) &&
	       wire_read_octets(cursor, len, &octets) && keep(hello, offset, octets, (size_t)len);
}

bool quic_hello_frames(struct quic_hello *hello, const uint8_t *payload, size_t len)
{
	struct wire_cursor cursor = {.at = payload, .end = payload + len};
	bool is_right = true;

	while (is_right && cursor.at < cursor.end) {
		/* A type is a varint of the shortest form (RFC 9000 section 12.4): one octet. */
		const uint8_t type = *cursor.at++;
		switch (type) {
		case FRAME_PADDING:
		case FRAME_PING:
			break;
		case FRAME_ACK:
		case FRAME_ACK_ECN:
			is_right = skip_ack(&cursor, type == FRAME_ACK_ECN);
			break;
		case FRAME_CRYPTO:
			is_right = read_crypto(hello, &cursor);
			break;
		case FRAME_CONNECTION_CLOSE:
			is_right = skip_connection_close(&cursor);
			break;
		default:
			is_right = false;
			break;
		}
	}
	return is_right;
}

/* What opening a packet yields. */
struct opened {
	uint64_t number;
	size_t len;
	uint8_t payload[QUIC_PACKET_MAX];
};

/* RFC 9001 section 5.4.2 and 5.3. \returns false when the packet is not of these keys. */
static bool open_with(const struct quic_keys *keys, uint64_t expected, const uint8_t *octets,
		      const struct quic_packet *packet, struct opened *out)
{
	const size_t sample_at = packet->number_at + NUMBER_LEN_MAX;
	if (packet->len > QUIC_PACKET_MAX || packet->len < sample_at + QUIC_SAMPLE_LEN) {
		return false;
	}
	uint8_t mask[QUIC_MASK_LEN];
	quic_header_mask(keys, octets + sample_at, mask);

	/* The header as it was before its protection; a token makes it long. */
	uint8_t header[QUIC_PACKET_MAX];
	memcpy(header, octets, packet->number_at);
	header[0] = (uint8_t)(octets[0] ^ (mask[0] & FIRST_OCTET_HIDDEN));
	const unsigned number_len = (header[0] & NUMBER_LEN_BITS) + 1U;
	uint32_t cut = 0;
	for (unsigned i = 0; i < number_len; i++) {
		const uint8_t octet = octets[packet->number_at + i] ^ mask[1 + i];
		header[packet->number_at + i] = octet;
		cut = cut << 8 | octet;
	}

	const size_t header_len = packet->number_at + number_len;
	out->number = quic_packet_number(expected, cut, number_len);
	out->len = packet->len - header_len - QUIC_TAG_LEN;
	return quic_open(keys, out->number, header, header_len, octets + header_len,
			 packet->len - header_len, out->payload);
}

/* With the keys there are; they stay those of the first connection ID even where the version
 * changes (RFC 9369 section 4.1). */
static bool open_with_first(struct quic_hello *hello, const uint8_t *octets,
			    const struct quic_packet *packet, struct opened *out)
{
	if (!hello->has_keys) {
		return false;
	}
	if (packet->version == hello->version) {
		return open_with(&hello->keys, hello->expected, octets, packet, out);
	}
	struct quic_keys keys;
	quic_client_keys(packet->version, hello->dcid, hello->dcid_len, &keys);
	if (!open_with(&keys, hello->expected, octets, packet, out)) {
		return false;
	}
	hello->keys = keys;
	hello->version = packet->version;
	return true;
}

/* With those of the packet's own connection ID: the first packet, one that answers a Retry, or
 * one of a new connection between the same ports. Whichever it is, its ClientHello begins again. */
static bool open_with_own(struct quic_hello *hello, const uint8_t *octets,
			  const struct quic_packet *packet, struct opened *out)
{
	struct quic_keys keys;
	quic_client_keys(packet->version, packet->dcid, packet->dcid_len, &keys);
	if (!open_with(&keys, 0, octets, packet, out)) {
		return false;
	}
	const uint16_t packets = hello->packets;
	quic_hello_init(hello);
	hello->packets = packets;
	hello->keys = keys;
	hello->version = packet->version;
	hello->has_keys = true;
	memcpy(hello->dcid, packet->dcid, packet->dcid_len);
	hello->dcid_len = (uint8_t)packet->dcid_len;
	return true;
}

/* \returns false when the connection is to be given up. */
static bool read_initial(struct quic_hello *hello, const uint8_t *octets,
			 const struct quic_packet *packet)
{
	struct opened opened;
	if (!open_with_first(hello, octets, packet, &opened) &&
	    !open_with_own(hello, octets, packet, &opened)) {
		return true;
	}
	if (opened.number >= hello->expected) {
		hello->expected = opened.number + 1;
	}
	const bool is_right = quic_hello_frames(hello, opened.payload, opened.len);
	explicit_bzero(opened.payload, opened.len);
	return is_right;
}

/*
 * Where the next packet begins with the first one's version and connection ID, or the end. The
 * kernel hands over datagrams that a client sent at once as one (UDP segmentation offload) and does
 * not say where they part; Firefox fills the first with octets that are no packet.
 */
static size_t next_packet(const uint8_t *datagram, size_t len, size_t at)
{
	const size_t same = 4 + 1 + (size_t)datagram[5];
	const size_t from = at + 2;
	if (from >= len) {
		return len;
	}
	const uint8_t *found = memmem(datagram + from, len - from, datagram + 1, same);
	return found == NULL ? len : (size_t)(found - datagram) - 1;
}

/* \returns false when the connection is to be given up. */
static bool read_packets(struct quic_hello *hello, const uint8_t *datagram, size_t len)
{
	for (size_t at = 0; at < len;) {
		if (hello->packets == QUIC_PACKETS_MAX) {
			return false;
		}
		hello->packets++;
		struct quic_packet packet;
		const enum quic_packet_type type =
		    quic_packet_read(datagram + at, len - at, &packet);
		if (type == QUIC_HANDSHAKE) {
			return false;
		}
		if (type == QUIC_OTHER || type == QUIC_RESERVED_VERSION) {
			if (at == 0) {
				return type == QUIC_RESERVED_VERSION;
			}
			at = next_packet(datagram, len, at);
			continue;
		}
		if (type == QUIC_INITIAL && !read_initial(hello, datagram + at, &packet)) {
			return false;
		}
		at += packet.len;
	}
	return len > 0;
}

enum hello_result quic_hello_datagram(struct quic_hello *hello, const uint8_t *datagram, size_t len,
				      struct client_hello *out)
{
	const bool goes_on = read_packets(hello, datagram, len);
	const enum hello_result result = client_hello_read(hello->octets, hello->ready, out);
	/* A Handshake packet may come in one datagram with the last Initial that was missing. */
	if (result == HELLO_INCOMPLETE && (!goes_on || hello->ready == QUIC_HELLO_MAX)) {
		return HELLO_NONE;
	}
	return result;
}
