/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a flow is, for counting only: nDPI says it where the readers of dpi/ cannot. Nothing here
 * decides what is read, released or answered. Internal to dpi/.
 *
 * nDPI is shown a flow's first datagrams with headers made for it: true ports, but addresses of
 * RFC 5737. So it never holds an address. Of a ClientHello it is told the server name only while
 * it looks that up.
 */
#ifndef DPI_FLOW_KIND_H
#define DPI_FLOW_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/packet.h"
#include "include/attribute.h"

enum flow_kind {
	FLOW_KIND_WEB, /* the server name is not one of a public resolver */
	FLOW_KIND_DOH, /* DNS over HTTPS, RFC 8484 */
	FLOW_KIND_DOT, /* DNS over TLS, RFC 7858, or over QUIC, RFC 9250 */
	FLOW_KIND_VPN,
	FLOW_KIND_OTHER, /* nothing of these, or not yet */
};

/* The port of DNS over TLS and over QUIC. */
#define FLOW_KIND_DOT_PORT 853

/* UDP flows that nDPI follows at once; when one more begins, the one that has its place longest
 * is not followed any more. */
#define FLOW_KIND_PLACES 256

/* Datagrams of a flow that nDPI is shown at most, both directions together. */
#define FLOW_KIND_SHOWN_MAX 4

/* No flow has this place. */
#define FLOW_KIND_NO_PLACE 0

/* One worker's; not thread-safe. Below, NULL stands for one that does not ask nDPI: it knows DNS
 * over TLS and QUIC only. */
struct flow_kinds;

/* \returns NULL when out of memory, or when nDPI did not start. Free with flow_kinds_free(). */
_mustcheck_ struct flow_kinds *flow_kinds_new(void);
void flow_kinds_free(struct flow_kinds *kinds);

/* Octets that flow_kinds_new() takes; what nDPI's automata take outside of them is not in it. */
size_t flow_kinds_memory(void);

/*
 * The kind of a flow whose ClientHello was read.
 *
 * \param host    the server name in lower case; NULL when there is none.
 * \param is_dot  the flow goes to FLOW_KIND_DOT_PORT, or the ClientHello offers DNS over TLS or
 *                over QUIC by ALPN.
 */
enum flow_kind flow_kind_of_hello(struct flow_kinds *kinds, const char *host, size_t host_len,
				  bool is_dot);

/*
 * Shows one packet of a flow that was not recognised. Of TCP each packet is taken for itself; of
 * UDP the flow is followed.
 *
 * \param tag           the flow's own number.
 * \param place         the flow's; FLOW_KIND_NO_PLACE when it begins. Left as the flow must keep
 *                      it.
 * \param from_client   sent by the one who began the flow.
 * \returns FLOW_KIND_VPN or FLOW_KIND_OTHER.
 */
enum flow_kind flow_kind_of_packet(struct flow_kinds *kinds, uint64_t tag, uint16_t *place,
				   const struct packet *packet, bool from_client);

/* Forgets what is held of a flow that is settled or gone. */
void flow_kind_forget(struct flow_kinds *kinds, uint64_t tag, uint16_t *place);

#endif
