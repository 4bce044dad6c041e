/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes Ethernet frames with IPv4 or IPv6 and TCP or UDP into a capture, checksums and all.
 */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/packet.h"

struct frames;

/* One end of a flow; addresses are of the documentation ranges (RFC 5737, RFC 3849). */
struct end {
	uint8_t address[16]; /* of which IPv4 takes the first 4 */
	uint16_t port;
};

/* One direction's packet. */
struct segment {
	const struct end *from;
	const struct end *to;
	bool v6;
	bool tcp;
	uint8_t tcp_flags;
	uint32_t seq;
	uint32_t ack;
	const uint8_t *payload;
	size_t payload_len; /* at most 1400 */
};

/* "-" is standard output. Ends the program when the file cannot be written; so do the others. */
struct frames *frames_create(const char *path);
void frames_write(struct frames *frames, const struct segment *segment);
uint64_t frames_written(const struct frames *frames);
void frames_close(struct frames *frames);

#endif
