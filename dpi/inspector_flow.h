/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A flow's life in the inspector: how it is found, begun, and released. Internal to the inspector,
 * which is inspector.c with udp_flow.c and tcp_flow.c.
 */
#ifndef DPI_INSPECTOR_FLOW_H
#define DPI_INSPECTOR_FLOW_H

#include "dpi/flow_kind.h"
#include "dpi/flow_table.h"
#include "dpi/inspector.h"
#include "dpi/quic_pool.h"
#include "dpi/reassembly.h"
#include "dpi/request_reader.h"

/* Packets of a flow that may bring nothing before it is released. */
#define TCP_PATIENCE 16
#define UDP_PATIENCE 4
/* To the port of DNS a forwarder may send for hours, and junk among it. */
#define DNS_PATIENCE 64

struct inspector {
	struct flow_table *flows;
	struct reassembly *streams;
	struct quic_pool *hellos;
	struct flow_kinds *kinds;
	struct request_reader reader;
	struct inspector_limits limits;
	struct inspector_stats stats;
};

static inline enum inspector_outcome flow_outcome(const struct flow *flow)
{
	return flow->state == FLOW_RELEASED ? INSPECTOR_RELEASE : INSPECTOR_WATCH;
}

/* \returns NULL when the flow is not known. */
static inline struct flow *flow_find(struct inspector *inspector, const struct packet *packet,
				     enum flow_direction direction, uint32_t now_ms)
{
	uint64_t tag = flow_table_tag(inspector->flows, packet, direction);
	return flow_table_find(inspector->flows, tag, now_ms);
}

/* Makes room for it if need be: flows that were found before may be gone. */
struct flow *flow_begin(struct inspector *inspector, const struct packet *packet,
			enum flow_direction direction, uint32_t now_ms);

/* Begins a flow again, or waits for a beginning somewhere in the middle of it. */
void flow_wait_midway(struct flow *flow);

/* Gives back whatever the flow holds; what was kept of its stream is lost. */
void flow_give_up(struct inspector *inspector, struct flow *flow);

/* Shows nDPI a packet that no reader knows, for as long as the flow is not counted. */
void flow_show(struct inspector *inspector, struct flow *flow, const struct packet *packet,
	       bool from_client);

/* No packet of it is wanted any more. */
void flow_release(struct inspector *inspector, struct flow *flow);

/* The packet brought nothing. */
enum inspector_outcome flow_use_up_grace(struct inspector *inspector, struct flow *flow);

/* Forgets a flow that may come to life again. */
void flow_forget(struct inspector *inspector, struct flow *flow);

#endif
