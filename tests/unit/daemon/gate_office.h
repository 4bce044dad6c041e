/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A gate with a policy and an event log, and one device that talks through it; for the gate's
 * tests. Include cmocka.h and what it asks for first.
 */
#ifndef TESTS_UNIT_DAEMON_GATE_OFFICE_H
#define TESTS_UNIT_DAEMON_GATE_OFFICE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/gate/gate.h"
#include "tests/unit/dpi/packets.h"

#define FAKE "vietc0mbank.top"
#define SENT_MAX 16

/* For offices opened from now on. */
static bool office_canary;

struct sent {
	enum direction direction;
	uint32_t ifindex;
	size_t len;
	uint8_t octets[1500];
};

struct office {
	char log[64];
	struct policy *policy;
	struct judge *judge;
	struct event_log *events;
	struct proceed *proceed;
	struct plain_dns *plain_dns;
	struct gate *gate;
	struct gate_arrival arrival;
	struct gate_time now;
	bool sending_fails;
	size_t sent_count;
	struct sent sent[SENT_MAX];
};

static inline bool record(void *ctx, enum direction direction, uint32_t ifindex,
			  const uint8_t *packet, size_t len)
{
	struct office *office = ctx;
	assert_true(office->sent_count < SENT_MAX);
	struct sent *sent = &office->sent[office->sent_count++];
	assert_true(len <= sizeof sent->octets);
	sent->direction = direction;
	sent->ifindex = ifindex;
	sent->len = len;
	memcpy(sent->octets, packet, len);
	return !office->sending_fails;
}

static inline void rule(struct office *office, const char *action)
{
	char text[512];
	struct diagnostics diagnostics = {0};
	snprintf(text, sizeof text,
		 "version = 1; contact = \"it@office.example\";\n"
		 "actions = { high = \"%s\"; medium = \"%s\"; low = \"observe\"; };\n"
		 "sites = ( { name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; } );\n",
		 action, action);
	struct policy *policy = policy_load_text(text, "test", &diagnostics);
	assert_non_null(policy);
	struct judge *judge = judge_new(policy);
	gate_set_policy(office->gate, policy, judge);
	judge_free(office->judge);
	policy_free(office->policy);
	office->policy = policy;
	office->judge = judge;
}

static inline int open_office(void **state)
{
	struct office *office = calloc(1, sizeof *office);
	snprintf(office->log, sizeof office->log, "/tmp/test_gate.%d.jsonl", (int)getpid());
	char error[256];
	const struct event_log_config events = {.path = office->log, .workers = 1};
	office->events = event_log_open(&events, error, sizeof error);
	assert_non_null(office->events);
	office->proceed = proceed_new(0);
	office->plain_dns = plain_dns_new();
	office->arrival.ifindex = 7;
	const struct inspector_limits limits = {.flows = 64, .streams = 16};
	struct gate_config config = {
	    .flows = &limits,
	    .answered = 8,
	    .events = office->events,
	    .proceed = office->proceed,
	    .plain_dns = office->plain_dns,
	    .canary = office_canary,
	    .send = record,
	    .send_ctx = office,
	};
	assert_true(site_address_read(SITE_DEFAULT_IPV4, SITE_DEFAULT_IPV6, &config.site));
	office->gate = gate_new(&config);
	assert_non_null(office->gate);
	office->now = (struct gate_time){.monotonic_us = 1000000000, .real_s = 1700000000};
	*state = office;
	return 0;
}

static inline int close_office(void **state)
{
	struct office *office = *state;
	gate_free(office->gate);
	proceed_free(office->proceed);
	plain_dns_free(office->plain_dns);
	event_log_close(office->events);
	judge_free(office->judge);
	policy_free(office->policy);
	unlink(office->log);
	free(office);
	return 0;
}

/* Talks by UDP to a resolver, by TCP to one, by TCP to a web server. */
static const struct talk dns = {false, 10, 53, 40000, 53};
static const struct talk dns6 = {true, 10, 53, 40000, 53};

static inline struct gate_verdict show(struct office *office, const uint8_t *packet, size_t len)
{
	office->sent_count = 0;
	return gate_packet(office->gate, packet, len, &office->arrival, &office->now);
}

static inline struct gate_verdict ask_type(struct office *office, const struct talk *talk,
					   const char *name, uint16_t type)
{
	uint8_t query[300], packet[400];
	const size_t len = put_query(query, 0x1234, name);
	put16(query + len - 4, type);
	return show(office, packet, put_udp(packet, talk, true, query, len));
}

static inline struct gate_verdict ask(struct office *office, const struct talk *talk,
				      const char *name)
{
	return ask_type(office, talk, name, 1);
}

/* A whole connection up to its request; a new port each time. */
static inline struct gate_verdict request(struct office *office, struct talk *talk,
					  const char *payload, size_t len)
{
	static uint16_t port = 41000;
	uint8_t packet[1500];
	talk->client_port = ++port;
	struct gate_verdict verdict =
	    show(office, packet, put_tcp(packet, talk, true, TCP_SYN, 100, 0, NULL, 0));
	assert_false(verdict.drop);
	verdict = show(office, packet,
		       put_tcp(packet, talk, false, TCP_SYN | TCP_ACK, 500, 101, NULL, 0));
	assert_false(verdict.drop);
	verdict = show(office, packet, put_tcp(packet, talk, true, TCP_ACK, 101, 501, NULL, 0));
	assert_false(verdict.drop);
	return show(office, packet,
		    put_tcp(packet, talk, true, TCP_ACK | TCP_PSH, 101, 501, payload, len));
}

static inline struct gate_verdict get(struct office *office, struct talk *talk, const char *host)
{
	char text[600];
	snprintf(text, sizeof text, "GET /secret HTTP/1.1\r\nHost: %s\r\n\r\n", host);
	return request(office, talk, text, strlen(text));
}

static inline struct packet view(const struct sent *sent)
{
	struct packet packet;
	assert_int_equal(packet_parse(sent->octets, sent->len, &packet), PACKET_OK);
	return packet;
}

/* The text of what was sent to the device, put together. */
static inline const char *page(const struct office *office)
{
	static char text[SENT_MAX * 1500];
	size_t len = 0;
	for (size_t i = 0; i < office->sent_count; i++) {
		const struct packet packet = view(&office->sent[i]);
		if (office->sent[i].direction == SIDE_DEVICE) {
			memcpy(text + len, packet.payload, packet.payload_len);
			len += packet.payload_len;
		}
	}
	text[len] = '\0';
	return text;
}

static inline size_t sent_to(const struct office *office, enum direction direction)
{
	size_t count = 0;
	for (size_t i = 0; i < office->sent_count; i++) {
		count += office->sent[i].direction == direction;
	}
	return count;
}

#define OFFICE_TEST(test) cmocka_unit_test_setup_teardown(test, open_office, close_office)

#endif
