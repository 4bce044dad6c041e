/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The verdict path: what becomes of one packet. Source, dpi/, policy/ and the answers meet here and
 * nowhere else. One gate a worker; not thread-safe. Takes no memory once it is made.
 *
 * What is done about a finding, by whatever way the name was seen:
 *
 *  - observe: it passes.
 *  - warn: of DNS, HTTPS, SVCB and ANY get no data and all other types pass; TLS and QUIC are
 *    refused; HTTP is redirected to the gateway's page.
 *  - block: of DNS there is no such name; the rest as with warn.
 *
 * Once the device was granted the way on (proceed.h), all of it passes. To refuse TLS is to reset
 * both sides at once: browsers say so after a third of a second and fall back to http, where the
 * page is; of the alerts, unrecognized_name has Chromium say that the site "moved permanently",
 * others that the site sent something invalid, and none is nearer the truth than a reset, of which
 * it says to check "the proxy and the firewall". To refuse QUIC is to tell the device that the port
 * is unreachable and to drop the flow's datagrams, so that the browser falls back to TCP.
 *
 * An answer by TCP goes only to who completed a handshake (struct sighting), none to an address
 * that is nobody's (reply_is_allowed()). By UDP nobody can tell who asks, so that answers are never
 * larger than their questions, but for a few addresses of the page in a second. A request in a SYN
 * (Fast Open, RFC 7413) is dropped: the device repeats the SYN without it. What cannot be answered
 * passes: the gateway never makes a name unreachable without saying why. With several requests in
 * one segment all that are findings are counted and noted; the answer is to those that can be
 * answered, and ends the connection: clients ask for the others again (RFC 7766 section 6.2.4).
 * Where the first of several HTTP requests is honest, the connection is reset without an answer,
 * which would be taken for that one's.
 */
#ifndef DAEMON_GATE_GATE_H
#define DAEMON_GATE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/answer/plain_dns.h"
#include "daemon/answer/proceed.h"
#include "daemon/answer/responder.h"
#include "daemon/config/site_address.h"
#include "daemon/event/event_log.h"
#include "dpi/inspector.h"
#include "policy/policy.h"

struct gate;

struct gate_config {
	uint32_t worker;                      /* its number, for the event log */
	const struct inspector_limits *flows; /* NULL for the defaults */
	uint32_t answered; /* connections answered at once, as responder_new() takes it */
	struct event_log *events;
	bool dry_run;                /* every finding is only observed */
	struct proceed *proceed;     /* shared by all gates */
	struct plain_dns *plain_dns; /* likewise */
	struct site_address site;    /* of the gateway's page */
	bool canary;                 /* see own_name_of() */
	responder_send_fn *send;
	void *send_ctx;
};

struct gate_time {
	uint64_t monotonic_us; /* CLOCK_MONOTONIC */
	uint64_t real_s;       /* CLOCK_REALTIME */
};

/* How a packet came in. */
struct gate_arrival {
	uint32_t ifindex; /* 0 when not known */
	bool has_link_address;
	uint8_t link_address[LINK_ADDRESS_SIZE]; /* of whom it came from */
};

struct gate_verdict {
	bool drop;    /* answered in its place, or belongs to a connection that was */
	bool release; /* nothing more is wanted of this flow */
};

/* Counters since gate_new(). Never a name, never an address. */
struct gate_stats {
	uint64_t observations[VIA_COUNT];
	uint64_t findings[TECHNIQUE_COUNT][CONFIDENCE_COUNT][ACTION_COUNT];
	uint64_t dns_answered; /* questions, those for the gateway's own names included */
	uint64_t http_answered;
	uint64_t tls_refused;  /* connections */
	uint64_t quic_refused; /* flows */
	uint64_t proceeded;    /* warned before, passed because the way on was granted */
	uint64_t unanswered;   /* should have been answered and could not, or the answer
				  not be sent: passed */
};

/*
 * \returns NULL when out of memory (errno is set). Until gate_set_policy() was called everything
 * passes. Free with gate_free().
 */
struct gate *gate_new(const struct gate_config *config);
void gate_free(struct gate *gate);

/* From now on judges by this policy; both stay the caller's. */
void gate_set_policy(struct gate *gate, const struct policy *policy, struct judge *judge);

/*
 * Decides on one packet and sends what is sent in its place.
 *
 * \param octets  from the IP header on; need not outlive the call.
 */
struct gate_verdict gate_packet(struct gate *gate, const uint8_t *octets, size_t len,
				const struct gate_arrival *arrival, const struct gate_time *now);

/* Whether gate_tick() has something to do: then call it some 4 times a second. */
bool gate_wants_tick(const struct gate *gate);
void gate_tick(struct gate *gate, const struct gate_time *now);

/* Findings of all techniques and confidences that had this action. */
uint64_t gate_findings(const struct gate_stats *stats, enum action action);

const struct gate_stats *gate_stats(const struct gate *gate);
const struct inspector_stats *gate_inspector_stats(const struct gate *gate);
const struct responder_stats *gate_responder_stats(const struct gate *gate);

#endif
