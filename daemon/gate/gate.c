/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/gate/gate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/answer/dns_answer.h"
#include "daemon/answer/own_name.h"
#include "daemon/answer/redirect.h"
#include "daemon/answer/refused_datagrams.h"
#include "daemon/answer/reply_packet.h"

_Static_assert(DNS_ANSWER_SIZE <= RESPONDER_ANSWER_SIZE && REDIRECT_SIZE <= RESPONDER_ANSWER_SIZE,
	       "one buffer serves all answers");

/* RFC 9460 section 14.1, RFC 8482 */
#define TYPE_SVCB 64
#define TYPE_HTTPS 65
#define TYPE_ANY 255

enum reply_kind {
	REPLY_NONE,
	REPLY_ANSWER, /* octets of gate->answer, in the server's place */
	REPLY_REFUSE, /* of TCP a reset, of UDP "port unreachable" */
	REPLY_DROP,   /* nothing is sent: the device repeats it in another way */
};

/* What is done in place of letting the packet pass. */
struct reply {
	enum reply_kind kind;
	enum via via;
	uint32_t request_end_seq; /* of the last request that is answered */
	size_t count;             /* of answers: of DNS over TCP there may be several */
	size_t len;               /* octets of gate->answer */
};

/* Addresses of the page that a worker sends in a second by UDP as they are, larger than the
 * question by an address record: so that the page opens where a server has no TCP. Later ones of
 * that second come by TCP. */
#define LARGER_ANSWERS_MAX 8

/* The packet that is being decided on. */
struct current_packet {
	const struct packet *packet;
	const struct gate_arrival *arrival;
	struct gate_time now;
	size_t passed; /* names in front of those that are answered, that are honest or granted */
	struct reply reply;
};

struct gate {
	struct gate_config config;
	struct inspector *inspector;
	struct responder *responder;
	struct refused_datagrams *refused;
	const struct policy *policy; /* NULL until gate_set_policy() */
	struct judge *judge;
	struct gate_stats stats;
	struct current_packet current;
	struct inspection inspection;
	uint64_t larger_answers_s; /* the second in which they were sent */
	uint32_t larger_answers;
	char page_ipv4[INET_ADDRSTRLEN]; /* hosts of the page's URLs */
	char page_ipv6[INET6_ADDRSTRLEN + 2];
	uint8_t answer[RESPONDER_ANSWER_SIZE];
};

static void write_pages(struct gate *gate)
{
	char ipv6[INET6_ADDRSTRLEN];

	(void)inet_ntop(AF_INET, gate->config.site.ipv4, gate->page_ipv4, sizeof gate->page_ipv4);
	(void)inet_ntop(AF_INET6, gate->config.site.ipv6, ipv6, sizeof ipv6);
	(void)snprintf(gate->page_ipv6, sizeof gate->page_ipv6, "[%s]", ipv6);
}

struct gate *gate_new(const struct gate_config *config)
{
	struct gate *gate = calloc(1, sizeof *gate);
	if (gate == NULL) {
		return NULL;
	}
	gate->config = *config;
	write_pages(gate);
	gate->inspector = inspector_new(config->flows);
	gate->responder = responder_new(config->answered, config->send, config->send_ctx);
	gate->refused = refused_datagrams_new();
	if (gate->inspector == NULL || gate->responder == NULL || gate->refused == NULL) {
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
	refused_datagrams_free(gate->refused);
	free(gate);
}

void gate_set_policy(struct gate *gate, const struct policy *policy, struct judge *judge)
{
	gate->policy = policy;
	gate->judge = judge;
}

static uint64_t now_s(const struct gate *gate)
{
	return gate->current.now.monotonic_us / 1000000;
}

static uint64_t now_ms(const struct gate *gate)
{
	return gate->current.now.monotonic_us / 1000;
}

static struct device_address device_of(const struct packet *packet)
{
	return (struct device_address){packet->source, packet->ip_version == 4 ? 4 : 16};
}

static bool over_tcp(const struct gate *gate)
{
	return gate->current.packet->protocol == IPPROTO_TCP;
}

/* Whether the answer goes to who asked: of TCP, whoever completed the handshake. Of UDP nobody can
 * tell; those answers are no larger than their questions. */
static bool is_verified(const struct gate *gate, const struct sighting *sighting)
{
	return !over_tcp(gate) || sighting->handshake_seen;
}

static bool send_to_device(struct gate *gate, const uint8_t *packet, size_t len)
{
	return len > 0 && gate->config.send(gate->config.send_ctx, SIDE_DEVICE,
					    gate->current.arrival->ifindex, packet, len);
}

static bool send_datagram(struct gate *gate)
{
	struct endpoints ends;
	uint8_t datagram[REPLY_PACKET_SIZE];
	endpoints_of(gate->current.packet, &ends);
	const size_t len =
	    reply_udp(&ends, gate->answer, gate->current.reply.len, datagram, sizeof datagram);
	return send_to_device(gate, datagram, len);
}

/* A datagram too short to be told so is dropped all the same: another will follow. */
static bool send_unreachable(struct gate *gate)
{
	uint8_t message[REPLY_PACKET_SIZE];
	const size_t len = reply_port_unreachable(gate->current.packet, message, sizeof message);
	return len == 0 || send_to_device(gate, message, len);
}

/* \returns false when it cannot be sent. */
static bool send_reply(struct gate *gate)
{
	const struct current_packet *current = &gate->current;
	if (current->reply.kind == REPLY_ANSWER) {
		return over_tcp(gate)
			   ? responder_answer(gate->responder, current->packet,
					      current->arrival->ifindex,
					      current->reply.request_end_seq, gate->answer,
					      current->reply.len, now_ms(gate))
			   : send_datagram(gate);
	}
	if (over_tcp(gate)) {
		return responder_refuse(gate->responder, current->packet, current->arrival->ifindex,
					now_ms(gate));
	}
	if (!send_unreachable(gate)) {
		return false;
	}
	refused_datagrams_add(gate->refused, current->packet, now_ms(gate));
	return true;
}

static void count_reply(struct gate *gate)
{
	const struct reply *reply = &gate->current.reply;
	switch (reply->via) {
	case VIA_DNS:
		gate->stats.dns_answered += reply->count;
		break;
	case VIA_HTTP:
		gate->stats.http_answered += reply->count;
		break;
	case VIA_TLS:
		gate->stats.tls_refused += reply->count;
		break;
	case VIA_QUIC:
		gate->stats.quic_refused += reply->count;
		break;
	}
}

/* Replies, if there is anything to reply. \returns whether the packet is to be dropped. */
static bool finish(struct gate *gate)
{
	const struct reply *reply = &gate->current.reply;
	if (reply->kind == REPLY_NONE) {
		return false;
	}
	if (reply->kind != REPLY_DROP) {
		if (!send_reply(gate)) {
			gate->stats.unanswered += reply->count;
			return false;
		}
		count_reply(gate);
	}
	inspector_forget(gate->inspector, gate->current.packet);
	return true;
}

/* Where the next answer of the reply is to be written. */
static uint8_t *answer_room(struct gate *gate)
{
	return gate->answer + gate->current.reply.len;
}

/* Adds what was written there to the reply. \param len  octets; 0 when no answer could be made. */
static void add_answer(struct gate *gate, const struct sighting *sighting, size_t len)
{
	struct reply *reply = &gate->current.reply;
	if (len == 0) {
		gate->stats.unanswered++;
		return;
	}
	reply->kind = REPLY_ANSWER;
	reply->via = sighting->observation.via;
	reply->request_end_seq = sighting->request_end_seq;
	reply->count++;
	reply->len += len;
}

static void refuse_data(struct gate *gate, const struct sighting *sighting,
			enum dns_refusal refusal, const struct finding *finding)
{
	add_answer(gate, sighting,
		   dns_answer_refused(
		       sighting->dns_message, sighting->dns_message_len, over_tcp(gate), refusal,
		       finding, policy_contact(gate->policy), answer_room(gate), DNS_ANSWER_SIZE));
}

/* Whether one more answer of this second may be larger than its question. */
static bool take_larger_answer(struct gate *gate)
{
	if (gate->larger_answers_s != now_s(gate)) {
		gate->larger_answers_s = now_s(gate);
		gate->larger_answers = 0;
	}
	if (gate->larger_answers == LARGER_ANSWERS_MAX) {
		return false;
	}
	gate->larger_answers++;
	return true;
}

static void answer_page_address(struct gate *gate, const struct sighting *sighting)
{
	const bool wants_ipv6 =
	    dns_answer_type(sighting->dns_message, sighting->dns_message_len) == 28 /* AAAA */;
	const struct site_address *site = &gate->config.site;
	add_answer(gate, sighting,
		   dns_answer_address(sighting->dns_message, sighting->dns_message_len,
				      over_tcp(gate), over_tcp(gate) || take_larger_answer(gate),
				      wants_ipv6 ? site->ipv6 : site->ipv4,
				      wants_ipv6 ? sizeof site->ipv6 : sizeof site->ipv4,
				      answer_room(gate), DNS_ANSWER_SIZE));
}

static void refuse(struct gate *gate, const struct sighting *sighting)
{
	gate->current.reply = (struct reply){
	    .kind = REPLY_REFUSE,
	    .via = sighting->observation.via,
	    .count = 1,
	};
}

static void redirect(struct gate *gate, const struct sighting *sighting)
{
	/* The device would take it for the answer to the request in front (RFC 9112 section 9.3.2);
	 * after a reset it asks again, no longer for both at once. */
	if (gate->current.passed > 0 || sighting->is_http2) {
		refuse(gate, sighting);
		return;
	}
	const struct observation *seen = &sighting->observation;
	const struct packet *packet = gate->current.packet;
	const char *page = packet->ip_version == 4 ? gate->page_ipv4 : gate->page_ipv6;
	if (plain_dns_asked(gate->config.plain_dns, device_of(packet), seen->host, seen->host_len,
			    now_s(gate))) {
		page = OWN_NAME;
	}
	add_answer(gate, sighting,
		   redirect_write(page, seen->host, seen->host_len, sighting->is_head,
				  (char *)gate->answer, sizeof gate->answer));
}

/* Whether a question may learn anything of the name's way beside its addresses: keys by which the
 * server's name is hidden, or another protocol (RFC 9460). */
static bool asks_beyond_addresses(const struct sighting *sighting)
{
	const uint16_t type = dns_answer_type(sighting->dns_message, sighting->dns_message_len);
	return type == TYPE_HTTPS || type == TYPE_SVCB || type == TYPE_ANY;
}

/* Whether a request can be answered at all, and beside those of the same packet that are. One
 * segment may bring several questions (RFC 7766 section 6.2.1.1). Of HTTP, what follows an answered
 * request is never carried out. */
static bool can_be_answered(struct gate *gate, const struct sighting *sighting)
{
	struct reply *reply = &gate->current.reply;
	if (over_tcp(gate) && (gate->current.packet->tcp_flags & TCP_SYN) != 0) {
		reply->kind = REPLY_DROP;
		return false;
	}
	if (!reply_is_allowed(gate->current.packet) || !is_verified(gate, sighting)) {
		gate->stats.unanswered++;
		return false;
	}
	return reply->kind == REPLY_NONE ||
	       (reply->kind == REPLY_ANSWER && reply->via == VIA_DNS && over_tcp(gate) &&
		sizeof gate->answer - reply->len >= DNS_ANSWER_SIZE);
}

static void act(struct gate *gate, const struct sighting *sighting, const struct finding *finding)
{
	const enum via via = sighting->observation.via;
	if (via == VIA_DNS && finding->action == ACTION_WARN && !asks_beyond_addresses(sighting)) {
		return;
	}
	if (!can_be_answered(gate, sighting)) {
		return;
	}
	switch (via) {
	case VIA_DNS:
		refuse_data(gate, sighting,
			    finding->action == ACTION_BLOCK ? DNS_NO_SUCH_NAME : DNS_NO_DATA,
			    finding);
		break;
	case VIA_HTTP:
		redirect(gate, sighting);
		break;
	case VIA_TLS:
	case VIA_QUIC:
		refuse(gate, sighting);
		break;
	}
}

/* Answers for the gateway's own names. \returns false for a name like any other. */
static bool answer_own_name(struct gate *gate, const struct sighting *sighting)
{
	const struct observation *seen = &sighting->observation;
	const enum own_name own =
	    own_name_of(seen->host, seen->host_len, gate->config.canary && !gate->config.dry_run);
	if (own == OWN_NAME_NONE) {
		return false;
	}
	if (seen->via != VIA_DNS || !can_be_answered(gate, sighting)) {
		return true;
	}
	switch (own) {
	case OWN_NAME_PAGE:
		answer_page_address(gate, sighting);
		break;
	case OWN_NAME_ABSENT:
		refuse_data(gate, sighting, DNS_NO_SUCH_NAME, NULL);
		break;
	default:
		refuse_data(gate, sighting, DNS_NO_DATA, NULL);
		break;
	}
	return true;
}

/* Hop limits that systems begin with: such a packet was forwarded by nobody, so its link-layer
 * address is the device's own. */
static bool is_neighbour(const struct packet *packet)
{
	const uint8_t hops = packet->ip[packet->ip_version == 4 ? 8 : 7];
	return hops == 64 || hops == 128 || hops == 255;
}

static void note_neighbour(struct gate *gate)
{
	const struct gate_arrival *arrival = gate->current.arrival;
	if (arrival->has_link_address && is_neighbour(gate->current.packet)) {
		proceed_note_neighbour(gate->config.proceed, device_of(gate->current.packet),
				       arrival->link_address, now_s(gate));
	}
}

/* A SYN to the gateway's page: its reader may go on by another of his device's addresses. */
static void note_page_reader(struct gate *gate)
{
	const struct packet *packet = gate->current.packet;
	const struct site_address *site = &gate->config.site;
	if (over_tcp(gate) && (packet->tcp_flags & TCP_SYN) != 0 &&
	    (packet->ip_version == 4 ? memcmp(packet->dest, site->ipv4, sizeof site->ipv4) == 0
				     : memcmp(packet->dest, site->ipv6, sizeof site->ipv6) == 0)) {
		note_neighbour(gate);
	}
}

/* What becomes of one host name that the packet asks for. */
static void see(struct gate *gate, const struct sighting *sighting)
{
	const struct observation *seen = &sighting->observation;
	const struct device_address device = device_of(gate->current.packet);
	struct finding finding;
	gate->stats.observations[seen->via]++;
	if (gate->judge == NULL || answer_own_name(gate, sighting)) {
		return;
	}
	if (judge_name(gate->judge, seen->host, seen->host_len, &finding) != JUDGE_FOUND) {
		gate->current.passed++;
		return;
	}
	if (gate->config.dry_run) {
		finding.action = ACTION_OBSERVE;
	}
	gate->stats.findings[finding.technique][finding.confidence][finding.action]++;
	if (finding.action != ACTION_OBSERVE) {
		note_neighbour(gate);
		if (seen->via == VIA_DNS) {
			plain_dns_note(gate->config.plain_dns, device, seen->host, seen->host_len,
				       now_s(gate));
		}
		if (proceed_granted(gate->config.proceed, device, seen->host, seen->host_len,
				    now_s(gate))) {
			gate->stats.proceeded++;
			gate->current.passed++;
			return;
		}
	}
	/* Anybody can send a datagram in another's name, and a browser that is refused QUIC comes
	 * by TCP. A sighting that finds the worker's queue full is counted there. */
	if (seen->via != VIA_QUIC || finding.action == ACTION_OBSERVE) {
		(void)event_log_add(gate->config.events, gate->config.worker, seen,
				    gate->current.packet, &finding, is_verified(gate, sighting),
				    gate->current.now.real_s);
	}
	if (finding.action != ACTION_OBSERVE) {
		act(gate, sighting, &finding);
	}
}

/* Whether the packet belongs to a connection that was answered, or a flow that was refused. */
static bool taken_over(struct gate *gate)
{
	if (over_tcp(gate)) {
		return responder_packet(gate->responder, gate->current.packet, now_ms(gate));
	}
	if (!refused_datagrams_has(gate->refused, gate->current.packet, now_ms(gate))) {
		return false;
	}
	(void)send_unreachable(gate);
	return true;
}

/* Sees every name of the packet. \returns whether later packets of its flow are wanted. */
static enum inspector_outcome inspect(struct gate *gate)
{
	struct inspection *inspection = &gate->inspection;
	do {
		inspector_packet(gate->inspector, gate->current.packet,
				 gate->current.now.monotonic_us, inspection);
		for (size_t i = 0; i < inspection->count; i++) {
			see(gate, &inspection->sightings[i]);
		}
	} while (inspection->more);
	inspection_clear(inspection);
	return inspection->outcome;
}

struct gate_verdict gate_packet(struct gate *gate, const uint8_t *octets, size_t len,
				const struct gate_arrival *arrival, const struct gate_time *now)
{
	struct packet packet;
	const enum packet_result result = packet_parse(octets, len, &packet);
	if (result != PACKET_OK) {
		return (struct gate_verdict){
		    .release = inspector_unparsed(gate->inspector, result) == INSPECTOR_RELEASE};
	}
	gate->current = (struct current_packet){.packet = &packet, .arrival = arrival, .now = *now};
	if (taken_over(gate)) {
		return (struct gate_verdict){.drop = true};
	}
	note_page_reader(gate);
	const enum inspector_outcome outcome = inspect(gate);
	const bool drop = finish(gate);
	gate->current = (struct current_packet){0};
	return (struct gate_verdict){.drop = drop,
				     .release = !drop && outcome == INSPECTOR_RELEASE};
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
