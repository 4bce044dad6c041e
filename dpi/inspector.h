/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets in, host names out: the one door into dpi/. An inspector holds the flows of one worker;
 * it is not thread-safe, and two inspectors share nothing.
 */
#ifndef DPI_INSPECTOR_H
#define DPI_INSPECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/inspection.h"
#include "dpi/packet.h"
#include "include/attribute.h"

struct inspector;

/* Bounds; 0 in a field means the default. Memory is taken once, in inspector_new(). */
struct inspector_limits {
	uint32_t
	    flows; /* tracked at once; default 65536. When full, the least recently seen goes. */
	uint32_t streams; /* flows that hold out-of-order or unfinished octets at once; default
			     4096. When full, the one waiting longest is given up. */
	uint32_t stream_octets; /* held a stream; default 17408. Of an HTTP head longer than that
				  the fields are read that stand whole in so many octets; then it is
				  counted and the flow released. */
	uint32_t idle_ms;       /* a flow that is silent so long is forgotten; default 120000 */
	bool ask_ndpi;          /* to count DoH and VPNs (flows_hidden), which are flows_by_via and
				   flows_other else. Takes another 8 MiB of address space, of
				   which some 4.5 MiB are used */
};

/* What hides the names that are asked for. */
enum hidden {
	HIDDEN_DOH,      /* DNS over HTTPS with a resolver that nDPI knows; its own name is read */
	HIDDEN_DOT,      /* DNS over TLS or QUIC, by its port or by ALPN; likewise */
	HIDDEN_VPN,      /* WireGuard, OpenVPN, IPsec, PPTP, Cisco's, as nDPI says */
	HIDDEN_NAMELESS, /* a ClientHello without a server name */
};
#define HIDDEN_COUNT 4

/* "doh", "dot", "vpn" or "nameless". */
const char *hidden_text(enum hidden hidden);

/* Counters since inspector_new(). Never a name, never an address. */
struct inspector_stats {
	uint64_t packets;          /* shown to the inspector */
	uint64_t malformed;        /* IP, TCP or UDP headers that contradict themselves */
	uint64_t fragments;        /* passed unread */
	uint64_t other_protocol;   /* neither TCP nor UDP */
	uint64_t flows;            /* flows begun */
	uint64_t flows_evicted;    /* forgotten because the table was full */
	uint64_t flows_released;   /* found to ask for no name, or over */
	uint64_t streams_given_up; /* holes never filled, buffers full, or stream_octets exceeded;
				      ClientHellos of QUIC that did not come whole in time */
	uint64_t dns_messages;     /* questions read */
	uint64_t dns_malformed;    /* looked like DNS, did not parse */
	uint64_t http_requests;    /* whole heads read */
	uint64_t http_malformed;   /* looked like HTTP, no usable head or host */
	uint64_t http_opaque;      /* places where it cannot be told how a connection goes on:
				      the next request is waited for */
	uint64_t tls_hellos;       /* whole ClientHellos read */
	uint64_t tls_nameless;     /* of them, without a server name */
	uint64_t quic_hellos;      /* the same of QUIC */
	uint64_t quic_nameless;
	uint64_t observations; /* handed over */
	/* Flows by what they are, each counted once; those that end before it is known are not.
	 * Nothing else depends on these. */
	uint64_t flows_by_via[VIA_COUNT]; /* that ask for names in a way that is read */
	uint64_t flows_hidden[HIDDEN_COUNT];
	uint64_t flows_other; /* released as none of these */
};

/*
 * Makes an inspector, with all the memory it will hold.
 *
 * \param limits  NULL for the defaults.
 * \returns NULL when out of memory or when a library did not start (errno is set). The caller
 * frees it with inspector_free().
 */
_mustcheck_ struct inspector *inspector_new(const struct inspector_limits *limits);
void inspector_free(struct inspector *inspector);

/*
 * Looks at one packet. Does not fail: what cannot be read is counted. When it holds more names than
 * there is room for, `more` is set: show the same packet again, and the rest comes. What is shown
 * twice is read once, as of any packet that is repeated.
 *
 * \param packet      as packet_parse() took it apart.
 * \param now_us      time in microseconds, not running backwards by more than the odd packet; of
 *                    the capture on replay, CLOCK_MONOTONIC when live. Only idle_ms depends on it.
 * \param inspection  the caller's; emptied, then filled.
 */
void inspector_packet(struct inspector *inspector, const struct packet *packet, uint64_t now_us,
		      struct inspection *inspection);

/* Counts a packet that packet_parse() refused. \returns what becomes of its flow. */
enum inspector_outcome inspector_unparsed(struct inspector *inspector, enum packet_result result);

/*
 * Forgets the flow that the packet belongs to, both directions (the daemon answered in its place).
 * Without effect when it is not tracked.
 */
void inspector_forget(struct inspector *inspector, const struct packet *packet);

const struct inspector_stats *inspector_stats(const struct inspector *inspector);

/* Octets of memory that inspector_new() took for these limits; what libhtp's configuration
 * takes is not in it. */
size_t inspector_memory(const struct inspector_limits *limits);

#endif
