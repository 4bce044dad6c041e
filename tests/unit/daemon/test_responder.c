/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/answer/reply_packet.h"
#include "daemon/answer/responder.h"
#include "tests/unit/daemon/tcp_device.h"

#define REQUEST "GET / HTTP/1.1\r\nHost: a.top\r\n\r\n"
#define REQUEST_LEN 31
/* The device's numbers: the answer crosses the end of the sequence space. */
#define DEVICE_SEQ UINT32_C(5000)
#define SERVER_SEQ UINT32_C(0xfffff800)
#define ANSWER_LEN 5000
#define IFINDEX 7

static uint8_t answer[RESPONDER_ANSWER_SIZE];

/* What was sent, and the device's view of the stream. */
struct wire {
	struct made_packet device[64];
	size_t to_device;
	struct made_packet server[8];
	size_t to_server;
	bool refuses; /* what it is to send; kept all the same, so that attempts are seen */
};

static bool keep(void *ctx, enum direction direction, uint32_t ifindex, const uint8_t *packet,
		 size_t len)
{
	struct wire *wire = ctx;
	struct made_packet *made;

	if (direction == SIDE_DEVICE) {
		assert_true(wire->to_device < 64);
		made = &wire->device[wire->to_device++];
	} else {
		assert_true(wire->to_server < 8);
		made = &wire->server[wire->to_server++];
	}
	assert_true(len > 0 && len <= sizeof(made->octets));
	memcpy(made->octets, packet, len);
	made->len = len;
	assert_int_equal(packet_parse(made->octets, len, &made->view), PACKET_OK);
	assert_int_equal(transport_sum(&made->view), 0xffff);
	assert_int_equal(ifindex, IFINDEX);
	return !wire->refuses;
}

static struct responder *begin(struct wire *wire, uint32_t connections)
{
	struct responder *t = responder_new(connections, keep, wire);
	struct made_packet request;

	assert_non_null(t);
	for (size_t i = 0; i < sizeof(answer); i++) {
		answer[i] = (uint8_t)(i * 31 + i / 256);
	}
	memset(wire, 0, sizeof(*wire));
	make_device_packet(&request, 4, TCP_ACK | TCP_PSH, DEVICE_SEQ, SERVER_SEQ, REQUEST, 100,
			   200);
	assert_true(responder_answer(t, &request.view, IFINDEX, DEVICE_SEQ + REQUEST_LEN, answer,
				     ANSWER_LEN, 1000));
	return t;
}

static bool device_sends(struct responder *t, uint8_t flags, uint32_t seq, uint32_t ack,
			 const char *payload, uint64_t now_ms)
{
	struct made_packet made;

	make_device_packet(&made, 4, flags, seq, ack, payload, 101, 200);
	return responder_packet(t, &made.view, now_ms);
}

/* Puts the segments from `first` on together; returns the octets and whether they end in a FIN. */
static size_t assemble(const struct wire *wire, size_t first, uint32_t begin_seq, bool *fin)
{
	size_t len = 0;

	*fin = false;
	for (size_t i = first; i < wire->to_device; i++) {
		const struct packet *view = &wire->device[i].view;

		assert_false(*fin);
		assert_int_equal(view->seq, begin_seq + (uint32_t)len);
		assert_memory_equal(view->payload, answer + (begin_seq - SERVER_SEQ) + len,
				    view->payload_len);
		len += view->payload_len;
		*fin = (view->tcp_flags & TCP_FIN) != 0;
	}
	return len;
}

static void test_answer_and_reset(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);
	bool fin;

	assert_int_equal(assemble(&wire, 0, SERVER_SEQ, &fin), ANSWER_LEN);
	assert_true(fin);
	for (size_t i = 0; i < wire.to_device; i++) {
		assert_int_equal(wire.device[i].view.ack, DEVICE_SEQ + REQUEST_LEN);
		assert_true(wire.device[i].view.tcp_flags & TCP_ACK);
	}
	assert_int_equal(wire.to_server, 1);
	assert_int_equal(wire.server[0].view.tcp_flags, TCP_RST);
	assert_int_equal(wire.server[0].view.seq, DEVICE_SEQ);
	assert_int_equal(responder_count(t), 1);
	responder_free(t);
}

static void test_orderly_end(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);
	size_t sent = wire.to_device;
	uint32_t end = SERVER_SEQ + ANSWER_LEN + 1;

	/* Acknowledgements on the way bring nothing again. */
	for (uint32_t acked = 1208; acked < ANSWER_LEN; acked += 1208) {
		assert_true(device_sends(t, TCP_ACK, DEVICE_SEQ + REQUEST_LEN, SERVER_SEQ + acked,
					 "", 1010));
	}
	assert_true(device_sends(t, TCP_ACK, DEVICE_SEQ + REQUEST_LEN, end, "", 1010));
	assert_int_equal(wire.to_device, sent);

	/* The device's FIN is acknowledged, a repeated one too. */
	for (int i = 0; i < 2; i++) {
		assert_true(
		    device_sends(t, TCP_ACK | TCP_FIN, DEVICE_SEQ + REQUEST_LEN, end, "", 1020));
		assert_int_equal(wire.to_device, sent + 1 + (size_t)i);
		assert_int_equal(wire.device[sent].view.tcp_flags, TCP_ACK);
		assert_int_equal(wire.device[sent].view.seq, end);
		assert_int_equal(wire.device[sent].view.ack, DEVICE_SEQ + REQUEST_LEN + 1);
	}
	responder_tick(t, 1500);
	assert_int_equal(responder_count(t), 1);
	responder_tick(t, 4000);
	assert_int_equal(responder_count(t), 0);
	assert_int_equal(wire.to_device, sent + 2);
	assert_int_equal(wire.to_server, 1);
	assert_int_equal(responder_stats(t)->repeated, 0);
	responder_free(t);
}

/* Begins a connection whose answer has 10 octets. */
static struct responder *begin_short(struct wire *wire)
{
	struct responder *t = responder_new(0, keep, wire);
	struct made_packet made;

	assert_non_null(t);
	memset(wire, 0, sizeof(*wire));
	make_device_packet(&made, 4, TCP_ACK, DEVICE_SEQ, SERVER_SEQ, REQUEST, 100, 200);
	assert_true(
	    responder_answer(t, &made.view, IFINDEX, DEVICE_SEQ + REQUEST_LEN, answer, 10, 1000));
	return t;
}

static void test_repeated_request_is_answered_again_without_a_reset(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin_short(&wire);
	size_t sent = wire.to_device;
	bool fin;

	assert_true(device_sends(t, TCP_ACK | TCP_PSH, DEVICE_SEQ, SERVER_SEQ, REQUEST, 1200));
	assert_int_equal(assemble(&wire, sent, SERVER_SEQ, &fin), 10);
	assert_true(fin);
	assert_int_equal(wire.to_server, 1);
	assert_int_equal(responder_stats(t)->repeated, 1);
	responder_free(t);
}

/* Whoever sends one octet of the request again and again gets no more octets than he sends, until
 * an octet of the answer is acknowledged. */
static void test_nothing_is_repeated_that_was_not_paid_for(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);
	size_t got = 0, paid = 0;

	for (int i = 0; i < 2000; i++) {
		wire.to_device = 0;
		assert_true(device_sends(t, TCP_ACK, DEVICE_SEQ, SERVER_SEQ, "G", 1010));
		paid += 20 + 32 + 1;
		for (size_t k = 0; k < wire.to_device; k++) {
			/* Acknowledgements are no larger than what they answer. */
			got += wire.device[k].view.payload_len > 0 ? wire.device[k].len : 0;
		}
	}
	assert_true(got <= paid);
	/* The clock repeats it twice: five segments each. */
	wire.to_device = 0;
	for (uint64_t now = 1100; now < 1000 + RESPONDER_IDLE_MS; now += 100) {
		responder_tick(t, now);
	}
	assert_int_equal(wire.to_device, 10);
	responder_free(t);
}

static void test_numbers_outside_the_window_are_ignored(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);
	size_t sent = wire.to_device;

	assert_true(device_sends(t, TCP_RST, DEVICE_SEQ + 1000000, 0, "", 1010));
	assert_true(device_sends(t, TCP_RST, DEVICE_SEQ - 1000000, 0, "", 1010));
	assert_int_equal(responder_count(t), 1);
	assert_true(device_sends(t, TCP_ACK, DEVICE_SEQ + 1000000, SERVER_SEQ, "data", 1010));
	assert_int_equal(wire.to_device, sent);
	assert_true(device_sends(t, TCP_RST, DEVICE_SEQ + REQUEST_LEN, 0, "", 1010));
	assert_int_equal(responder_count(t), 0);
	responder_free(t);
}

static void test_refused_connection_is_reset_whatever_is_repeated(void **state)
{
	(void)state;
	struct wire wire = {0};
	struct responder *t = responder_new(0, keep, &wire);
	struct made_packet made;

	assert_non_null(t);
	make_device_packet(&made, 4, TCP_ACK | TCP_PSH, DEVICE_SEQ, SERVER_SEQ, REQUEST, 100, 200);
	assert_true(responder_refuse(t, &made.view, IFINDEX, 1000));
	for (size_t i = 0; i < 3; i++) {
		const struct packet *reset = &wire.device[i].view;

		assert_int_equal(wire.to_device, i + 1);
		assert_int_equal(reset->tcp_flags, TCP_RST | TCP_ACK);
		assert_int_equal(reset->seq, SERVER_SEQ);
		assert_int_equal(reset->ack, DEVICE_SEQ + REQUEST_LEN);
		assert_true(wire.device[i].len <= made.len);
		assert_true(
		    device_sends(t, TCP_ACK | TCP_PSH, DEVICE_SEQ, SERVER_SEQ, REQUEST, 1200));
	}
	assert_int_equal(wire.to_server, 1);
	assert_int_equal(wire.server[0].view.seq, DEVICE_SEQ);
	responder_tick(t, 1300);
	assert_int_equal(wire.to_device, 4);
	/* What the server had sent before came after the first reset, so that was not taken. */
	assert_true(device_sends(t, TCP_ACK | TCP_PSH, DEVICE_SEQ, SERVER_SEQ + 49, REQUEST, 1205));
	assert_int_equal(wire.to_device, 5);
	assert_int_equal(wire.device[4].view.tcp_flags, TCP_RST | TCP_ACK);
	assert_int_equal(wire.device[4].view.seq, SERVER_SEQ + 49);
	/* The device gives up, or opens another. */
	assert_true(device_sends(t, TCP_RST, DEVICE_SEQ + REQUEST_LEN, 0, "", 1210));
	assert_int_equal(responder_count(t), 0);
	assert_int_equal(responder_stats(t)->answered, 1);

	make_device_packet(&made, 4, TCP_SYN, DEVICE_SEQ, 0, "", 0, 0);
	assert_false(responder_refuse(t, &made.view, IFINDEX, 1000));
	wire.refuses = true;
	make_device_packet(&made, 4, TCP_ACK, DEVICE_SEQ, SERVER_SEQ, REQUEST, 100, 200);
	assert_false(responder_refuse(t, &made.view, IFINDEX, 1000));
	assert_int_equal(responder_count(t), 0);
	responder_free(t);
}

static void test_third_duplicate_brings_what_is_missing(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);
	size_t sent = wire.to_device;
	bool fin;

	for (int i = 0; i < 4; i++) {
		assert_int_equal(wire.to_device, sent);
		assert_true(device_sends(t, TCP_ACK, DEVICE_SEQ + REQUEST_LEN, SERVER_SEQ + 1208,
					 "", 1010));
	}
	assert_int_equal(assemble(&wire, sent, SERVER_SEQ + 1208, &fin), ANSWER_LEN - 1208);
	assert_true(fin);
	/* One loss, one repetition: further duplicates are of segments still under way. */
	sent = wire.to_device;
	assert_true(
	    device_sends(t, TCP_ACK, DEVICE_SEQ + REQUEST_LEN, SERVER_SEQ + 1208, "", 1011));
	assert_int_equal(wire.to_device, sent);
	responder_free(t);
}

static void test_clock_repeats_a_lost_end_a_few_times(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);
	size_t sent;

	assert_true(
	    device_sends(t, TCP_ACK, DEVICE_SEQ + REQUEST_LEN, SERVER_SEQ + ANSWER_LEN, "", 1010));
	sent = wire.to_device;
	responder_tick(t, 1100);
	assert_int_equal(wire.to_device, sent);
	for (uint64_t now = 1200; now < 1000 + RESPONDER_IDLE_MS; now += 100) {
		responder_tick(t, now);
	}
	assert_int_equal(wire.to_device, sent + 4);
	for (size_t i = sent; i < wire.to_device; i++) {
		assert_int_equal(wire.device[i].view.payload_len, 0);
		assert_int_equal(wire.device[i].view.seq, SERVER_SEQ + ANSWER_LEN);
		assert_true(wire.device[i].view.tcp_flags & TCP_FIN);
	}
	assert_int_equal(responder_count(t), 1);
	responder_tick(t, 1011 + RESPONDER_IDLE_MS);
	assert_int_equal(responder_count(t), 0);
	responder_free(t);
}

static void test_later_data_is_acknowledged_and_dropped(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);
	size_t sent = wire.to_device;

	assert_true(device_sends(t, TCP_ACK | TCP_PSH, DEVICE_SEQ + REQUEST_LEN, SERVER_SEQ + 1208,
				 "body", 1010));
	assert_int_equal(wire.to_device, sent + 1);
	assert_int_equal(wire.device[sent].view.ack, DEVICE_SEQ + REQUEST_LEN + 4);

	/* After a gap: the acknowledgement names what is missing. */
	assert_true(device_sends(t, TCP_ACK | TCP_PSH, DEVICE_SEQ + REQUEST_LEN + 10,
				 SERVER_SEQ + 1208, "body", 1010));
	assert_int_equal(wire.device[sent + 1].view.ack, DEVICE_SEQ + REQUEST_LEN + 4);
	responder_free(t);
}

static void test_reset_and_new_connection_end_it(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);

	assert_true(device_sends(t, TCP_RST, DEVICE_SEQ + REQUEST_LEN, 0, "", 1010));
	assert_int_equal(responder_count(t), 0);
	assert_false(device_sends(t, TCP_ACK, DEVICE_SEQ, SERVER_SEQ, "", 1010));
	responder_free(t);

	t = begin(&wire, 0);
	assert_false(device_sends(t, TCP_SYN, 1, 0, "", 1010));
	assert_int_equal(responder_count(t), 0);
	responder_free(t);
}

/* A SYN of the device with a timestamp, 0 for none. \returns whether it is to be dropped. */
static bool device_opens(struct responder *t, uint32_t isn, uint32_t tsval)
{
	struct made_packet made;

	make_device_packet(&made, 4, TCP_SYN, isn, 0, "", tsval, 0);
	return responder_packet(t, &made.view, 1010);
}

static void test_late_copy_of_the_opening_syn_ends_nothing(void **state)
{
	(void)state;
	/* The request carries the timestamp 100. */
	static const struct {
		uint32_t isn, tsval;
		bool is_copy;
	} syns[] = {
	    {DEVICE_SEQ - 1, 99, true}, /* the one that opened it */
	    {DEVICE_SEQ - 1, 100, true},
	    {DEVICE_SEQ - 1, UINT32_MAX, true}, /* before the clock went round */
	    {DEVICE_SEQ - 1, 0, true},          /* none on the SYN */
	    {DEVICE_SEQ + 100000, 99, true},    /* RFC 6191: too old, whatever its number */
	    {DEVICE_SEQ - 1, 101, false},       /* RFC 6191: newer, whatever its number */
	    {DEVICE_SEQ + 100000, 100, false},
	    {DEVICE_SEQ + REQUEST_LEN, 0, false}, /* the first number not yet used */
	};

	for (size_t i = 0; i < sizeof(syns) / sizeof(syns[0]); i++) {
		struct wire wire;
		struct responder *t = begin(&wire, 0);
		size_t sent = wire.to_device;

		assert_int_equal(device_opens(t, syns[i].isn, syns[i].tsval), syns[i].is_copy);
		assert_int_equal(responder_count(t), syns[i].is_copy);
		assert_int_equal(wire.to_device, sent);
		assert_int_equal(wire.to_server, 1);
		responder_free(t);
	}
}

static void test_late_copy_without_timestamps(void **state)
{
	(void)state;
	struct wire wire = {0};
	struct responder *t = responder_new(0, keep, &wire);
	struct made_packet made;

	assert_non_null(t);
	make_device_packet(&made, 4, TCP_ACK, DEVICE_SEQ, SERVER_SEQ, REQUEST, 0, 0);
	assert_true(
	    responder_answer(t, &made.view, IFINDEX, DEVICE_SEQ + REQUEST_LEN, answer, 10, 1000));
	/* Not agreed on: a server's SYN-ACK had none, so a SYN's own means nothing. */
	assert_true(device_opens(t, DEVICE_SEQ - 1, 5));
	assert_true(device_opens(t, DEVICE_SEQ - 1, 0));
	assert_int_equal(responder_count(t), 1);
	assert_false(device_opens(t, DEVICE_SEQ + REQUEST_LEN, 0));
	assert_int_equal(responder_count(t), 0);
	responder_free(t);
}

static uint32_t echoed(const struct made_packet *made)
{
	struct tcp_timestamps timestamps;

	tcp_timestamps_of(&made->view, &timestamps);
	assert_true(timestamps.present);
	return timestamps.value;
}

/* The device would discard an answer whose timestamp is older than one it has seen. */
static void test_late_segment_does_not_age_the_timestamps(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);
	size_t sent = wire.to_device;
	struct made_packet made;

	make_device_packet(&made, 4, TCP_ACK, DEVICE_SEQ + REQUEST_LEN, SERVER_SEQ + 1208, "", 110,
			   210);
	assert_true(responder_packet(t, &made.view, 1010));
	make_device_packet(&made, 4, TCP_ACK | TCP_PSH, DEVICE_SEQ, SERVER_SEQ, REQUEST, 100, 200);
	assert_true(responder_packet(t, &made.view, 1020));
	assert_true(wire.to_device > sent + 1);
	for (size_t i = sent; i < wire.to_device; i++) {
		assert_int_equal(echoed(&wire.device[i]), 210);
	}
	responder_free(t);
}

static void test_other_connections_are_left_alone(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = begin(&wire, 0);
	struct made_packet other;
	size_t sent = wire.to_device;

	make_device_packet(&other, 4, TCP_ACK, 1, 1, "x", 0, 0);
	other.view.source_port = DEVICE_PORT + 1;
	assert_false(responder_packet(t, &other.view, 1010));
	make_device_packet(&other, 6, TCP_ACK, 1, 1, "x", 0, 0);
	assert_false(responder_packet(t, &other.view, 1010));
	make_device_packet(&other, 4, TCP_ACK, 1, 1, "x", 0, 0);
	other.view.protocol = 17;
	assert_false(responder_packet(t, &other.view, 1010));
	assert_int_equal(wire.to_device, sent);
	responder_free(t);
}

static void test_what_cannot_be_answered(void **state)
{
	(void)state;
	struct wire wire = {0};
	struct responder *t = responder_new(0, keep, &wire);
	struct made_packet made;

	assert_non_null(t);
	make_device_packet(&made, 4, TCP_ACK, 1, 1, REQUEST, 0, 0);
	assert_false(responder_answer(t, &made.view, IFINDEX, 1, answer, 0, 0));
	assert_false(
	    responder_answer(t, &made.view, IFINDEX, 1, answer, RESPONDER_ANSWER_SIZE + 1, 0));
	make_device_packet(&made, 4, TCP_SYN, 1, 0, "", 0, 0);
	assert_false(responder_answer(t, &made.view, IFINDEX, 1, answer, 10, 0));
	make_device_packet(&made, 4, TCP_PSH, 1, 0, REQUEST, 0, 0);
	assert_false(responder_answer(t, &made.view, IFINDEX, 1, answer, 10, 0));
	assert_int_equal(wire.to_device + wire.to_server, 0);
	assert_int_equal(responder_count(t), 0);
	responder_free(t);
}

/* The request passes, so its connection stays the server's. */
static void test_answer_that_cannot_be_sent_leaves_the_server_alone(void **state)
{
	(void)state;
	struct wire wire = {0};
	struct responder *t = responder_new(0, keep, &wire);
	struct made_packet made;

	assert_non_null(t);
	wire.refuses = true;
	make_device_packet(&made, 4, TCP_ACK, DEVICE_SEQ, SERVER_SEQ, REQUEST, 0, 0);
	assert_false(responder_answer(t, &made.view, IFINDEX, DEVICE_SEQ + REQUEST_LEN, answer,
				      ANSWER_LEN, 1000));
	assert_int_equal(wire.to_device, 1);
	assert_int_equal(wire.to_server, 0);
	assert_int_equal(responder_count(t), 0);
	assert_int_equal(responder_stats(t)->answered, 0);
	wire.refuses = false;
	assert_false(responder_packet(t, &made.view, 1010));
	responder_free(t);
}

static void test_request_that_ends_in_a_fin(void **state)
{
	(void)state;
	struct wire wire = {0};
	struct responder *t = responder_new(0, keep, &wire);
	struct made_packet made;

	assert_non_null(t);
	make_device_packet(&made, 6, TCP_ACK | TCP_FIN, DEVICE_SEQ, SERVER_SEQ, REQUEST, 0, 0);
	assert_true(
	    responder_answer(t, &made.view, IFINDEX, DEVICE_SEQ + REQUEST_LEN, answer, 10, 1000));
	assert_int_equal(wire.to_device, 1);
	assert_int_equal(wire.device[0].view.ack, DEVICE_SEQ + REQUEST_LEN + 1);
	make_device_packet(&made, 6, TCP_ACK, DEVICE_SEQ + REQUEST_LEN + 1, SERVER_SEQ + 11, "", 0,
			   0);
	assert_true(responder_packet(t, &made.view, 1010));
	responder_tick(t, 4000);
	assert_int_equal(responder_count(t), 0);
	assert_int_equal(wire.to_device, 1);
	responder_free(t);
}

static void test_longest_answer_and_absurd_acknowledgements(void **state)
{
	(void)state;
	struct wire wire = {0};
	struct responder *t = responder_new(0, keep, &wire);
	struct made_packet made;
	bool fin;

	assert_non_null(t);
	make_device_packet(&made, 4, TCP_ACK, DEVICE_SEQ, SERVER_SEQ, REQUEST, 0, 0);
	assert_true(responder_answer(t, &made.view, IFINDEX, DEVICE_SEQ + REQUEST_LEN, answer,
				     RESPONDER_ANSWER_SIZE, 1000));
	assert_int_equal(assemble(&wire, 0, SERVER_SEQ, &fin), RESPONDER_ANSWER_SIZE);
	size_t sent = wire.to_device;
	static const uint32_t acks[] = {SERVER_SEQ - 1, SERVER_SEQ + RESPONDER_ANSWER_SIZE + 2,
					0x7fffffff, SERVER_SEQ + UINT32_C(0x80000000)};

	for (size_t round = 0; round < 20; round++) {
		assert_true(
		    device_sends(t, TCP_ACK, DEVICE_SEQ + REQUEST_LEN, acks[round % 4], "", 1010));
	}
	assert_int_equal(wire.to_device, sent);
	responder_free(t);
}

static void test_full_table_forgets_the_one_silent_longest(void **state)
{
	(void)state;
	struct wire wire;
	struct responder *t = responder_new(4, keep, &wire);
	struct made_packet made;

	assert_non_null(t);
	for (uint16_t i = 0; i < 40; i++) {
		memset(&wire, 0, sizeof(wire));
		make_device_packet(&made, 4, TCP_ACK, DEVICE_SEQ, SERVER_SEQ, REQUEST, 0, 0);
		made.view.source_port = (uint16_t)(1000 + i);
		assert_true(responder_answer(t, &made.view, IFINDEX, DEVICE_SEQ + REQUEST_LEN,
					     answer, 10, 1000U + i));
	}
	assert_int_equal(responder_count(t), 4);
	assert_int_equal(responder_stats(t)->evicted, 36);
	for (uint16_t i = 0; i < 40; i++) {
		memset(&wire, 0, sizeof(wire));
		make_device_packet(&made, 4, TCP_ACK, DEVICE_SEQ + REQUEST_LEN, SERVER_SEQ, "", 0,
				   0);
		made.view.source_port = (uint16_t)(1000 + i);
		assert_int_equal(responder_packet(t, &made.view, 2000), i >= 36);
	}
	responder_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_answer_and_reset),
	    cmocka_unit_test(test_orderly_end),
	    cmocka_unit_test(test_repeated_request_is_answered_again_without_a_reset),
	    cmocka_unit_test(test_nothing_is_repeated_that_was_not_paid_for),
	    cmocka_unit_test(test_numbers_outside_the_window_are_ignored),
	    cmocka_unit_test(test_refused_connection_is_reset_whatever_is_repeated),
	    cmocka_unit_test(test_third_duplicate_brings_what_is_missing),
	    cmocka_unit_test(test_clock_repeats_a_lost_end_a_few_times),
	    cmocka_unit_test(test_later_data_is_acknowledged_and_dropped),
	    cmocka_unit_test(test_reset_and_new_connection_end_it),
	    cmocka_unit_test(test_late_copy_of_the_opening_syn_ends_nothing),
	    cmocka_unit_test(test_late_copy_without_timestamps),
	    cmocka_unit_test(test_late_segment_does_not_age_the_timestamps),
	    cmocka_unit_test(test_other_connections_are_left_alone),
	    cmocka_unit_test(test_what_cannot_be_answered),
	    cmocka_unit_test(test_answer_that_cannot_be_sent_leaves_the_server_alone),
	    cmocka_unit_test(test_request_that_ends_in_a_fin),
	    cmocka_unit_test(test_longest_answer_and_absurd_acknowledgements),
	    cmocka_unit_test(test_full_table_forgets_the_one_silent_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
