/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DNS and QUIC in datagrams. Internal to the inspector. */
#ifndef DPI_UDP_FLOW_H
#define DPI_UDP_FLOW_H

#include "dpi/inspector_flow.h"

/* Both directions are one flow: of UDP anyone may ask. The parameters are inspector_packet()'s. */
enum inspector_outcome udp_flow_packet(struct inspector *inspector, const struct packet *packet,
				       uint32_t now_ms, struct inspection *inspection);

#endif
