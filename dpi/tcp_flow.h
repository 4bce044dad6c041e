/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connections of TCP, and what a client sends in them. Internal to the inspector. */
#ifndef DPI_TCP_FLOW_H
#define DPI_TCP_FLOW_H

#include "dpi/inspector_flow.h"

/*
 * Each direction of a connection is a flow of its own, and where one is known for the client's the
 * other is not read. So nothing that a server sends, be it a SYN or a reset, keeps what its client
 * asks from being read: it may serve the very fake, and a client ignores much of what one can send.
 * The parameters are inspector_packet()'s.
 */
enum inspector_outcome tcp_flow_packet(struct inspector *inspector, const struct packet *packet,
				       uint32_t now_ms, struct inspection *inspection);

#endif
