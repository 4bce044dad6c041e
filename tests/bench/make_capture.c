/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a capture like an office's gateway sees it, the same for the same arguments.
 *
 * 400 flows are open at once; each packet is the next one of a flow chosen at random, and a flow
 * that is over makes place for a new one. Of 100 new flows 60 are DNS over UDP, 1 DNS over TCP, 8
 * HTTP, 24 TLS, 6 QUIC and 1 media over UDP; TLS flows are mostly short, a few are long.
 */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/frames.h"
#include "tests/bench/invented.h"
#include "tests/bench/messages.h"

#define OPEN_FLOWS 400

enum kind { DNS_UDP, DNS_TCP, HTTP, TLS, QUIC, MEDIA };

struct flow {
	enum kind kind;
	bool v6;
	struct end client;
	struct end server;
	uint32_t step;
	uint32_t client_seq;
	uint32_t server_seq;
	uint32_t remaining; /* data packets, or HTTP requests, still to come */
	size_t body_left;   /* octets of an HTTP body still to come */
	bool ack_due;
	struct message query; /* of DNS */
};

/* What a mix is made of, in flows of 100. */
struct mix {
	const char *name;
	uint32_t shares[6]; /* by enum kind */
};

static const struct mix mixes[] = {
    {"office", {60, 1, 8, 24, 6, 1}},
    {"dns", {98, 2, 0, 0, 0, 0}},
    {"http", {0, 0, 100, 0, 0, 0}},
    {"bulk", {0, 0, 0, 80, 16, 4}},
};

struct maker {
	struct seeded random;
	struct invented_sites sites;
	const struct mix *mix;
	uint32_t imitations; /* of 1000 names */
	uint32_t flows_begun;
	struct frames *frames;
	struct message message; /* scratch */
	char name[INVENTED_NAME_SIZE];
};

static enum kind pick_kind(struct maker *maker)
{
	uint32_t roll = seeded_below(&maker->random, 100);
	for (uint32_t kind = 0;; kind++) {
		if (roll < maker->mix->shares[kind]) {
			return (enum kind)kind;
		}
		roll -= maker->mix->shares[kind];
	}
}

static const char *pick_name(struct maker *maker)
{
	if (seeded_below(&maker->random, 1000) < maker->imitations) {
		invented_imitation(&maker->random, &maker->sites, maker->name);
	} else {
		invented_honest_name(&maker->random, &maker->sites, maker->name);
	}
	return maker->name;
}

static uint32_t pick_length(struct seeded *random)
{
	uint32_t roll = seeded_below(random, 100);
	if (roll < 80) {
		return 6 + seeded_below(random, 24);
	}
	if (roll < 97) {
		return 30 + seeded_below(random, 120);
	}
	return 150 + seeded_below(random, 850);
}

static void set_addresses(struct flow *flow, struct seeded *random)
{
	bool resolver = flow->kind == DNS_UDP || flow->kind == DNS_TCP;
	uint8_t client = (uint8_t)(10 + seeded_below(random, 100));
	uint8_t server = resolver ? 53 : (uint8_t)(1 + seeded_below(random, 250));
	if (flow->v6) {
		memcpy(flow->client.address, "\x20\x01\x0d\xb8\0\x01", 6);
		memcpy(flow->server.address, "\x20\x01\x0d\xb8\0\x02", 6);
		flow->client.address[15] = client;
		flow->server.address[15] = server;
	} else {
		memcpy(flow->client.address, (uint8_t[]){192, 0, 2, client}, 4);
		memcpy(flow->server.address, (uint8_t[]){203, 0, 113, server}, 4);
	}
}

static void begin(struct maker *maker, struct flow *flow)
{
	static const uint16_t ports[] = {[DNS_UDP] = 53, [DNS_TCP] = 53, [HTTP] = 80,
					 [TLS] = 443,    [QUIC] = 443,   [MEDIA] = 16384};
	struct seeded *random = &maker->random;
	memset(flow, 0, sizeof(*flow));
	flow->kind = pick_kind(maker);
	flow->v6 = seeded_percent(random, 25);
	set_addresses(flow, random);
	/* One after the other, so that no two flows of a capture share their ports for long. */
	flow->client.port = (uint16_t)(20000 + maker->flows_begun++ % 40000);
	flow->server.port = ports[flow->kind];
	flow->client_seq = (uint32_t)seeded_next(random);
	flow->server_seq = (uint32_t)seeded_next(random);
	flow->remaining = flow->kind == HTTP ? 1 + seeded_below(random, 6) : pick_length(random);
}

static const struct message nothing;

static void send_message(struct maker *maker, struct flow *flow, bool by_client, uint8_t flags,
			 const struct message *message)
{
	bool tcp = flow->kind == DNS_TCP || flow->kind == HTTP || flow->kind == TLS;
	uint32_t *seq = by_client ? &flow->client_seq : &flow->server_seq;
	struct segment segment = {
	    .from = by_client ? &flow->client : &flow->server,
	    .to = by_client ? &flow->server : &flow->client,
	    .v6 = flow->v6,
	    .tcp = tcp,
	    .tcp_flags = flags,
	    .seq = *seq,
	    .ack = (flags & TCP_ACK) != 0 ? (by_client ? flow->server_seq : flow->client_seq) : 0,
	    .payload = message->octets,
	    .payload_len = message->len,
	};
	frames_write(maker->frames, &segment);
	*seq += (uint32_t)segment.payload_len + ((flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
}

/*
 * The packets around what a TCP flow carries. Steps 0 to 2 open it; once closing, three more end
 * it. \returns true when this step was one of them.
 */
static bool open_step(struct maker *maker, struct flow *flow)
{
	switch (flow->step) {
	case 0:
		send_message(maker, flow, true, TCP_SYN, &nothing);
		break;
	case 1:
		send_message(maker, flow, false, TCP_SYN | TCP_ACK, &nothing);
		break;
	case 2:
		send_message(maker, flow, true, TCP_ACK, &nothing);
		break;
	default:
		return false;
	}
	flow->step++;
	return true;
}

/* Steps from `first` on. \returns false after the last. */
static bool close_step(struct maker *maker, struct flow *flow, uint32_t first)
{
	bool last = flow->step == first + 2;
	if (flow->step == first) {
		send_message(maker, flow, true, TCP_FIN | TCP_ACK, &nothing);
	} else if (flow->step == first + 1) {
		send_message(maker, flow, false, TCP_FIN | TCP_ACK, &nothing);
	} else {
		send_message(maker, flow, true, TCP_ACK, &nothing);
	}
	flow->step++;
	return !last;
}

static bool dns_udp_step(struct maker *maker, struct flow *flow)
{
	if (flow->step++ == 0) {
		message_dns_query(&flow->query, &maker->random, pick_name(maker));
		send_message(maker, flow, true, 0, &flow->query);
		return true;
	}
	message_dns_answer(&maker->message, &maker->random, &flow->query);
	send_message(maker, flow, false, 0, &maker->message);
	return false;
}

static bool dns_tcp_step(struct maker *maker, struct flow *flow)
{
	if (open_step(maker, flow)) {
		return true;
	}
	struct message *message = &maker->message;
	if (flow->step == 3) {
		message_dns_query(&flow->query, &maker->random, pick_name(maker));
		*message = flow->query;
		message_prefix_length(message);
		send_message(maker, flow, true, TCP_PSH | TCP_ACK, message);
	} else if (flow->step == 4) {
		message_dns_answer(message, &maker->random, &flow->query);
		message_prefix_length(message);
		send_message(maker, flow, false, TCP_PSH | TCP_ACK, message);
	} else {
		return close_step(maker, flow, 5);
	}
	flow->step++;
	return true;
}

/* Steps 3 and 4 are request and response, again and again. */
static bool http_step(struct maker *maker, struct flow *flow)
{
	if (open_step(maker, flow)) {
		return true;
	}
	struct message *message = &maker->message;
	struct seeded *random = &maker->random;
	if (flow->ack_due) {
		send_message(maker, flow, true, TCP_ACK, &nothing);
		flow->ack_due = false;
		return true;
	}
	if (flow->body_left > 0) {
		size_t part = flow->body_left < 1400 ? flow->body_left : 1400;
		message_random(message, random, part);
		flow->body_left -= part;
		flow->ack_due = seeded_percent(random, 50);
	} else if (flow->step == 3 && flow->remaining > 0) {
		message_http_request(message, random, pick_name(maker));
		send_message(maker, flow, true, TCP_PSH | TCP_ACK, message);
		flow->remaining--;
		flow->step = 4;
		return true;
	} else if (flow->step == 4) {
		size_t body = 200 + seeded_below(random, 16000);
		flow->body_left = message_http_response(message, random, body);
		flow->step = 3;
	} else {
		if (flow->step == 3) {
			flow->step = 5;
		}
		return close_step(maker, flow, 5);
	}
	send_message(maker, flow, false, TCP_ACK, message);
	return true;
}

static bool tls_step(struct maker *maker, struct flow *flow)
{
	if (open_step(maker, flow)) {
		return true;
	}
	struct message *message = &maker->message;
	struct seeded *random = &maker->random;
	if (flow->step == 3) {
		message_tls_client_hello(message, random, pick_name(maker));
		send_message(maker, flow, true, TCP_PSH | TCP_ACK, message);
		flow->step++;
	} else if (flow->step == 4) {
		message_tls_server_hello(message, random);
		send_message(maker, flow, false, TCP_PSH | TCP_ACK, message);
		flow->step++;
	} else if (flow->ack_due) {
		send_message(maker, flow, true, TCP_ACK, &nothing);
		flow->ack_due = false;
	} else if (flow->remaining > 0) {
		bool by_client = seeded_percent(random, 15);
		message_tls_data(message, random, by_client ? 200 : 1400);
		send_message(maker, flow, by_client, TCP_ACK, message);
		flow->ack_due = !by_client && seeded_percent(random, 50);
		flow->remaining--;
	} else {
		return close_step(maker, flow, 5);
	}
	return true;
}

static bool quic_step(struct maker *maker, struct flow *flow)
{
	if (flow->step < 2) {
		message_quic_initial(&maker->message, &maker->random);
		send_message(maker, flow, flow->step == 0, 0, &maker->message);
		flow->step++;
		return true;
	}
	bool by_client = seeded_percent(&maker->random, 30);
	message_quic_data(&maker->message, &maker->random, by_client ? 60 : 1200);
	send_message(maker, flow, by_client, 0, &maker->message);
	return --flow->remaining > 0;
}

static bool media_step(struct maker *maker, struct flow *flow)
{
	message_random(&maker->message, &maker->random, 180);
	send_message(maker, flow, seeded_percent(&maker->random, 50), 0, &maker->message);
	return --flow->remaining > 0;
}

/* Writes the flow's next packet. \returns false when it was the last. */
static bool next_packet(struct maker *maker, struct flow *flow)
{
	switch (flow->kind) {
	case DNS_UDP:
		return dns_udp_step(maker, flow);
	case DNS_TCP:
		return dns_tcp_step(maker, flow);
	case HTTP:
		return http_step(maker, flow);
	case TLS:
		return tls_step(maker, flow);
	case QUIC:
		return quic_step(maker, flow);
	case MEDIA:
		break;
	}
	return media_step(maker, flow);
}

static void make(struct maker *maker, uint64_t packets)
{
	struct flow *flows = calloc(OPEN_FLOWS, sizeof(*flows));
	if (flows == NULL) {
		err(2, "flows");
	}
	for (size_t i = 0; i < OPEN_FLOWS; i++) {
		begin(maker, &flows[i]);
	}
	while (frames_written(maker->frames) < packets) {
		struct flow *flow = &flows[seeded_below(&maker->random, OPEN_FLOWS)];
		if (!next_packet(maker, flow)) {
			begin(maker, flow);
		}
	}
	free(flows);
}

static unsigned long number(const char *option, const char *text, unsigned long max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || value > max) {
		errx(2, "%s: '%s' is not a number from 0 to %lu", option, text, max);
	}
	return value;
}

static const struct mix *mix_named(const char *name)
{
	for (size_t i = 0; i < sizeof(mixes) / sizeof(mixes[0]); i++) {
		if (strcmp(mixes[i].name, name) == 0) {
			return &mixes[i];
		}
	}
	errx(2, "--mix: '%s' is none of office, dns, http, bulk", name);
}

static const char usage[] =
    "usage: make_capture [--packets N] [--mix office|dns|http|bulk] [--sites N]\n"
    "                    [--imitations N] FILE\n"
    "  --sites       as for bench_engine, whose policy protects them\n"
    "  --imitations  how many of 1000 names imitate a site (default 2)\n";

int main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"packets", required_argument, NULL, 'p'},
	    {"mix", required_argument, NULL, 'm'},
	    {"sites", required_argument, NULL, 's'},
	    {"imitations", required_argument, NULL, 'i'},
	    {0},
	};
	struct maker maker = {.random = {11}, .mix = &mixes[0], .imitations = 2};
	unsigned long packets = 1000000;
	unsigned long site_count = 1000;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (option) {
		case 'p':
			packets = number("--packets", optarg, 1000000000);
			break;
		case 'm':
			maker.mix = mix_named(optarg);
			break;
		case 's':
			site_count = number("--sites", optarg, 1000000);
			break;
		case 'i':
			maker.imitations = (uint32_t)number("--imitations", optarg, 1000);
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind + 1 != argc || site_count == 0) {
		fputs(usage, stderr);
		return 2;
	}
	maker.sites = invented_sites_make(site_count);
	maker.frames = frames_create(argv[optind]);
	make(&maker, packets);
	frames_close(maker.frames);
	free(maker.sites.items);
	return 0;
}
