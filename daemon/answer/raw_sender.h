/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sends whole IP packets through raw sockets (raw(7); CAP_NET_RAW to open, CAP_NET_ADMIN for the
 * marks; neither is needed once open). Thread-safe after raw_sender_open().
 *
 * Each side has a mark of its own (SO_MARK), because the firewall has to treat them differently:
 * neither may be queued again, and packets to the device must not be tracked (`CT --notrack` in
 * table raw, OUTPUT; nft: `notrack`), for on a gateway that translates addresses they match no
 * connection and would be dropped as a clash; the reset to the server must be tracked, so that it
 * is translated like the connection it ends.
 */
#ifndef DAEMON_ANSWER_RAW_SENDER_H
#define DAEMON_ANSWER_RAW_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/answer/responder.h"

struct raw_sender;

/*
 * Opens the sockets for IPv4 and, where the host has it, IPv6.
 *
 * \param device_mark, server_mark  firewall marks; 0 sets none.
 * \param error  gets a sentence on what is wrong and what to do.
 * \returns NULL on failure. Close with raw_sender_close().
 */
struct raw_sender *raw_sender_open(uint32_t device_mark, uint32_t server_mark, char *error,
				   size_t error_size);
void raw_sender_close(struct raw_sender *sender);

/*
 * Sends without waiting.
 *
 * \param ifindex  interface the device's packet came in by; used for link-local devices, who cannot
 * be reached without; 0 when not known.
 * \returns false when it was not sent; counted.
 */
bool raw_sender_send(struct raw_sender *sender, enum direction direction, uint32_t ifindex,
		     const uint8_t *packet, size_t len);

/* Packets sent, and packets that the kernel refused (full buffer, no route). */
void raw_sender_stats(const struct raw_sender *sender, uint64_t *sent, uint64_t *failed);

#endif
