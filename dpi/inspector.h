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

#include "dpi/observation.h"
#include "dpi/packet.h"

struct inspector;

/*
 * An observation together with what an answer to the one who asked has to be built from. All
 * pointers are valid during the callback only. Nothing here but `observation` may reach an output.
 */
struct sighting {
	struct observation observation;
	const struct packet *packet; /* the packet that completed the name */
	/* VIA_DNS: the whole DNS message, without the two length octets of DNS over TCP. Else NULL,
	 * 0. */
	const uint8_t *dns_message;
	size_t dns_message_len;
	/* TCP: sequence number of the octet after the DNS message or HTTP head that asked; of a
	 * head longer than stream_octets, after the part that was read. */
	uint32_t request_end_seq;
	/* HTTP: the response has no body (RFC 9110 section 9.3.2). */
	bool is_head;
	/* TCP: the client's SYN, the server's SYN and the client's acknowledgement of it were seen,
	 * with numbers that match. So whoever asks receives what is sent to its address. False for
	 * a connection that was already open when the inspector first saw it. */
	bool handshake_seen;
};

/* Called for each host name, in the order they stand in the stream. */
typedef void inspector_observe_fn(void *ctx, const struct sighting *sighting);

/* What is known of the packet's flow once the packet was looked at. */
enum inspector_outcome {
	INSPECTOR_WATCH,   /* later packets of the flow are wanted */
	INSPECTOR_RELEASE, /* the flow is neither DNS nor HTTP, or nothing more can come of it:
			      later packets of the same flow need not be shown any more */
};

/* Bounds; 0 in a field means the default. Memory is taken once, in inspector_new(). */
struct inspector_limits {
	uint32_t
	    flows; /* tracked at once; default 65536. When full, the least recently seen goes. */
	uint32_t streams; /* flows that hold out-of-order or unfinished octets at once; default
			     4096. When full, the one waiting longest is given up. */
	uint32_t stream_octets; /* held a stream; default 16384. Of an HTTP head longer than that
				  the fields are read that stand whole in so many octets; then it is
				  counted and the flow released. */
	uint32_t idle_ms;       /* a flow that is silent so long is forgotten; default 120000 */
};

/* Counters since inspector_new(). Never a name, never an address. */
struct inspector_stats {
	uint64_t packets;          /* shown to the inspector */
	uint64_t malformed;        /* IP, TCP or UDP headers that contradict themselves */
	uint64_t fragments;        /* passed unread */
	uint64_t other_protocol;   /* neither TCP nor UDP */
	uint64_t flows;            /* flows begun */
	uint64_t flows_evicted;    /* forgotten because the table was full */
	uint64_t flows_released;   /* found to be neither DNS nor HTTP, or over */
	uint64_t streams_given_up; /* holes never filled, buffers full, or stream_octets exceeded */
	uint64_t dns_messages;     /* questions read */
	uint64_t dns_malformed;    /* looked like DNS, did not parse */
	uint64_t http_requests;    /* whole heads read */
	uint64_t http_malformed;   /* looked like HTTP, no usable head or host */
	uint64_t observations;     /* handed over */
};

/*
 * Makes an inspector, with all the memory it will hold.
 *
 * \param limits  NULL for the defaults.
 * \returns NULL when memory is short or a library did not start (errno is set). The caller frees it
 * with inspector_free().
 */
struct inspector *inspector_new(const struct inspector_limits *limits);
void inspector_free(struct inspector *inspector);

/*
 * Looks at one packet. Does not fail: what cannot be read is counted.
 *
 * \param octets    from the IP header on, len of them; need not outlive the call.
 * \param now_us    time in microseconds, not running backwards by more than the odd packet; of the
 *                  capture on replay, CLOCK_MONOTONIC when live. It drives idle_ms alone.
 * \param observe   called before this returns, once a host name found; must not call the inspector.
 */
enum inspector_outcome inspector_packet(struct inspector *inspector, const uint8_t *octets,
					size_t len, uint64_t now_us, inspector_observe_fn *observe,
					void *ctx);

/*
 * Forgets the flow that the packet belongs to, both directions (the daemon answered in its place).
 * Without effect when it is not tracked.
 */
void inspector_forget(struct inspector *inspector, const struct packet *packet);

const struct inspector_stats *inspector_stats(const struct inspector *inspector);

/* Octets of memory that inspector_new() took for these limits; what the nDPI module and libhtp's
 * configuration take is not in it. */
size_t inspector_memory(const struct inspector_limits *limits);

#endif
