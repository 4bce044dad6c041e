#include "daemon/live/gate.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/answer/dns_answer.h"
#include "daemon/answer/reply_packet.h"
#include "daemon/answer/warning_page.h"

_Static_assert(WARNING_PAGE_SIZE <= TAKEOVER_ANSWER_SIZE, "a page has to fit a takeover");
_Static_assert(DNS_ANSWER_SIZE <= WARNING_PAGE_SIZE, "one buffer serves both");

/* The packet that is being decided on. */
struct turn {
	struct gate_time now;
	uint32_t ifindex;
	bool answered;
	struct packet packet; /* the one that was answered */
};

struct gate {
	struct gate_config config;
	struct inspector *inspector;
	struct takeover *takeover;
	const struct policy *policy; /* NULL until gate_rule() */
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
	gate->takeover = takeover_new(config->answered, config->send, config->send_ctx);
	if (gate->inspector == NULL || gate->takeover == NULL) {
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
	takeover_free(gate->takeover);
	free(gate);
}

void gate_rule(struct gate *gate, const struct policy *policy, struct judge *judge)
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

/* Sends answer_len octets of gate->answer in the place of the server. \returns false when none can
 * be made or it cannot be sent. */
static bool answer(struct gate *gate, const struct sighting *sighting, size_t answer_len)
{
	const struct packet *packet = sighting->packet;
	if (answer_len == 0) {
		return false;
	}
	if (packet->protocol == IPPROTO_TCP) {
		return takeover_answer(gate->takeover, packet, gate->turn.ifindex,
				       sighting->request_end_seq, gate->answer, answer_len,
				       now_ms(gate));
	}
	struct endpoints ends;
	uint8_t datagram[REPLY_PACKET_SIZE];
	endpoints_of(packet, &ends);
	const size_t len = reply_udp(&ends, gate->answer, answer_len, datagram, sizeof datagram);
	return len > 0 && gate->config.send(gate->config.send_ctx, SIDE_DEVICE, gate->turn.ifindex,
					    datagram, len);
}

/* Answers and notes whether that was possible. */
static void finish(struct gate *gate, const struct sighting *sighting, size_t answer_len)
{
	if (!answer(gate, sighting, answer_len)) {
		gate->stats.unanswered++;
		return;
	}
	gate->turn.answered = true;
	gate->turn.packet = *sighting->packet;
	if (sighting->observation.via == VIA_DNS) {
		gate->stats.dns_answered++;
	} else {
		gate->stats.http_answered++;
	}
}

static bool over_tcp(const struct sighting *sighting)
{
	return sighting->packet->protocol == IPPROTO_TCP;
}

static void answer_way_on(struct gate *gate, const struct sighting *sighting,
			  const struct way_on_request *request)
{
	if (sighting->observation.via == VIA_DNS) {
		finish(gate, sighting,
		       dns_answer_address(sighting->dns_message, sighting->dns_message_len,
					  over_tcp(sighting), request->address,
					  request->address_len, gate->answer, DNS_ANSWER_SIZE));
		return;
	}
	/* Too old a wish is not granted, and leads to a new warning. */
	(void)way_on_grant(gate->config.way_on, sighting->packet, request, now_s(gate));
	finish(gate, sighting,
	       warning_page_redirect(request->fake, sighting->packet->dest_port,
				     (char *)gate->answer, sizeof gate->answer));
}

static void refuse_way_on(struct gate *gate, const struct sighting *sighting)
{
	if (sighting->observation.via == VIA_DNS) {
		finish(gate, sighting,
		       dns_answer_nxdomain(sighting->dns_message, sighting->dns_message_len,
					   over_tcp(sighting), gate->answer, DNS_ANSWER_SIZE));
	}
}

static void answer_blocked(struct gate *gate, const struct sighting *sighting,
			   const struct finding *finding)
{
	finish(gate, sighting,
	       dns_answer_blocked(sighting->dns_message, sighting->dns_message_len,
				  over_tcp(sighting), finding, policy_contact(gate->policy),
				  gate->answer, DNS_ANSWER_SIZE));
}

static void answer_page(struct gate *gate, const struct sighting *sighting,
			const struct finding *finding)
{
	const struct observation *seen = &sighting->observation;
	char url[WAY_ON_URL_SIZE];
	const bool has_way_on = finding->action == ACTION_WARN &&
				way_on_url(gate->config.way_on, sighting->packet, seen->host,
					   seen->host_len, now_s(gate), url);
	const struct warning warning = {
	    .finding = finding,
	    .host = seen->host,
	    .host_len = seen->host_len,
	    .contact = policy_contact(gate->policy),
	    .way_on_url = has_way_on ? url : NULL,
	    .head_only = sighting->is_head,
	};
	finish(gate, sighting, warning_page(&warning, (char *)gate->answer, sizeof gate->answer));
}

static void act(struct gate *gate, const struct sighting *sighting, const struct finding *finding)
{
	const struct observation *seen = &sighting->observation;
	if (finding->action == ACTION_OBSERVE ||
	    (finding->action == ACTION_WARN && seen->via == VIA_DNS)) {
		return;
	}
	if (finding->action == ACTION_WARN &&
	    way_on_granted(gate->config.way_on, sighting->packet, seen->host, seen->host_len,
			   now_s(gate))) {
		gate->stats.went_on++;
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
	/* What follows an answered request in the same packet is never carried out: the connection
	 * ends with the answer. */
	if (gate->judge == NULL || gate->turn.answered) {
		return;
	}
	struct way_on_request request;
	switch (way_on_read(gate->config.way_on, seen->host, seen->host_len, &request)) {
	case WAY_ON_FOUND:
		answer_way_on(gate, sighting, &request);
		return;
	case WAY_ON_INVALID:
		refuse_way_on(gate, sighting);
		return;
	case WAY_ON_NONE:
		break;
	}
	struct finding finding;
	if (judge_name(gate->judge, seen->host, seen->host_len, &finding) != JUDGE_FOUND) {
		return;
	}
	gate->stats.findings[finding.technique][finding.confidence][finding.action]++;
	/* A sighting that finds the worker's queue full is counted there. */
	(void)event_log_add(gate->config.events, gate->config.worker, seen, sighting->packet,
			    &finding, gate->turn.now.real_s);
	act(gate, sighting, &finding);
}

/* Whether the packet belongs to a connection that was answered here. */
static bool taken_over(struct gate *gate, const uint8_t *octets, size_t len)
{
	struct packet packet;
	return takeover_count(gate->takeover) > 0 &&
	       packet_parse(octets, len, &packet) == PACKET_OK && packet.protocol == IPPROTO_TCP &&
	       takeover_packet(gate->takeover, &packet, now_ms(gate));
}

struct gate_verdict gate_packet(struct gate *gate, const uint8_t *octets, size_t len,
				uint32_t ifindex, const struct gate_time *now)
{
	struct turn *turn = &gate->turn;
	turn->now = *now;
	turn->ifindex = ifindex;
	turn->answered = false;
	if (taken_over(gate, octets, len)) {
		return (struct gate_verdict){.drop = true};
	}
	const enum inspector_outcome outcome =
	    inspector_packet(gate->inspector, octets, len, now->monotonic_us, observe, gate);
	if (turn->answered) {
		inspector_forget(gate->inspector, &turn->packet);
		return (struct gate_verdict){.drop = true};
	}
	return (struct gate_verdict){.release = outcome == INSPECTOR_RELEASE};
}

bool gate_wants_tick(const struct gate *gate)
{
	return takeover_count(gate->takeover) > 0;
}

void gate_tick(struct gate *gate, const struct gate_time *now)
{
	takeover_tick(gate->takeover, now->monotonic_us / 1000);
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

const struct takeover_stats *gate_takeover_stats(const struct gate *gate)
{
	return takeover_stats(gate->takeover);
}
