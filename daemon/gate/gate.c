/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/gate/gate.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/answer/dns_answer.h"
#include "daemon/answer/reply_packet.h"
#include "daemon/answer/warning_page.h"

_Static_assert(WARNING_PAGE_SIZE <= TAKEOVER_ANSWER_SIZE, "a page has to fit a takeover");
_Static_assert(DNS_ANSWER_SIZE <= WARNING_PAGE_SIZE, "one buffer serves both");

/* What a packet is answered with in the server's place. */
struct reply {
	struct packet packet;     /* that asks */
	uint32_t request_end_seq; /* of the last request that is answered */
	enum via via;
	size_t count; /* of answers: of DNS over TCP there may be several */
	size_t len;   /* octets of gate->answer */
};

/* The packet that is being decided on. */
struct turn {
	struct gate_time now;
	uint32_t ifindex;
	struct reply reply;
};

struct gate {
	struct gate_config config;
	struct inspector *inspector;
	struct responder *responder;
	const struct policy *policy; /* NULL until gate_set_policy() */
	struct judge *judge;
	struct gate_stats stats;
	struct turn turn;
	uint8_t answer[WARNING_PAGE_SIZE];
};

struct gate *gate_new(const struct gate_config *config)
{
	struct gate *gate = calloc(1, sizeof *gate);
	if (gate == NULL) {
		return NULL;
	}
	gate->config = *config;
	gate->inspector = inspector_new(config->flows);
	gate->responder = responder_new(config->answered, config->send, config->send_ctx);
	if (gate->inspector == NULL || gate->responder == NULL) {
		gate_free(gate);
		return NULL;
	}
	return gate;
}

void gate_free(struct gate *gate)
{
	if (gate == NULL) {
		return;
	}
	inspector_free(gate->inspector);
	responder_free(gate->responder);
	free(gate);
}

void gate_set_policy(struct gate *gate, const struct policy *policy, struct judge *judge)
{
	gate->policy = policy;
	gate->judge = judge;
}

static uint64_t now_s(const struct gate *gate)
{
	return gate->turn.now.monotonic_us / 1000000;
}

static uint64_t now_ms(const struct gate *gate)
{
	return gate->turn.now.monotonic_us / 1000;
}

/* \returns false when it cannot be sent. */
static bool send_reply(struct gate *gate)
{
	const struct reply *reply = &gate->turn.reply;
	if (reply->packet.protocol == IPPROTO_TCP) {
		return responder_answer(gate->responder, &reply->packet, gate->turn.ifindex,
					reply->request_end_seq, gate->answer, reply->len,
					now_ms(gate));
	}
	struct endpoints ends;
	uint8_t datagram[REPLY_PACKET_SIZE];
	endpoints_of(&reply->packet, &ends);
	const size_t len = reply_udp(&ends, gate->answer, reply->len, datagram, sizeof datagram);
	return len > 0 && gate->config.send(gate->config.send_ctx, SIDE_DEVICE, gate->turn.ifindex,
					    datagram, len);
}

/* Replies, if there is anything to reply. \returns whether that was done. */
static bool finish(struct gate *gate)
{
	const struct reply *reply = &gate->turn.reply;
	if (reply->count == 0) {
		return false;
	}
	if (!send_reply(gate)) {
		gate->stats.unanswered += reply->count;
		return false;
	}
	if (reply->via == VIA_DNS) {
		gate->stats.dns_answered += reply->count;
	} else {
		gate->stats.http_answered += reply->count;
	}
	inspector_forget(gate->inspector, &reply->packet);
	return true;
}

/* Where the next answer of the reply is to be written. */
static uint8_t *answer_room(struct gate *gate)
{
	return gate->answer + gate->turn.reply.len;
}

/* Adds what was written there to the reply. \param len  octets; 0 when no answer could be made. */
static void add_answer(struct gate *gate, const struct sighting *sighting, size_t len)
{
	struct reply *reply = &gate->turn.reply;
	if (len == 0) {
		gate->stats.unanswered++;
		return;
	}
	reply->packet = *sighting->packet;
	reply->request_end_seq = sighting->request_end_seq;
	reply->via = sighting->observation.via;
	reply->count++;
	reply->len += len;
}

static bool over_tcp(const struct sighting *sighting)
{
	return sighting->packet->protocol == IPPROTO_TCP;
}

/* Whether a request can be answered beside those of the same packet that are. One segment may bring
 * several questions (RFC 7766 section 6.2.1.1). Of HTTP, what follows an answered request is never
 * carried out: the connection ends with the answer. */
static bool can_be_added(const struct gate *gate, const struct sighting *sighting)
{
	const struct reply *reply = &gate->turn.reply;
	return reply->count == 0 || (reply->via == VIA_DNS && over_tcp(sighting) &&
				     sizeof gate->answer - reply->len >= DNS_ANSWER_SIZE);
}

static void answer_proceed(struct gate *gate, const struct sighting *sighting,
			   const struct proceed_request *request)
{
	if (sighting->observation.via == VIA_DNS) {
		add_answer(gate, sighting,
			   dns_answer_address(sighting->dns_message, sighting->dns_message_len,
					      over_tcp(sighting), request->address,
					      request->address_len, answer_room(gate),
					      DNS_ANSWER_SIZE));
		return;
	}
	/* Too old a wish is not granted, and leads to a new warning. */
	(void)proceed_grant(gate->config.proceed, sighting->packet, request, now_s(gate));
	add_answer(gate, sighting,
		   warning_page_redirect(request->fake, sighting->packet->dest_port,
					 (char *)gate->answer, sizeof gate->answer));
}

static void refuse_proceed(struct gate *gate, const struct sighting *sighting)
{
	if (sighting->observation.via == VIA_DNS) {
		add_answer(gate, sighting,
			   dns_answer_nxdomain(sighting->dns_message, sighting->dns_message_len,
					       over_tcp(sighting), answer_room(gate),
					       DNS_ANSWER_SIZE));
	}
}

static void answer_blocked(struct gate *gate, const struct sighting *sighting,
			   const struct finding *finding)
{
	add_answer(gate, sighting,
		   dns_answer_blocked(sighting->dns_message, sighting->dns_message_len,
				      over_tcp(sighting), finding, policy_contact(gate->policy),
				      answer_room(gate), DNS_ANSWER_SIZE));
}

static void answer_page(struct gate *gate, const struct sighting *sighting,
			const struct finding *finding)
{
	const struct observation *seen = &sighting->observation;
	char url[PROCEED_URL_SIZE];
	const bool has_proceed = finding->action == ACTION_WARN &&
				 proceed_url(gate->config.proceed, sighting->packet, seen->host,
					     seen->host_len, now_s(gate), url);
	const struct warning warning = {
	    .finding = finding,
	    .host = seen->host,
	    .host_len = seen->host_len,
	    .contact = policy_contact(gate->policy),
	    .proceed_url = has_proceed ? url : NULL,
	    .head_only = sighting->is_head,
	};
	add_answer(gate, sighting,
		   warning_page(&warning, (char *)gate->answer, sizeof gate->answer));
}

static void act(struct gate *gate, const struct sighting *sighting, const struct finding *finding)
{
	const struct observation *seen = &sighting->observation;
	if (finding->action == ACTION_OBSERVE ||
	    (finding->action == ACTION_WARN && seen->via == VIA_DNS)) {
		return;
	}
	if (finding->action == ACTION_WARN &&
	    proceed_granted(gate->config.proceed, sighting->packet, seen->host, seen->host_len,
			    now_s(gate))) {
		gate->stats.proceeded++;
		return;
	}
	if (seen->via == VIA_DNS) {
		answer_blocked(gate, sighting, finding);
	} else {
		answer_page(gate, sighting, finding);
	}
}

static void observe(void *ctx, const struct sighting *sighting)
{
	struct gate *gate = ctx;
	const struct observation *seen = &sighting->observation;
	gate->stats.observations[seen->via]++;
	if (gate->judge == NULL || !can_be_added(gate, sighting)) {
		return;
	}
	struct proceed_request request;
	switch (proceed_read(gate->config.proceed, seen->host, seen->host_len, &request)) {
	case PROCEED_FOUND:
		answer_proceed(gate, sighting, &request);
		return;
	case PROCEED_INVALID:
		refuse_proceed(gate, sighting);
		return;
	case PROCEED_NONE:
		break;
	}
	struct finding finding;
	if (judge_name(gate->judge, seen->host, seen->host_len, &finding) != JUDGE_FOUND) {
		return;
	}
	if (gate->config.dry_run) {
		finding.action = ACTION_OBSERVE;
	}
	gate->stats.findings[finding.technique][finding.confidence][finding.action]++;
	/* A sighting that finds the worker's queue full is counted there. */
	(void)event_log_add(gate->config.events, gate->config.worker, seen, sighting->packet,
			    &finding, true, gate->turn.now.real_s);
	act(gate, sighting, &finding);
}

/* Whether the packet belongs to a connection that was answered here. */
static bool taken_over(struct gate *gate, const uint8_t *octets, size_t len)
{
	struct packet packet;
	return responder_count(gate->responder) > 0 &&
	       packet_parse(octets, len, &packet) == PACKET_OK && packet.protocol == IPPROTO_TCP &&
	       responder_packet(gate->responder, &packet, now_ms(gate));
}

struct gate_verdict gate_packet(struct gate *gate, const uint8_t *octets, size_t len,
				uint32_t ifindex, const struct gate_time *now)
{
	struct turn *turn = &gate->turn;
	turn->now = *now;
	turn->ifindex = ifindex;
	turn->reply.count = 0;
	turn->reply.len = 0;
	if (taken_over(gate, octets, len)) {
		return (struct gate_verdict){.drop = true};
	}
	const enum inspector_outcome outcome =
	    inspector_packet(gate->inspector, octets, len, now->monotonic_us, observe, gate);
	if (finish(gate)) {
		return (struct gate_verdict){.drop = true};
	}
	return (struct gate_verdict){.release = outcome == INSPECTOR_RELEASE};
}

bool gate_wants_tick(const struct gate *gate)
{
	return responder_count(gate->responder) > 0;
}

void gate_tick(struct gate *gate, const struct gate_time *now)
{
	responder_tick(gate->responder, now->monotonic_us / 1000);
}

uint64_t gate_findings(const struct gate_stats *stats, enum action action)
{
	uint64_t total = 0;
	for (size_t i = 0; i < TECHNIQUE_COUNT; i++) {
		for (size_t j = 0; j < CONFIDENCE_COUNT; j++) {
			total += stats->findings[i][j][action];
		}
	}
	return total;
}

const struct gate_stats *gate_stats(const struct gate *gate)
{
	return &gate->stats;
}

const struct inspector_stats *gate_inspector_stats(const struct gate *gate)
{
	return inspector_stats(gate->inspector);
}

const struct responder_stats *gate_responder_stats(const struct gate *gate)
{
	return responder_stats(gate->responder);
}
