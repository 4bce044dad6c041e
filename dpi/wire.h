/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers in network byte order, and octets that are read from their first to their last. Every
 * length that a packet states is the sender's word: a cursor does not go beyond what is there.
 * Internal to dpi/.
 */
#ifndef DPI_WIRE_H
#define DPI_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/attribute.h"

/* The number in 2 or 4 octets, which the caller knows to be there. */
static inline uint16_t wire_u16(const uint8_t *octets)
{
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

static inline uint32_t wire_u32(const uint8_t *octets)
{
	return (uint32_t)wire_u16(octets) << 16 | wire_u16(octets + 2);
}

/* The octets at <= ... < end are still to be read. */
struct wire_cursor {
	const uint8_t *at;
	const uint8_t *end;
};

static inline size_t wire_left(const struct wire_cursor *cursor)
{
	return (size_t)(cursor->end - cursor->at);
}

/* Each moves the cursor on behind what it reads. \returns false when less is there; the cursor then
 * stays where it is. */
_mustcheck_ static inline bool wire_read_octets(struct wire_cursor *cursor, uint64_t len,
						const uint8_t **out)
{
	if (len > wire_left(cursor)) {
		return false;
	}
	*out = cursor->at;
	cursor->at += len;
	return true;
}

_mustcheck_ static inline bool wire_read_u8(struct wire_cursor *cursor, uint8_t *out)
{
	const uint8_t *octets;
	if (!wire_read_octets(cursor, 1, &octets)) {
		return false;
	}
	*out = octets[0];
	return true;
}

_mustcheck_ static inline bool wire_read_u16(struct wire_cursor *cursor, uint16_t *out)
{
	const uint8_t *octets;
	if (!wire_read_octets(cursor, 2, &octets)) {
		return false;
	}
	*out = wire_u16(octets);
	return true;
}

_mustcheck_ static inline bool wire_read_u32(struct wire_cursor *cursor, uint32_t *out)
{
	const uint8_t *octets;
	if (!wire_read_octets(cursor, 4, &octets)) {
		return false;
	}
	*out = wire_u32(octets);
	return true;
}

#endif
