/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/inspector.h"

#include <assert.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdlib.h>

#include "dpi/classifier.h"
#include "dpi/flow_kind.h"
#include "dpi/flow_table.h"
#include "dpi/quic_packet.h"
#include "dpi/quic_pool.h"
#include "dpi/reassembly.h"
#include "dpi/request_reader.h"
#include "dpi/tls_hello.h"

#define DEFAULT_FLOWS 65536
#define DEFAULT_STREAMS 4096
/* A ClientHello of the longest that is read (TLS_HELLO_STREAM_MAX). */
#define DEFAULT_STREAM_OCTETS 17408
#define DEFAULT_IDLE_MS 120000

_Static_assert(DEFAULT_STREAM_OCTETS >= TLS_HELLO_STREAM_MAX, "a stream holds any ClientHello");

/* Packets of a flow that may bring nothing before it is released. */
#define TCP_PATIENCE 16
#define UDP_PATIENCE 4
/* To the port of DNS a forwarder may send for hours, and junk among it. */
#define DNS_PATIENCE 64

/* RFC 1035 section 4.2 */
#define DNS_PORT 53

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

/* Idle flows forgotten a packet, so that no packet pays for many. */
#define EXPIRE_MOST 2

struct inspector {
	struct flow_table *flows;
	struct reassembly *streams;
	struct quic_pool *hellos;
	struct flow_kinds *kinds;
	struct request_reader reader;
	struct inspector_limits limits;
	struct inspector_stats stats;
};

static uint32_t or_default(uint32_t value, uint32_t fallback)
{
	return value == 0 ? fallback : value;
}

static struct inspector_limits complete(const struct inspector_limits *limits)
{
	struct inspector_limits given = {0};
	if (limits != NULL) {
		given = *limits;
	}
	return (struct inspector_limits){
	    .flows = or_default(given.flows, DEFAULT_FLOWS),
	    .streams = or_default(given.streams, DEFAULT_STREAMS),
	    .stream_octets = or_default(given.stream_octets, DEFAULT_STREAM_OCTETS),
	    .idle_ms = or_default(given.idle_ms, DEFAULT_IDLE_MS),
	    .ask_ndpi = given.ask_ndpi,
	};
}

/* Begins a flow again, or waits for a beginning somewhere in the middle of it. */
static void wait_midway(struct flow *flow)
{
	flow->state = FLOW_MIDWAY;
	flow->grace_packets = TCP_PATIENCE;
	flow->stream = NO_STREAM;
	flow->place = NO_PLACE;
}

static void drop_place(struct inspector *inspector, struct flow *flow)
{
	if (flow->place != NO_PLACE) {
		quic_pool_drop(inspector->hellos, flow->place);
	}
	flow->place = NO_PLACE;
}

static void on_flow_gone(void *ctx, struct flow *flow)
{
	struct inspector *inspector = ctx;
	drop_place(inspector, flow);
	flow_kind_forget(inspector->kinds, flow->tag, &flow->kind_place);
	if (flow->stream == NO_STREAM) {
		return;
	}
	inspector->stats.streams_given_up++;
	stream_drop(inspector->streams, flow->stream);
	flow->stream = NO_STREAM;
}

static void on_stream_given_up(void *ctx, uint32_t owner)
{
	struct inspector *inspector = ctx;
	inspector->stats.streams_given_up++;
	wait_midway(flow_table_at(inspector->flows, owner));
}

/* The flow stays released: its ClientHello was not read in time. */
static void on_hello_given_up(void *ctx, uint32_t owner)
{
	struct inspector *inspector = ctx;
	struct flow *flow = flow_table_at(inspector->flows, owner);
	inspector->stats.streams_given_up++;
	inspector->stats.flows_released++;
	flow->place = NO_PLACE;
	flow->state = FLOW_RELEASED;
	request_count_kind(&inspector->reader, flow, FLOW_KIND_OTHER);
}

struct inspector *inspector_new(const struct inspector_limits *limits)
{
	if (sodium_init() < 0) {
		return NULL;
	}
	struct inspector *inspector = calloc(1, sizeof(*inspector));
	if (inspector == NULL) {
		return NULL;
	}
	inspector->limits = complete(limits);
	inspector->flows = flow_table_new(inspector->limits.flows, inspector->limits.idle_ms,
					  on_flow_gone, inspector);
	inspector->streams =
	    reassembly_new(inspector->limits.streams, inspector->limits.stream_octets,
			   on_stream_given_up, inspector);
	inspector->hellos = quic_pool_new(on_hello_given_up, inspector);
	inspector->kinds = inspector->limits.ask_ndpi ? flow_kinds_new() : NULL;
	inspector->reader = (struct request_reader){
	    .kinds = inspector->kinds,
	    .http = http_host_reader_new(),
	    .http2 = http2_reader_new(),
	    .stats = &inspector->stats,
	    .message_max = inspector->limits.stream_octets,
	};
	if (inspector->flows == NULL || inspector->streams == NULL || inspector->hellos == NULL ||
	    (inspector->limits.ask_ndpi && inspector->kinds == NULL) ||
	    inspector->reader.http == NULL || inspector->reader.http2 == NULL) {
		inspector_free(inspector);
		return NULL;
	}
	return inspector;
}

void inspector_free(struct inspector *inspector)
{
	if (inspector == NULL) {
		return;
	}
	http_host_reader_free(inspector->reader.http);
	http2_reader_free(inspector->reader.http2);
	quic_pool_free(inspector->hellos);
	reassembly_free(inspector->streams);
	flow_table_free(inspector->flows);
	flow_kinds_free(inspector->kinds);
	free(inspector);
}

static enum inspector_outcome outcome_of(const struct flow *flow)
{
	return flow->state == FLOW_RELEASED ? INSPECTOR_RELEASE : INSPECTOR_WATCH;
}

static void release(struct inspector *inspector, struct flow *flow)
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

/* The packet brought nothing. */
static enum inspector_outcome use_up_grace(struct inspector *inspector, struct flow *flow)
{
	if (--flow->grace_packets == 0) {
		request_count_kind(&inspector->reader, flow, FLOW_KIND_OTHER);
		release(inspector, flow);
	}
	return outcome_of(flow);
}

static struct flow *find_flow(struct inspector *inspector, const struct packet *packet,
			      enum flow_direction direction, uint32_t now_ms)
{
	uint64_t tag = flow_table_tag(inspector->flows, packet, direction);
	return flow_table_find(inspector->flows, tag, now_ms);
}

/* Makes room for it if need be: flows that were found before may be gone. */
static struct flow *begin_flow(struct inspector *inspector, const struct packet *packet,
			       enum flow_direction direction, uint32_t now_ms)
{
	uint64_t tag = flow_table_tag(inspector->flows, packet, direction);
	enum flow_room room = FLOW_ROOM_FREE;
	struct flow *flow = flow_table_begin(inspector->flows, tag, now_ms, &room);
	inspector->stats.flows++;
	if (room == FLOW_ROOM_EVICTED) {
		inspector->stats.flows_evicted++;
	}
	wait_midway(flow);
	const uint16_t port = direction == FLOW_FORWARD ? packet->dest_port : packet->source_port;
	flow->is_dns_port = port == DNS_PORT;
	flow->is_dot_port = port == FLOW_KIND_DOT_PORT;
	if (packet->protocol == IPPROTO_UDP) {
		flow->state = FLOW_START;
		flow->grace_packets = flow->is_dns_port ? DNS_PATIENCE : UDP_PATIENCE;
	}
	return flow;
}

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
	release(inspector, flow);
}

/* Shows nDPI a packet that no reader knows, for as long as the flow is not counted. */
static void show(struct inspector *inspector, struct flow *flow, const struct packet *packet,
		 bool from_client)
{
	if (!flow->is_counted && flow_kind_of_packet(inspector->kinds, flow->tag, &flow->kind_place,
						     packet, from_client) == FLOW_KIND_VPN) {
		request_count_kind(&inspector->reader, flow, FLOW_KIND_VPN);
		flow_kind_forget(inspector->kinds, flow->tag, &flow->kind_place);
	}
}

/* Both directions are one flow: of UDP anyone may ask. */
static enum inspector_outcome inspect_udp(struct inspector *inspector, const struct packet *packet,
					  uint32_t now_ms, struct inspection *inspection)
{
	struct flow *flow = find_flow(inspector, packet, FLOW_FORWARD, now_ms);
	bool is_forward = flow != NULL;
	if (flow == NULL) {
		flow = find_flow(inspector, packet, FLOW_REVERSE, now_ms);
	}
	if (flow == NULL) {
		flow = begin_flow(inspector, packet, FLOW_FORWARD, now_ms);
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
		return outcome_of(flow);
	}
	if (flow->state == FLOW_START &&
	    classifier_datagram(packet->payload, packet->payload_len) != APPLICATION_DNS) {
		show(inspector, flow, packet, is_forward);
		return use_up_grace(inspector, flow);
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
	return use_up_grace(inspector, flow);
}

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
		on_flow_gone(inspector, flow);
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
		wait_midway(flow);
		flow->next = seq + (uint32_t)packet->payload_len;
		return INSPECTOR_WATCH;
	}

	if (flow->state == FLOW_RELEASED && !flow->is_counted) {
		show(inspector, flow, packet, true);
		request_count_kind(&inspector->reader, flow, FLOW_KIND_OTHER);
	}
	/* The client has no more to send, and all it sent was read. */
	if ((packet->tcp_flags & TCP_FIN) != 0 && flow->state != FLOW_RELEASED &&
	    seq + (uint32_t)packet->payload_len == contiguous_end(inspector, flow)) {
		flow->state = FLOW_RELEASED;
	}
	if (flow->state == FLOW_RELEASED) {
		release(inspector, flow);
		return INSPECTOR_RELEASE;
	}
	/* Octets that are held are news enough until they are given up. */
	if (!was_start || news || flow->stream != NO_STREAM) {
		return INSPECTOR_WATCH;
	}
	/* What was read before is a repetition or a keepalive (RFC 9293 section 3.8.4). */
	if (packet->payload_len > 0 &&
	    (int32_t)(seq + (uint32_t)packet->payload_len - flow->next) > 0) {
		return use_up_grace(inspector, flow);
	}
	if (server_speaks_first(flow, packet)) {
		request_count_kind(&inspector->reader, flow, FLOW_KIND_OTHER);
		release(inspector, flow);
	}
	return outcome_of(flow);
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

/* Forgets a flow that may come to life again. */
static void forget(struct inspector *inspector, struct flow *flow)
{
	on_flow_gone(inspector, flow);
	flow_table_remove(inspector->flows, flow);
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
		forget(inspector, flow);
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
			on_flow_gone(inspector, flow);
		} else {
			inspector->stats.streams_given_up++;
		}
		wait_midway(flow);
	}
	if (flow->state == FLOW_MIDWAY && !begins_midway(flow, packet)) {
		/* On a connection known for HTTP the next request may be long in coming. */
		bool idle = packet->payload_len == 0 && flow->requests > 0;
		if (flow->handshake == HANDSHAKE_SEEN &&
		    packet->seq - flow->next < MIDWAY_AHEAD_MAX) {
			flow->next = packet->seq + (uint32_t)packet->payload_len;
		}
		return idle ? INSPECTOR_WATCH : use_up_grace(inspector, flow);
	}
	return read_client(inspector, flow, packet, inspection);
}

/*
 * Each direction of a connection is a flow of its own, and where one is known for the client's the
 * other is not read. So nothing that a server sends, be it a SYN or a reset, keeps what its client
 * asks from being read: it may serve the very fake, and a client ignores much of what one can send.
 */
static enum inspector_outcome inspect_tcp(struct inspector *inspector, const struct packet *packet,
					  uint32_t now_ms, struct inspection *inspection)
{
	unsigned syn = packet->tcp_flags & (TCP_SYN | TCP_ACK);
	struct flow *flow = find_flow(inspector, packet, FLOW_FORWARD, now_ms);
	if (syn == TCP_SYN) {
		struct flow *crossed = find_flow(inspector, packet, FLOW_REVERSE, now_ms);
		if (crossed != NULL && crossed->is_client) {
			see_server_syn(inspector, crossed, packet);
		}
		if (flow == NULL) {
			flow = begin_flow(inspector, packet, FLOW_FORWARD, now_ms);
		}
		see_syn(inspector, flow, packet->seq);
	} else if (flow == NULL || !flow->is_client) {
		struct flow *client = find_flow(inspector, packet, FLOW_REVERSE, now_ms);
		if (client == NULL && syn == (TCP_SYN | TCP_ACK)) {
			client = begin_flow(inspector, packet, FLOW_REVERSE, now_ms);
		}
		if (client != NULL && !client->is_client && syn == (TCP_SYN | TCP_ACK)) {
			expect_first(client, packet->ack - 1);
		}
		if (client != NULL && client->is_client) {
			if (syn == (TCP_SYN | TCP_ACK)) {
				see_server_syn(inspector, client, packet);
			}
			return outcome_of(client);
		}
		if (flow == NULL) {
			flow = begin_flow(inspector, packet, FLOW_FORWARD, now_ms);
		}
	}
	return inspect_client(inspector, flow, packet, inspection);
}

void inspector_packet(struct inspector *inspector, const struct packet *packet, uint64_t now_us,
		      struct inspection *inspection)
{
	uint32_t now_ms = (uint32_t)(now_us / 1000);
	inspection_clear(inspection);
	inspector->stats.packets++;
	flow_table_expire(inspector->flows, now_ms, EXPIRE_MOST);
	inspection->outcome = packet->protocol == IPPROTO_UDP
				  ? inspect_udp(inspector, packet, now_ms, inspection)
				  : inspect_tcp(inspector, packet, now_ms, inspection);
}

enum inspector_outcome inspector_unparsed(struct inspector *inspector, enum packet_result result)
{
	assert(result != PACKET_OK);
	inspector->stats.packets++;
	switch (result) {
	case PACKET_MALFORMED:
		inspector->stats.malformed++;
		return INSPECTOR_WATCH;
	case PACKET_FRAGMENT:
		inspector->stats.fragments++;
		return INSPECTOR_WATCH;
	default:
		inspector->stats.other_protocol++;
		return INSPECTOR_RELEASE;
	}
}

void inspector_forget(struct inspector *inspector, const struct packet *packet)
{
	for (enum flow_direction direction = FLOW_FORWARD; direction <= FLOW_REVERSE; direction++) {
		struct flow *flow = find_flow(inspector, packet, direction, 0);
		if (flow != NULL) {
			forget(inspector, flow);
		}
	}
}

const char *hidden_text(enum hidden hidden)
{
	static const char *const texts[HIDDEN_COUNT] = {"doh", "dot", "vpn", "nameless"};
	return texts[hidden];
}

const struct inspector_stats *inspector_stats(const struct inspector *inspector)
{
	return &inspector->stats;
}

size_t inspector_memory(const struct inspector_limits *limits)
{
	struct inspector_limits given = complete(limits);
	return sizeof(struct inspector) + flow_table_memory(given.flows) +
	       reassembly_memory(given.streams, given.stream_octets) + quic_pool_memory() +
	       (given.ask_ndpi ? flow_kinds_memory() : 0) + http_host_reader_memory() +
	       http2_reader_memory();
}
