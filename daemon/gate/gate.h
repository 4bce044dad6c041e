/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The verdict path: what becomes of one packet. Source, dpi/, policy/ and the answers meet here and
 * nowhere else. One gate a worker; not thread-safe. Takes no memory once it is made.
 *
 * What is done about a finding:
 *   observe  the packet passes.
 *   warn     DNS passes; HTTP gets the warning page, with a way on when one can be made, unless the
 *            device was granted the way on.
 *   block    DNS is answered NXDOMAIN; HTTP gets the warning page without a way on.
 * Each finding becomes an event. A question or request that cannot be answered passes: the gateway
 * never makes a name unreachable without saying why.
 */
#ifndef DAEMON_GATE_GATE_H
#define DAEMON_GATE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/answer/proceed.h"
#include "daemon/answer/responder.h"
#include "daemon/event/event_log.h"
#include "dpi/inspector.h"
#include "policy/policy.h"

struct gate;

struct gate_config {
	uint32_t worker;                      /* its number, for the event log */
	const struct inspector_limits *flows; /* NULL for the defaults */
	uint32_t answered; /* connections answered at once, as responder_new() takes it */
	struct event_log *events;
	bool dry_run; /* every finding is only observed */
	struct proceed *proceed; /* shared by all gates */
	responder_send_fn *send;
	void *send_ctx;
};

struct gate_time {
	uint64_t monotonic_us; /* CLOCK_MONOTONIC */
	uint64_t real_s;       /* CLOCK_REALTIME */
};

struct gate_verdict {
	bool drop;    /* answered in its place, or belongs to a connection that was */
	bool release; /* nothing more is wanted of this flow */
};

/* Counters since gate_new(). Never a name, never an address. */
struct gate_stats {
	uint64_t observations[VIA_COUNT];
	uint64_t findings[TECHNIQUE_COUNT][CONFIDENCE_COUNT][ACTION_COUNT];
	uint64_t dns_answered;
	uint64_t http_answered;
	uint64_t proceeded;  /* warned before, passed because the way on was granted */
	uint64_t unanswered; /* should have been answered and could not, or the answer
				not be sent: passed */
};

/*
 * \returns NULL when memory is short (errno is set). Until gate_set_policy() was called everything
 * passes. Free with gate_free().
 */
struct gate *gate_new(const struct gate_config *config);
void gate_free(struct gate *gate);

/* From now on judges by this policy; both stay the caller's. */
void gate_set_policy(struct gate *gate, const struct policy *policy, struct judge *judge);

/*
 * Decides on one packet and sends what is sent in its place.
 *
 * \param octets   from the IP header on; need not outlive the call.
 * \param ifindex  interface it came in by, 0 when not known.
 */
struct gate_verdict gate_packet(struct gate *gate, const uint8_t *octets, size_t len,
				uint32_t ifindex, const struct gate_time *now);

/* Whether gate_tick() has something to do: then call it some 4 times a second. */
bool gate_wants_tick(const struct gate *gate);
void gate_tick(struct gate *gate, const struct gate_time *now);

/* Findings of all techniques and confidences that had this action. */
uint64_t gate_findings(const struct gate_stats *stats, enum action action);

const struct gate_stats *gate_stats(const struct gate *gate);
const struct inspector_stats *gate_inspector_stats(const struct gate *gate);
const struct responder_stats *gate_responder_stats(const struct gate *gate);

#endif
