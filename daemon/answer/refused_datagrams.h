/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * UDP flows that were refused (QUIC): every further datagram of theirs is refused as well, so that
 * a client cannot go on with those that follow the one with the name. Holds no address, only keyed
 * hashes. Takes its memory once; not thread-safe. When full, the place of another flow is taken.
 */
#ifndef DAEMON_ANSWER_REFUSED_DATAGRAMS_H
#define DAEMON_ANSWER_REFUSED_DATAGRAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "dpi/packet.h"

/* A flow is refused for so long after its last datagram. Clients give up within seconds. */
#define REFUSED_DATAGRAMS_MS 30000

struct refused_datagrams;

/* \returns NULL without memory. Free with refused_datagrams_free(). */
struct refused_datagrams *refused_datagrams_new(void);
void refused_datagrams_free(struct refused_datagrams *table);

/* Refuses the flow of a UDP datagram from now on. \param now_ms  CLOCK_MONOTONIC. */
void refused_datagrams_add(struct refused_datagrams *table, const struct packet *packet,
			   uint64_t now_ms);

/* Whether the datagram's flow is refused. Costs nothing while none is. */
bool refused_datagrams_has(struct refused_datagrams *table, const struct packet *packet,
			   uint64_t now_ms);

#endif
