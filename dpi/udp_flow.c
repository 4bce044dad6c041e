/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/udp_flow.h"

#include "dpi/classifier.h"
#include "dpi/quic_packet.h"

/* Whether a datagram begins with a packet that comes with or before a ClientHello, of a version of
 * QUIC that is read. */
static bool begins_quic(const struct packet *packet)
{
	struct quic_packet quic;
	const enum quic_packet_type type =
	    quic_packet_read(packet->payload, packet->payload_len, &quic);
	return type == QUIC_INITIAL || type == QUIC_0RTT;
}

/* Reads a datagram of the one who began the flow. */
static void read_quic(struct inspector *inspector, struct flow *flow, const struct packet *packet,
		      struct inspection *inspection)
{
	struct client_hello hello;
	switch (quic_hello_datagram(quic_pool_at(inspector->hellos, flow->place), packet->payload,
				    packet->payload_len, &hello)) {
	case HELLO_INCOMPLETE:
		return;
	case HELLO_NONE:
		request_count_kind(&inspector->reader, flow, FLOW_KIND_OTHER);
		break;
	case HELLO_NO_NAME:
		request_count_hello(&inspector->reader, flow, VIA_QUIC, &hello, false);
		inspector->stats.quic_hellos++;
		inspector->stats.quic_nameless++;
		break;
	case HELLO_FOUND:
		request_count_hello(&inspector->reader, flow, VIA_QUIC, &hello, true);
		inspector->stats.quic_hellos++;
		inspector->stats.observations++;
		(void)inspection_add(inspection, VIA_QUIC, hello.host, hello.host_len);
		break;
	}
	flow_release(inspector, flow);
}

enum inspector_outcome udp_flow_packet(struct inspector *inspector, const struct packet *packet,
				       uint32_t now_ms, struct inspection *inspection)
{
	struct flow *flow = flow_find(inspector, packet, FLOW_FORWARD, now_ms);
	bool is_forward = flow != NULL;
	if (flow == NULL) {
		flow = flow_find(inspector, packet, FLOW_REVERSE, now_ms);
	}
	if (flow == NULL) {
		flow = flow_begin(inspector, packet, FLOW_FORWARD, now_ms);
		is_forward = true;
	}
	if (flow->state == FLOW_RELEASED) {
		return INSPECTOR_RELEASE;
	}
	if (flow->state == FLOW_START && is_forward && begins_quic(packet)) {
		flow->state = FLOW_QUIC;
		flow->place =
		    quic_pool_take(inspector->hellos, flow_table_number(inspector->flows, flow));
	}
	if (flow->state == FLOW_QUIC) {
		if (is_forward) {
			read_quic(inspector, flow, packet, inspection);
		}
		return flow_outcome(flow);
	}
	if (flow->state == FLOW_START &&
	    classifier_datagram(packet->payload, packet->payload_len) != APPLICATION_DNS) {
		flow_show(inspector, flow, packet, is_forward);
		return flow_use_up_grace(inspector, flow);
	}

	enum dns_result result = request_read_dns(&inspector->reader, inspection, flow,
						  packet->payload, packet->payload_len, 0);
	if (result == DNS_QUESTION) {
		request_count_via(&inspector->reader, flow, VIA_DNS);
		flow_kind_forget(inspector->kinds, flow->tag, &flow->kind_place);
		flow->state = FLOW_DNS;
		flow->grace_packets = flow->is_dns_port ? DNS_PATIENCE : UDP_PATIENCE;
		return INSPECTOR_WATCH;
	}
	/* Answers between questions are as it should be. */
	if (result == DNS_NOT_QUERY && flow->state == FLOW_DNS) {
		return INSPECTOR_WATCH;
	}
	return flow_use_up_grace(inspector, flow);
}
