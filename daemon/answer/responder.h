/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP connections that the gateway answered in the server's place: the request was held back, the
 * device is given an answer and the end of the connection, or a reset, the server a reset. From
 * then on the server knows nothing of it, so every further packet of the device on that connection
 * belongs here and must be dropped: passed on, the server would answer it with a reset and the
 * device would lose the answer before it was read.
 *
 * What a device's packet tells is acted on as RFC 9293 has it: data and FIN are acknowledged, a
 * repeated request or a third acknowledgement of the same octet brings the missing part again, a
 * reset or a new SYN ends it; a late copy of the opening SYN, as lines that double and reorder
 * bring it, does not. Numbers outside the window are ignored (RFC 5961). responder_tick() repeats
 * an end that was lost.
 *
 * The caller answers only connections whose handshake it saw. Beyond that, nothing is repeated that
 * the device did not pay for: until it has acknowledged an octet of the answer, each repetition
 * takes as many octets of the device's, and the clock repeats nothing.
 *
 * One table a worker (flows keep to one worker); not thread-safe. All memory is taken once. An
 * entry goes when the device has acknowledged everything and closed its side, on its reset, after
 * RESPONDER_IDLE_MS, or, when the table is full, the one silent longest.
 */
#ifndef DAEMON_ANSWER_RESPONDER_H
#define DAEMON_ANSWER_RESPONDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/packet.h"

#define RESPONDER_IDLE_MS 30000
/* Longest answer, octets: a redirect, or several DNS answers. */
#define RESPONDER_ANSWER_SIZE 8192

struct responder;

/* To which side a packet goes: they need different firewall marks, see raw_sender.h. */
enum direction { SIDE_DEVICE, SIDE_SERVER };

/* Sends one IP packet, built whole; the same as raw_sender_send() but for the type of `ctx`. */
typedef bool responder_send_fn(void *ctx, enum direction direction, uint32_t ifindex,
			       const uint8_t *packet, size_t len);

/*
 * \param connections  held at once; 0: 256 (some 2 MiB).
 * \param send         by which the functions below send, with `ctx`.
 * \returns NULL when out of memory.
 */
struct responder *responder_new(uint32_t connections, responder_send_fn *send, void *ctx);
void responder_free(struct responder *responder);

/*
 * Answers the request that `packet` completed, and closes both sides. The caller drops the packet
 * and makes the inspector forget the flow.
 *
 * \param ifindex          interface the packet came in by, 0 when not known; all that is sent on
 *                         this connection goes with it.
 * \param request_end_seq  of struct sighting; what the packet carries beyond is acknowledged too.
 * \param now_ms           CLOCK_MONOTONIC, milliseconds.
 * \returns false when answer_len is 0 or exceeds RESPONDER_ANSWER_SIZE, packet is not a TCP segment
 * with an acknowledgement, or the answer's first segment cannot be sent: let it pass. Any packet
 * that cannot be sent after that is lost as on any network, and repeated.
 */
bool responder_answer(struct responder *responder, const struct packet *packet, uint32_t ifindex,
		      uint32_t request_end_seq, const uint8_t *answer, size_t answer_len,
		      uint64_t now_ms);

/*
 * Refuses the connection that `packet` belongs to: the device and the server get a reset, and so
 * does each further packet of the device's. For a request that no page can answer (TLS). The caller
 * drops the packet and makes the inspector forget the flow.
 *
 * \returns false when packet is not a TCP segment with an acknowledgement or the device's reset
 * cannot be sent: let it pass.
 */
bool responder_refuse(struct responder *responder, const struct packet *packet, uint32_t ifindex,
		      uint64_t now_ms);

/*
 * To be called with each TCP packet of a device before the inspector sees it. Costs one hash and
 * one look-up. \returns true when it belongs to a connection answered here: drop it. False: treat
 * it as usual.
 */
bool responder_packet(struct responder *responder, const struct packet *packet, uint64_t now_ms);

/* To be called now and then (some 4 times a second while responder_count() is not 0). Repeats what
 * was not acknowledged, at most 4 times, and ends what is idle. */
void responder_tick(struct responder *responder, uint64_t now_ms);

uint32_t responder_count(const struct responder *responder);

struct responder_stats {
	uint64_t answered; /* connections */
	uint64_t repeated; /* answers or parts of them sent again */
	uint64_t evicted;  /* forgotten because the table was full */
};
const struct responder_stats *responder_stats(const struct responder *responder);

#endif
