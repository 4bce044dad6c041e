/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/tcp_flow.h"

#include "dpi/classifier.h"
#include "dpi/tls_hello.h"

/* Octets of its server that a client may acknowledge before it says a word. Of DNS and HTTP none is
 * to be expected; a server has to send more than a client takes in unread to have the flow
 * released, so none escapes by speaking first. */
#define SERVER_FIRST_MAX ((int32_t)1 << 20)

/* A segment that begins this far beyond what is waited for is taken for a loss in between; one
 * further off for a stray. */
#define LOSS_MAX ((int32_t)1 << 20)

/* A segment that begins so little beyond what was seen of a connection is its own: who guesses it
 * in another's name meets it once in 65,536 times. */
#define MIDWAY_AHEAD_MAX 65536

/* Sets the flow to wait for the client's first octet, whose sequence number is isn + 1. */
static void expect_first(struct flow *flow, uint32_t isn)
{
	flow->state = FLOW_START;
	flow->grace_packets = TCP_PATIENCE;
	flow->is_client = true;
	flow->isn = isn;
	flow->next = isn + 1;
	flow->has_first_ack = false;
	flow->at_first_octet = true;
	flow->handshake = HANDSHAKE_NONE;
	flow->server_syns = 0;
	flow->has_later_syn = false;
	flow->was_reset = false;
}

/* Begins the next connection of the same ports. */
static void begin_connection(struct inspector *inspector, struct flow *flow, uint32_t isn)
{
	if (flow->is_client) {
		flow_give_up(inspector, flow);
		inspector->stats.flows++;
	}
	flow->requests = 0;
	flow->is_counted = false;
	expect_first(flow, isn);
	flow->handshake = HANDSHAKE_SYN;
}

/*
 * A client's SYN that is not a repetition begins a connection, whatever the same ports were used
 * for before. Where a whole handshake was seen and nothing of an end, anybody may have sent it in
 * the client's name: there it begins one when the server takes it.
 */
static void see_syn(struct inspector *inspector, struct flow *flow, uint32_t isn)
{
	if (flow->is_client && flow->isn == isn && flow->handshake != HANDSHAKE_NONE) {
		return;
	}
	if (flow->is_client && flow->handshake == HANDSHAKE_SEEN && !flow->was_reset &&
	    flow->state != FLOW_RELEASED) {
		flow->later_isn = isn;
		flow->has_later_syn = true;
		return;
	}
	begin_connection(inspector, flow, isn);
}

/* A SYN of the server's, which acknowledges the client's, or crosses it (RFC 9293 figure 7). */
static void see_server_syn(struct inspector *inspector, struct flow *flow,
			   const struct packet *packet)
{
	bool acknowledges = (packet->tcp_flags & TCP_ACK) != 0;
	if (acknowledges && flow->has_later_syn && packet->ack == flow->later_isn + 1) {
		begin_connection(inspector, flow, flow->later_isn);
	}
	if ((flow->handshake != HANDSHAKE_SYN && flow->handshake != HANDSHAKE_BOTH) ||
	    (acknowledges && packet->ack != flow->isn + 1)) {
		return;
	}
	flow->handshake = HANDSHAKE_BOTH;
	for (size_t i = 0; i < flow->server_syns && i < SERVER_SYNS_MAX; i++) {
		if (flow->server_isns[i] == packet->seq) {
			return;
		}
	}
	if (flow->server_syns < SERVER_SYNS_MAX) {
		flow->server_isns[flow->server_syns] = packet->seq;
	}
	if (flow->server_syns <= SERVER_SYNS_MAX) {
		flow->server_syns++;
	}
}

/*
 * Whether the client acknowledges a SYN of its server. A server that sends more of them than are
 * remembered may do so to hide which one its client took; whoever can have it do that can send to
 * the client whatever it likes, so nobody gains from what is believed then.
 */
static void see_client_ack(struct flow *flow, const struct packet *packet)
{
	if (flow->handshake != HANDSHAKE_BOTH || (packet->tcp_flags & TCP_ACK) == 0) {
		return;
	}
	bool seen = flow->server_syns > SERVER_SYNS_MAX;
	for (size_t i = 0; i < flow->server_syns && i < SERVER_SYNS_MAX; i++) {
		seen = seen || packet->ack == flow->server_isns[i] + 1;
	}
	if (seen) {
		flow->handshake = HANDSHAKE_SEEN;
	}
}

/* Reads in place what follows on from flow->next; keeps what is left of it. */
static void read_in_order(struct inspector *inspector, struct flow *flow,
			  struct inspection *inspection, const uint8_t *octets, size_t len)
{
	size_t searched = 0;
	size_t done =
	    request_read_stream(&inspector->reader, inspection, flow, octets, len, &searched);
	flow->next += (uint32_t)done;
	if (done >= len || flow->state == FLOW_RELEASED || flow->state == FLOW_MIDWAY ||
	    inspection->more) {
		return;
	}
	flow->stream = stream_take(inspector->streams, flow_table_number(inspector->flows, flow));
	stream_insert(inspector->streams, flow->stream, 0, octets + done, len - done);
	*stream_searched(inspector->streams, flow->stream) = searched;
}

/* Keeps octets that begin `offset` after flow->next. \returns whether any of them was new. */
static bool hold(struct inspector *inspector, struct flow *flow, size_t offset,
		 const uint8_t *octets, size_t len)
{
	if (flow->stream == NO_STREAM) {
		flow->stream =
		    stream_take(inspector->streams, flow_table_number(inspector->flows, flow));
	}
	return stream_insert(inspector->streams, flow->stream, offset, octets, len) > 0;
}

/* Reads what the flow's stream has ready; what lay beyond a body that is skipped becomes so. */
static void read_held(struct inspector *inspector, struct flow *flow, struct inspection *inspection)
{
	size_t *searched = stream_searched(inspector->streams, flow->stream);
	for (;;) {
		const uint8_t *octets = NULL;
		size_t len = stream_ready(inspector->streams, flow->stream, &octets);
		size_t done = request_read_stream(&inspector->reader, inspection, flow, octets, len,
						  searched);
		if (done == 0 || flow->state == FLOW_RELEASED || flow->state == FLOW_MIDWAY) {
			break;
		}
		flow->next += (uint32_t)done;
		stream_advance(inspector->streams, flow->stream, done);
	}
	flow->has_unread = inspection->more;
	if (stream_held(inspector->streams, flow->stream) == 0) {
		stream_drop(inspector->streams, flow->stream);
		flow->stream = NO_STREAM;
	}
}

/* Takes the client's octets from seq on. \returns whether any of them was new. */
static bool take_octets(struct inspector *inspector, struct flow *flow,
			struct inspection *inspection, uint32_t seq, const uint8_t *octets,
			size_t len)
{
	bool news = flow->has_unread;
	if (flow->has_unread) {
		read_held(inspector, flow, inspection);
	}
	while (len > 0 && flow->state != FLOW_RELEASED && flow->state != FLOW_MIDWAY &&
	       !inspection->more) {
		int32_t offset = (int32_t)(seq - flow->next);
		if (offset >= (int64_t)inspector->limits.stream_octets) {
			break;
		}
		if (flow->stream == NO_STREAM && offset == 0) {
			read_in_order(inspector, flow, inspection, octets, len);
			return true;
		}

		size_t part = 0; /* of octets, that this turn is about */
		if (offset < 0) {
			part = (size_t)(-(int64_t)offset);
		} else {
			part = inspector->limits.stream_octets - (size_t)offset;
			if (part > len) {
				part = len;
			}
			if (hold(inspector, flow, (size_t)offset, octets, part)) {
				news = true;
				read_held(inspector, flow, inspection);
			}
		}
		if (part >= len) {
			break;
		}
		seq += (uint32_t)part;
		octets += part;
		len -= part;
	}
	return news;
}

/* Sequence number after the last octet that came without a hole before it. */
static uint32_t contiguous_end(const struct inspector *inspector, const struct flow *flow)
{
	const uint8_t *octets = NULL;
	if (flow->stream == NO_STREAM) {
		return flow->next;
	}
	return flow->next + (uint32_t)stream_ready(inspector->streams, flow->stream, &octets);
}

/* Whether it is the server that speaks first, by what the client acknowledges before it spoke. */
static bool server_speaks_first(struct flow *flow, const struct packet *packet)
{
	if ((packet->tcp_flags & TCP_ACK) == 0) {
		return false;
	}
	if (!flow->has_first_ack) {
		flow->first_ack = packet->ack;
	}
	flow->has_first_ack = true;
	return (int32_t)(packet->ack - flow->first_ack) > SERVER_FIRST_MAX;
}

static enum inspector_outcome read_client(struct inspector *inspector, struct flow *flow,
					  const struct packet *packet,
					  struct inspection *inspection)
{
	uint32_t seq = packet->seq + ((packet->tcp_flags & TCP_SYN) != 0 ? 1 : 0);
	bool was_start = flow->state == FLOW_START;
	bool news =
	    take_octets(inspector, flow, inspection, seq, packet->payload, packet->payload_len);
	if (inspection->more) {
		return INSPECTOR_WATCH;
	}

	if (flow->state == FLOW_MIDWAY) {
		if (flow->stream != NO_STREAM) {
			stream_drop(inspector->streams, flow->stream);
		}
		flow_wait_midway(flow);
		flow->next = seq + (uint32_t)packet->payload_len;
		return INSPECTOR_WATCH;
	}

	if (flow->state == FLOW_RELEASED && !flow->is_counted) {
		flow_show(inspector, flow, packet, true);
		request_count_kind(&inspector->reader, flow, FLOW_KIND_OTHER);
	}
	/* The client has no more to send, and all it sent was read. */
	if ((packet->tcp_flags & TCP_FIN) != 0 && flow->state != FLOW_RELEASED &&
	    seq + (uint32_t)packet->payload_len == contiguous_end(inspector, flow)) {
		flow->state = FLOW_RELEASED;
	}
	if (flow->state == FLOW_RELEASED) {
		flow_release(inspector, flow);
		return INSPECTOR_RELEASE;
	}
	/* Octets that are held are news enough until they are given up. */
	if (!was_start || news || flow->stream != NO_STREAM) {
		return INSPECTOR_WATCH;
	}
	/* What was read before is a repetition or a keepalive (RFC 9293 section 3.8.4). */
	if (packet->payload_len > 0 &&
	    (int32_t)(seq + (uint32_t)packet->payload_len - flow->next) > 0) {
		return flow_use_up_grace(inspector, flow);
	}
	if (server_speaks_first(flow, packet)) {
		request_count_kind(&inspector->reader, flow, FLOW_KIND_OTHER);
		flow_release(inspector, flow);
	}
	return flow_outcome(flow);
}

/* Whether the flow, of which a part was missed, goes on with a request in this packet. */
static bool begins_midway(struct flow *flow, const struct packet *packet)
{
	if (packet->payload_len == 0 ||
	    classifier_glance(packet->payload, packet->payload_len) == APPLICATION_OTHER) {
		return false;
	}
	/* Whoever goes on with a connection whose handshake was seen need not show it again. */
	const uint32_t ahead = packet->seq - flow->next;
	const bool goes_on = flow->handshake == HANDSHAKE_SEEN && ahead < MIDWAY_AHEAD_MAX;
	expect_first(flow, packet->seq - 1);
	flow->at_first_octet = false;
	flow->handshake = goes_on ? HANDSHAKE_SEEN : HANDSHAKE_NONE;
	return true;
}

/* A client's segment so far ahead that what lies between will not come any more. */
static bool is_past_loss(const struct inspector *inspector, const struct flow *flow,
			 const struct packet *packet)
{
	int32_t ahead = (int32_t)(packet->seq - flow->next);
	return packet->payload_len > 0 && ahead < LOSS_MAX &&
	       ahead >= (int64_t)inspector->limits.stream_octets;
}

/*
 * A reset of the client's ends the connection if it is the client's and its server takes it, which
 * cannot be told. So where a handshake was seen the flow stays: what the client says next is read
 * as before, and a SYN begins the next connection at once.
 */
static void see_reset(struct inspector *inspector, struct flow *flow)
{
	if (flow->handshake == HANDSHAKE_SEEN) {
		flow->was_reset = true;
	} else {
		flow_forget(inspector, flow);
	}
}

/* Reads what the packet's source sends, as a client does. */
static enum inspector_outcome inspect_client(struct inspector *inspector, struct flow *flow,
					     const struct packet *packet,
					     struct inspection *inspection)
{
	if (flow->state == FLOW_RELEASED) {
		return INSPECTOR_RELEASE;
	}
	see_client_ack(flow, packet);
	if ((packet->tcp_flags & TCP_RST) != 0) {
		see_reset(inspector, flow);
		return INSPECTOR_WATCH;
	}
	if (flow->state != FLOW_MIDWAY && is_past_loss(inspector, flow, packet)) {
		if (flow->stream != NO_STREAM) {
			flow_give_up(inspector, flow);
		} else {
			inspector->stats.streams_given_up++;
		}
		flow_wait_midway(flow);
	}
	if (flow->state == FLOW_MIDWAY && !begins_midway(flow, packet)) {
		/* On a connection known for HTTP the next request may be long in coming. */
		bool idle = packet->payload_len == 0 && flow->requests > 0;
		if (flow->handshake == HANDSHAKE_SEEN &&
		    packet->seq - flow->next < MIDWAY_AHEAD_MAX) {
			flow->next = packet->seq + (uint32_t)packet->payload_len;
		}
		return idle ? INSPECTOR_WATCH : flow_use_up_grace(inspector, flow);
	}
	return read_client(inspector, flow, packet, inspection);
}

enum inspector_outcome tcp_flow_packet(struct inspector *inspector, const struct packet *packet,
				       uint32_t now_ms, struct inspection *inspection)
{
	unsigned syn = packet->tcp_flags & (TCP_SYN | TCP_ACK);
	struct flow *flow = flow_find(inspector, packet, FLOW_FORWARD, now_ms);
	if (syn == TCP_SYN) {
		struct flow *crossed = flow_find(inspector, packet, FLOW_REVERSE, now_ms);
		if (crossed != NULL && crossed->is_client) {
			see_server_syn(inspector, crossed, packet);
		}
		if (flow == NULL) {
			flow = flow_begin(inspector, packet, FLOW_FORWARD, now_ms);
		}
		see_syn(inspector, flow, packet->seq);
	} else if (flow == NULL || !flow->is_client) {
		struct flow *client = flow_find(inspector, packet, FLOW_REVERSE, now_ms);
		if (client == NULL && syn == (TCP_SYN | TCP_ACK)) {
			client = flow_begin(inspector, packet, FLOW_REVERSE, now_ms);
		}
		if (client != NULL && !client->is_client && syn == (TCP_SYN | TCP_ACK)) {
			expect_first(client, packet->ack - 1);
		}
		if (client != NULL && client->is_client) {
			if (syn == (TCP_SYN | TCP_ACK)) {
				see_server_syn(inspector, client, packet);
			}
			return flow_outcome(client);
		}
		if (flow == NULL) {
			flow = flow_begin(inspector, packet, FLOW_FORWARD, now_ms);
		}
	}
	return inspect_client(inspector, flow, packet, inspection);
}
