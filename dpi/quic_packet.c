/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/quic_packet.h"

#include <assert.h>

#include "dpi/quic_protection.h"

#define HEADER_FORM 0x80
#define NUMBER_END (UINT64_C(1) << 62)

/* Long Packet Type, which version 2 counts from Retry on: RFC 9369 section 3.2. */
static enum quic_packet_type type_of(uint32_t version, uint8_t first)
{
	static const enum quic_packet_type types[4] = {QUIC_INITIAL, QUIC_0RTT, QUIC_HANDSHAKE,
						       QUIC_OTHER};
	const unsigned type = (first >> 4) & 3U;
	return types[version == QUIC_VERSION_2 ? (type + 3) & 3U : type];
}

bool quic_read_varint(struct wire_cursor *cursor, uint64_t *out)
{
	const uint8_t *octets;
	if (cursor->at == cursor->end) {
		return false;
	}
	const unsigned len = 1U << (*cursor->at >> 6);
	if (!wire_read_octets(cursor, len, &octets)) {
		return false;
	}
	*out = octets[0] & 0x3f;
	for (unsigned i = 1; i < len; i++) {
		*out = *out << 8 | octets[i];
	}
	return true;
}

static bool read_connection_id(struct wire_cursor *cursor, const uint8_t **id, size_t *len)
{
	uint8_t id_len;
	if (!wire_read_u8(cursor, &id_len) || id_len > QUIC_CONNECTION_ID_MAX ||
	    !wire_read_octets(cursor, id_len, id)) {
		return false;
	}
	*len = id_len;
	return true;
}

enum quic_packet_type quic_packet_read(const uint8_t *octets, size_t len, struct quic_packet *out)
{
	struct wire_cursor cursor = {.at = octets, .end = octets + len};
	uint8_t first;
	uint32_t version;
	if (!wire_read_u8(&cursor, &first) || (first & HEADER_FORM) == 0 ||
	    !wire_read_u32(&cursor, &version)) {
		return QUIC_OTHER;
	}
	if ((version & 0x0f0f0f0f) == 0x0a0a0a0a) {
		return QUIC_RESERVED_VERSION;
	}
	if (version != QUIC_VERSION_1 && version != QUIC_VERSION_2) {
		return QUIC_OTHER;
	}

	const enum quic_packet_type type = type_of(version, first);
	struct quic_packet packet = {.version = version};
	const uint8_t *skipped;
	size_t scid_len;
	uint64_t token_len = 0;
	uint64_t rest; /* Length: packet number and payload */
	if (type == QUIC_OTHER || !read_connection_id(&cursor, &packet.dcid, &packet.dcid_len) ||
	    !read_connection_id(&cursor, &skipped, &scid_len) ||
	    (type == QUIC_INITIAL && (!quic_read_varint(&cursor, &token_len) ||
				      !wire_read_octets(&cursor, token_len, &skipped))) ||
	    !quic_read_varint(&cursor, &rest)) {
		return QUIC_OTHER;
	}
	packet.number_at = (size_t)(cursor.at - octets);
	if (!wire_read_octets(&cursor, rest, &skipped)) {
		return QUIC_OTHER;
	}
	packet.len = (size_t)(cursor.at - octets);
	*out = packet;
	return type;
}

uint64_t quic_packet_number(uint64_t expected, uint32_t cut, unsigned octets)
{
	assert(octets >= 1 && octets <= 4 && expected <= NUMBER_END);
	const uint64_t window = UINT64_C(1) << (8 * octets);
	const uint64_t number = (expected & ~(window - 1)) | cut;
	if (number + window / 2 <= expected && number < NUMBER_END - window) {
		return number + window;
	}
	if (number > expected + window / 2 && number >= window) {
		return number - window;
	}
	return number;
}
