/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The flows of one worker: fixed memory, the least recently seen goes first. An entry stands for
 * what one of two peers sends to the other. It holds no address and no port: it is found by a keyed
 * hash (SipHash, whose random key lives only in the table), so that peers can neither be read out
 * of it nor choose names that collide. Internal to dpi/.
 */
#ifndef DPI_FLOW_TABLE_H
#define DPI_FLOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/packet.h"

/* The flow that a packet belongs to, or the one that answers it. */
enum flow_direction { FLOW_FORWARD, FLOW_REVERSE };

/* What a flow is known to be, and for a TCP flow where in its client's octets reading stands. */
enum flow_state {
	FLOW_START,         /* nothing read yet; the next octet is the client's first */
	FLOW_MIDWAY,        /* TCP: no telling where a request begins; waiting for one that does */
	FLOW_DNS,           /* at the beginning of a DNS message */
	FLOW_HTTP_HEAD,     /* at the beginning of a request head */
	FLOW_HTTP_TARGET,   /* in a request line that is too long to be kept */
	FLOW_HTTP_FIELDS,   /* at the LF that ends such a line: the fields follow */
	FLOW_HTTP_CHUNK,    /* at a chunk-size line */
	FLOW_HTTP_TRAILERS, /* at a line of the trailer section */
	FLOW_HTTP2,         /* at a frame of HTTP/2, before the first request */
	FLOW_QUIC,          /* UDP: waiting for the rest of a ClientHello */
	FLOW_RELEASED,      /* nothing more can come of it */
};

/* How far the opening of a TCP connection was seen (RFC 9293 section 3.5). */
enum handshake {
	HANDSHAKE_NONE,
	HANDSHAKE_SYN,  /* the client's SYN */
	HANDSHAKE_BOTH, /* and a SYN of the server's */
	HANDSHAKE_SEEN, /* and that the client acknowledged it: it receives what is sent to it */
};

/* Different SYNs of a server that are remembered. One that sends more is not asked which of them
 * its client took. */
#define SERVER_SYNS_MAX 2

struct flow {
	uint64_t tag;
	uint32_t chain; /* next entry of the same bucket */
	uint32_t newer; /* towards the most recently seen */
	uint32_t older;
	uint32_t seen_ms;
	/* Everything below is the inspector's; zero when the flow begins. */
	uint32_t isn;       /* TCP: the client's sequence number before its first octet */
	uint32_t next;      /* TCP: of the client's next octet to be read */
	uint32_t stream;    /* TCP: octets held back, or NO_STREAM */
	uint32_t requests;  /* HTTP heads read so far */
	uint32_t first_ack; /* TCP: first number that the client acknowledged, if has_first_ack */
	uint32_t later_isn; /* TCP: of a SYN that may open the next connection, if has_later_syn */
	uint32_t server_isns[SERVER_SYNS_MAX]; /* TCP: of the server's SYNs, the first of them */
	uint8_t server_syns;                   /* how many differed; at most SERVER_SYNS_MAX + 1 */
	uint8_t state;                         /* enum flow_state */
	uint8_t handshake;                     /* enum handshake */
	uint8_t grace_packets;                 /* packets that may still bring nothing */
	uint16_t place;      /* QUIC: of its ClientHello in the pool, or NO_PLACE */
	uint16_t kind_place; /* UDP: where nDPI follows it, or FLOW_KIND_NO_PLACE */
	bool is_client; /* TCP: the one who sends it opened the connection, or asked something */
	bool has_first_ack;
	bool at_first_octet;  /* TCP: what is read next is the connection's first octet */
	bool is_dns_port : 1; /* what is sent goes to the port of DNS */
	bool is_dot_port : 1; /* likewise of DNS over TLS or QUIC */
	bool is_counted : 1;  /* by its kind */
	bool has_later_syn;
	bool has_unread; /* TCP: the stream was not read to its end, for want of room */
	bool was_reset;  /* TCP: the client sent a reset */
};

struct flow_table;

/* Called for an entry that is about to be forgotten to make room or because it was idle. */
typedef void flow_gone_fn(void *ctx, struct flow *flow);

/*
 * \param capacity  flows, at least 1.
 * \param idle_ms   an entry not seen so long is forgotten.
 * \returns NULL when memory is short. Free with flow_table_free().
 */
struct flow_table *flow_table_new(uint32_t capacity, uint32_t idle_ms, flow_gone_fn *gone,
				  void *ctx);
void flow_table_free(struct flow_table *table);

/* Octets that flow_table_new() takes. */
size_t flow_table_memory(uint32_t capacity);

/* The keyed hash that stands for a flow of the packet's. */
uint64_t flow_table_tag(const struct flow_table *table, const struct packet *packet,
			enum flow_direction direction);

/* Finds a flow and marks it seen at now_ms. \returns NULL when it is not tracked. */
struct flow *flow_table_find(struct flow_table *table, uint64_t tag, uint32_t now_ms);

enum flow_room {
	FLOW_ROOM_FREE,
	FLOW_ROOM_EVICTED, /* the least recently seen had to go */
};

/* Begins a flow that is not tracked yet. */
struct flow *flow_table_begin(struct flow_table *table, uint64_t tag, uint32_t now_ms,
			      enum flow_room *room);

/* Forgets a flow; `gone` is not called. */
void flow_table_remove(struct flow_table *table, struct flow *flow);

/* Forgets flows that are idle at now_ms, at most `most` of them. */
void flow_table_expire(struct flow_table *table, uint32_t now_ms, unsigned most);

/* Number of a flow, below the capacity, and back. */
uint32_t flow_table_number(const struct flow_table *table, const struct flow *flow);
struct flow *flow_table_at(struct flow_table *table, uint32_t number);

#endif
