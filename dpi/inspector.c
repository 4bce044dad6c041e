/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/inspector.h"

#include <assert.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdlib.h>

#include "dpi/inspector_flow.h"
#include "dpi/tcp_flow.h"
#include "dpi/tls_hello.h"
#include "dpi/udp_flow.h"

#define DEFAULT_FLOWS 65536
#define DEFAULT_STREAMS 4096
/* A ClientHello of the longest that is read (TLS_HELLO_STREAM_MAX). */
#define DEFAULT_STREAM_OCTETS 17408
#define DEFAULT_IDLE_MS 120000

_Static_assert(DEFAULT_STREAM_OCTETS >= TLS_HELLO_STREAM_MAX, "a stream holds any ClientHello");

/* Idle flows forgotten a packet, so that no packet pays for many. */
#define EXPIRE_MOST 2

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

static void on_flow_gone(void *ctx, struct flow *flow)
{
	flow_give_up(ctx, flow);
}

static void on_stream_given_up(void *ctx, uint32_t owner)
{
	struct inspector *inspector = ctx;
	inspector->stats.streams_given_up++;
	flow_wait_midway(flow_table_at(inspector->flows, owner));
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

void inspector_packet(struct inspector *inspector, const struct packet *packet, uint64_t now_us,
		      struct inspection *inspection)
{
	uint32_t now_ms = (uint32_t)(now_us / 1000);
	inspection_clear(inspection);
	inspector->stats.packets++;
	flow_table_expire(inspector->flows, now_ms, EXPIRE_MOST);
	inspection->outcome = packet->protocol == IPPROTO_UDP
				  ? udp_flow_packet(inspector, packet, now_ms, inspection)
				  : tcp_flow_packet(inspector, packet, now_ms, inspection);
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
		struct flow *flow = flow_find(inspector, packet, direction, 0);
		if (flow != NULL) {
			flow_forget(inspector, flow);
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
