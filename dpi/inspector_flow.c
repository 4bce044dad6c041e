/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/inspector_flow.h"

#include <netinet/in.h>

/* RFC 1035 section 4.2 */
#define DNS_PORT 53

void flow_wait_midway(struct flow *flow)
{
	flow->state = FLOW_MIDWAY;
	flow->grace_packets = TCP_PATIENCE;
	flow->stream = NO_STREAM;
	flow->place = NO_PLACE;
}

/* Gives back the flow's place in the pool of QUIC's hellos. */
static void drop_place(struct inspector *inspector, struct flow *flow)
{
	if (flow->place != NO_PLACE) {
		quic_pool_drop(inspector->hellos, flow->place);
	}
	flow->place = NO_PLACE;
}

void flow_give_up(struct inspector *inspector, struct flow *flow)
{
	drop_place(inspector, flow);
	flow_kind_forget(inspector->kinds, flow->tag, &flow->kind_place);
	if (flow->stream == NO_STREAM) {
		return;
	}
	inspector->stats.streams_given_up++;
	stream_drop(inspector->streams, flow->stream);
	flow->stream = NO_STREAM;
}

void flow_release(struct inspector *inspector, struct flow *flow)
{
	if (flow->stream != NO_STREAM) {
		stream_drop(inspector->streams, flow->stream);
	}
	drop_place(inspector, flow);
	flow_kind_forget(inspector->kinds, flow->tag, &flow->kind_place);
	flow->stream = NO_STREAM;
	flow->state = FLOW_RELEASED;
	inspector->stats.flows_released++;
}

enum inspector_outcome flow_use_up_grace(struct inspector *inspector, struct flow *flow)
{
	if (--flow->grace_packets == 0) {
		request_count_kind(&inspector->reader, flow, FLOW_KIND_OTHER);
		flow_release(inspector, flow);
	}
	return flow_outcome(flow);
}

struct flow *flow_begin(struct inspector *inspector, const struct packet *packet,
			enum flow_direction direction, uint32_t now_ms)
{
	uint64_t tag = flow_table_tag(inspector->flows, packet, direction);
	enum flow_room room = FLOW_ROOM_FREE;
	struct flow *flow = flow_table_begin(inspector->flows, tag, now_ms, &room);
	inspector->stats.flows++;
	if (room == FLOW_ROOM_EVICTED) {
		inspector->stats.flows_evicted++;
	}
	flow_wait_midway(flow);
	const uint16_t port = direction == FLOW_FORWARD ? packet->dest_port : packet->source_port;
	flow->is_dns_port = port == DNS_PORT;
	flow->is_dot_port = port == FLOW_KIND_DOT_PORT;
	if (packet->protocol == IPPROTO_UDP) {
		flow->state = FLOW_START;
		flow->grace_packets = flow->is_dns_port ? DNS_PATIENCE : UDP_PATIENCE;
	}
	return flow;
}

void flow_show(struct inspector *inspector, struct flow *flow, const struct packet *packet,
	       bool from_client)
{
	if (!flow->is_counted && flow_kind_of_packet(inspector->kinds, flow->tag, &flow->kind_place,
						     packet, from_client) == FLOW_KIND_VPN) {
		request_count_kind(&inspector->reader, flow, FLOW_KIND_VPN);
		flow_kind_forget(inspector->kinds, flow->tag, &flow->kind_place);
	}
}

void flow_forget(struct inspector *inspector, struct flow *flow)
{
	flow_give_up(inspector, flow);
	flow_table_remove(inspector->flows, flow);
}
