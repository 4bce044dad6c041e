/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Captures (pcap and pcapng, through libpcap) as a source of IP packets. Link layers: Ethernet with
 * VLAN tags (802.1Q, 802.1ad) and PPPoE, raw IP, Linux cooked (SLL, SLL2), BSD loopback.
 */
#ifndef DPI_CAPTURE_H
#define DPI_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

struct capture;

struct capture_packet {
	const uint8_t *octets; /* from the IP header on; valid until the next capture_next() */
	size_t len;
	uint64_t time_us; /* since the epoch */
};

enum capture_result {
	CAPTURE_PACKET,  /* out is filled */
	CAPTURE_SKIPPED, /* a frame that carries no IP (ARP, LLDP ...) or is too short to tell:
			    counted */
	CAPTURE_END,
	CAPTURE_TRUNCATED,  /* the file ends inside a frame or a block; frames before it were handed
			       out */
	CAPTURE_UNREADABLE, /* the file contradicts itself or could not be read on; frames before it
			       were handed out; capture_error() says why */
};

/*
 * Opens a capture file. "-" is standard input.
 *
 * \param error      gets a sentence that says what is wrong and what to do, on failure.
 * \returns NULL when the file cannot be opened, is not a capture, or has a link layer not named
 * above.
 */
struct capture *capture_open(const char *path, char *error, size_t error_size);
void capture_close(struct capture *capture);

/*
 * Takes the next frame. After CAPTURE_END, CAPTURE_TRUNCATED or CAPTURE_UNREADABLE it returns the
 * same again.
 */
enum capture_result capture_next(struct capture *capture, struct capture_packet *out);

/* After CAPTURE_UNREADABLE: a sentence that says what is wrong and what to do. Else "". */
const char *capture_error(const struct capture *capture);

/* Octets of the file read so far and its size (0 when unknown, as for a pipe); for showing
 * progress. */
void capture_progress(const struct capture *capture, uint64_t *done, uint64_t *total);

/* Frames that were skipped so far. */
uint64_t capture_skipped(const struct capture *capture);

/* Frames so far of which the file holds the beginning only (its snap length). */
uint64_t capture_cut(const struct capture *capture);

#endif
