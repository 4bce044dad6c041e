/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/daemon/gate_office.h"

static void test_block_dns(void **state)
{
	struct office *office = *state;
	const struct talk *talks[] = {&dns, &dns6};
	rule(office, "block");
	for (size_t i = 0; i < 2; i++) {
		const struct gate_verdict verdict = ask(office, talks[i], FAKE);
		assert_true(verdict.drop);
		assert_false(verdict.release);
		assert_int_equal(office->sent_count, 1);
		assert_int_equal(office->sent[0].direction, SIDE_DEVICE);
		assert_int_equal(office->sent[0].ifindex, 7);
		const struct packet packet = view(&office->sent[0]);
		assert_int_equal(packet.source_port, 53);
		assert_int_equal(packet.dest_port, 40000);
		assert_int_equal(packet.payload[0] << 8 | packet.payload[1], 0x1234);
		assert_int_equal(packet.payload[3] & 0x0f, 3); /* NXDOMAIN */
	}
	/* Asked again, as by a client that did not get it: answered again. */
	assert_true(ask(office, &dns, FAKE).drop);
	assert_int_equal(gate_stats(office->gate)->dns_answered, 3);
}

static void test_block_dns_over_tcp(void **state)
{
	struct office *office = *state;
	struct talk talk = {false, 10, 53, 0, 53};
	uint8_t message[300];
	rule(office, "block");
	const size_t len = put_query(message + 2, 0x4321, FAKE);
	put16(message, (uint32_t)len);
	assert_true(request(office, &talk, (const char *)message, len + 2).drop);
	assert_int_equal(sent_to(office, SIDE_SERVER), 1);
	assert_true(sent_to(office, SIDE_DEVICE) >= 1);
	const uint8_t *answer = (const uint8_t *)page(office);
	assert_int_equal(answer[2] << 8 | answer[3], 0x4321);
	assert_int_equal(answer[5] & 0x0f, 3);

	/* What the clock repeats goes the same way: a link-local device is reached by no other. */
	assert_true(gate_wants_tick(office->gate));
	office->sent_count = 0;
	office->now.monotonic_us += 400000;
	gate_tick(office->gate, &office->now);
	assert_true(office->sent_count >= 1);
	assert_int_equal(office->sent[0].ifindex, 7);

	/* What the device says on that connection is for us alone. */
	uint8_t packet[100];
	const size_t end = put_tcp(packet, &talk, true, TCP_ACK, 103 + (uint32_t)len, 600, NULL, 0);
	assert_true(show(office, packet, end).drop);
	assert_int_equal(sent_to(office, SIDE_SERVER), 0);
	assert_true(
	    show(office, packet, put_tcp(packet, &talk, true, TCP_RST, 103, 0, NULL, 0)).drop);
	assert_false(gate_wants_tick(office->gate));
}

/* As glibc asks with `options use-vc`: for A and AAAA in one segment. */
static void test_block_several_questions_of_one_segment(void **state)
{
	struct office *office = *state;
	struct talk talk = {false, 10, 53, 0, 53};
	uint8_t messages[600];
	size_t len = 0;
	rule(office, "block");
	for (uint16_t id = 1; id <= 3; id++) {
		const size_t message = put_query(messages + len + 2, id, FAKE);
		put16(messages + len, (uint32_t)message);
		len += 2 + message;
	}
	assert_true(request(office, &talk, (const char *)messages, len).drop);
	const uint8_t *answer = (const uint8_t *)page(office);
	for (uint16_t id = 1; id <= 3; id++) {
		assert_int_equal(answer[2] << 8 | answer[3], id);
		assert_int_equal(answer[5] & 0x0f, 3);
		answer += 2 + (answer[0] << 8 | answer[1]);
	}
	assert_int_equal(gate_stats(office->gate)->dns_answered, 3);
	assert_int_equal(sent_to(office, SIDE_SERVER), 1);

	/* Where nothing can be sent, each is counted, and the packet passes. */
	office->sending_fails = true;
	assert_false(request(office, &talk, (const char *)messages, len).drop);
	assert_int_equal(gate_stats(office->gate)->dns_answered, 3);
	assert_int_equal(gate_stats(office->gate)->unanswered, 3);
}

static unsigned rcode(const struct sent *sent)
{
	return view(sent).payload[3] & 0x0f;
}

static unsigned answers(const struct sent *sent)
{
	const struct packet packet = view(sent);
	return (unsigned)(packet.payload[6] << 8 | packet.payload[7]);
}

static bool leads_to(const struct office *office, const char *url)
{
	char line[300];
	snprintf(line, sizeof line, "\r\nLocation: %s\r\n", url);
	return strncmp(page(office), "HTTP/1.1 303 ", 13) == 0 &&
	       strstr(page(office), line) != NULL;
}

/* To the page's name where the device asks plain DNS here, else to its address. Nothing of what was
 * asked for, beside the name, is in it. */
static void test_http_leads_to_the_page(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80}, web6 = {true, 10, 80, 0, 80};
	struct talk other = {false, 11, 80, 0, 80};
	static const char *const actions[] = {"warn", "block"};
	for (size_t i = 0; i < 2; i++) {
		rule(office, actions[i]);
		assert_true(get(office, &web, FAKE).drop);
		assert_int_equal(sent_to(office, SIDE_SERVER), 1);
		assert_true(leads_to(office, "http://" SITE_DEFAULT_IPV4 "/" FAKE));
		assert_null(strstr(page(office), "secret"));
		assert_true(get(office, &web6, FAKE).drop);
		assert_true(leads_to(office, "http://[" SITE_DEFAULT_IPV6 "]/" FAKE));
		(void)ask(office, &dns, FAKE);
		assert_true(get(office, &web, FAKE).drop);
		assert_true(leads_to(office, "http://truegate.internal/" FAKE));
		assert_true(get(office, &other, FAKE).drop);
		assert_true(leads_to(office, "http://" SITE_DEFAULT_IPV4 "/" FAKE));
		office->now.monotonic_us += UINT64_C(1000000) * (PLAIN_DNS_SECONDS + 1);
	}
	assert_int_equal(gate_stats(office->gate)->http_answered, 8);
}

static void test_head_has_no_body(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	static const char head[] = "HEAD / HTTP/1.1\r\nHost: " FAKE "\r\n\r\n";
	rule(office, "block");
	assert_true(request(office, &web, head, sizeof head - 1).drop);
	assert_string_equal(strstr(page(office), "\r\n\r\n"), "\r\n\r\n");
	assert_true(get(office, &web, FAKE).drop);
	assert_non_null(strstr(page(office), "</a>"));
}

/* By RFC 9460 a browser learns of keys that hide the name, and of QUIC; ANY may bring the same. */
static void test_warn_dns(void **state)
{
	struct office *office = *state;
	static const uint16_t pass[] = {1, 28, 5, 15, 16};
	static const uint16_t empty[] = {64, 65, 255};
	rule(office, "warn");
	for (size_t i = 0; i < sizeof pass / sizeof pass[0]; i++) {
		assert_false(ask_type(office, &dns, FAKE, pass[i]).drop);
	}
	for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
		assert_true(ask_type(office, &dns, FAKE, empty[i]).drop);
		assert_int_equal(rcode(&office->sent[0]), 0);
		assert_int_equal(answers(&office->sent[0]), 0);
		assert_false(ask_type(office, &dns, "news.example", empty[i]).drop);
	}
	rule(office, "block");
	for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
		assert_true(ask_type(office, &dns, FAKE, empty[i]).drop);
		assert_int_equal(rcode(&office->sent[0]), 3);
	}
}

/* After the person went on, all of it passes on that device, for a quarter of an hour. */
static void test_granted(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80}, other = {false, 11, 80, 0, 80};
	static const uint8_t octets[4] = {10, 0, 0, 10};
	const struct device_address device = {octets, 4};
	static const char *const actions[] = {"warn", "block"};
	for (size_t i = 0; i < 2; i++) {
		rule(office, actions[i]);
		assert_true(get(office, &web, FAKE).drop);
		assert_true(proceed_grant_device(office->proceed, device, FAKE, strlen(FAKE),
						 office->now.monotonic_us / 1000000));
		assert_false(ask(office, &dns, FAKE).drop);
		assert_false(ask_type(office, &dns, FAKE, 65).drop);
		assert_false(get(office, &web, FAKE).drop);
		assert_false(get(office, &web, "www." FAKE).drop);
		assert_true(get(office, &web, "vietcombamk.top").drop);
		assert_true(get(office, &other, FAKE).drop);
		office->now.monotonic_us += UINT64_C(1000000) * PROCEED_SECONDS;
		assert_true(get(office, &web, FAKE).drop);
	}
	assert_int_equal(gate_stats(office->gate)->proceeded, 8);
}

/* The page is read by IPv4, the fake opened by IPv6: the link-layer address tells that it is one
 * device, where no router is between. */
static void test_granted_to_all_addresses_of_a_device(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80}, web6 = {true, 10, 80, 0, 80};
	uint8_t packet[200];
	static const uint8_t octets[4] = {10, 0, 0, 10};
	const struct device_address device = {octets, 4};
	office->arrival.has_link_address = true;
	memcpy(office->arrival.link_address, "\2\0\0\0\0\1", 6);
	rule(office, "warn");
	assert_true(get(office, &web6, FAKE).drop);
	const size_t len = put_tcp(packet, &web, true, TCP_SYN, 1, 0, NULL, 0);
	memcpy(packet + 16, (const uint8_t[]){198, 18, 53, 80}, 4);
	assert_false(show(office, packet, len).drop);
	assert_true(proceed_grant_device(office->proceed, device, FAKE, strlen(FAKE),
					 office->now.monotonic_us / 1000000));
	assert_false(get(office, &web6, FAKE).drop);
	assert_false(get(office, &web, FAKE).drop);
}

static void test_own_names(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	static const char *const names[] = {"truegate.internal", "check.truegate.internal",
					    FAKE ".truegate.internal"};
	rule(office, "block");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_true(ask_type(office, &dns, names[i], 1).drop);
		assert_int_equal(answers(&office->sent[0]), 1);
		struct packet answer = view(&office->sent[0]);
		assert_memory_equal(answer.payload + answer.payload_len - 4, "\xc6\x12\x35\x50", 4);
		assert_true(ask_type(office, &dns, names[i], 28).drop);
		assert_int_equal(answers(&office->sent[0]), 1);
		answer = view(&office->sent[0]);
		assert_memory_equal(answer.payload + answer.payload_len - 2, "\x00\x80", 2);
		assert_true(ask_type(office, &dns, names[i], 65).drop);
		assert_int_equal(rcode(&office->sent[0]), 0);
		assert_int_equal(answers(&office->sent[0]), 0);
		/* The page's own requests go to the page, whatever name stands in front. */
		assert_false(get(office, &web, names[i]).drop);
	}
	assert_int_equal(gate_findings(gate_stats(office->gate), ACTION_BLOCK), 0);
	assert_false(ask(office, &dns, "xtruegate.internal").drop);
	assert_false(ask(office, &dns, "use-application-dns.net").drop);
	assert_false(ask(office, &dns, "mask.icloud.com").drop);
}

/* Asked for in another's name, the page's address draws no more than was sent, but for a few
 * answers in a second; the others say that it comes by TCP. */
static void test_flood_for_own_names(void **state)
{
	struct office *office = *state;
	size_t whole = 0;
	rule(office, "block");
	for (int second = 0; second < 3; second++) {
		for (int i = 0; i < 1000; i++) {
			assert_true(ask_type(office, &dns, "truegate.internal", 28).drop);
			const struct packet answer = view(&office->sent[0]);
			if (answers(&office->sent[0]) == 1) {
				whole++;
			} else {
				assert_true((answer.payload[2] & 2) != 0); /* TC */
				assert_int_equal(answer.payload_len, 12 + 19 + 4);
			}
		}
		office->now.monotonic_us += 1000000;
	}
	assert_int_equal(whole, 3 * 8);
}

static int open_canary_office(void **state)
{
	office_canary = true;
	const int result = open_office(state);
	office_canary = false;
	return result;
}

static void test_canary_names(void **state)
{
	struct office *office = *state;
	rule(office, "block");
	static const char *const absent[] = {"use-application-dns.net", "mask.icloud.com",
					     "mask-h2.icloud.com"};
	for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
		assert_true(ask(office, &dns, absent[i]).drop);
		assert_int_equal(rcode(&office->sent[0]), 3);
	}
	assert_true(ask_type(office, &dns, "_dns.resolver.arpa", 64).drop);
	assert_int_equal(rcode(&office->sent[0]), 0);
	assert_int_equal(answers(&office->sent[0]), 0);
	assert_false(ask(office, &dns, "icloud.com").drop);
}

/* What security review 1.3 and 1.4 sent: a request without a handshake, a question in the name of
 * an address that is nobody's. */
static void test_nothing_goes_to_who_was_not_verified(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 45000, 80};
	uint8_t packet[400], query[300];
	static const char text[] = "GET / HTTP/1.1\r\nHost: " FAKE "\r\n\r\n";
	rule(office, "block");
	/* One segment out of nowhere; then a SYN that no server answered, and a request. */
	for (int i = 0; i < 2; i++) {
		assert_false(show(office, packet,
				  put_tcp(packet, &web, true, TCP_ACK | TCP_PSH, 1000, 2000, text,
					  sizeof text - 1))
				 .drop);
		assert_int_equal(office->sent_count, 0);
		web.client_port++;
		(void)show(office, packet, put_tcp(packet, &web, true, TCP_SYN, 999, 0, NULL, 0));
	}
	/* The server answered, but the acknowledgement is not of its number. */
	(void)show(office, packet,
		   put_tcp(packet, &web, false, TCP_SYN | TCP_ACK, 500, 1000, NULL, 0));
	assert_false(
	    show(office, packet,
		 put_tcp(packet, &web, true, TCP_ACK | TCP_PSH, 1000, 502, text, sizeof text - 1))
		.drop);
	assert_int_equal(office->sent_count, 0);

	static const uint8_t nobody[][4] = {
	    {127, 0, 0, 1}, {0, 0, 0, 0}, {224, 0, 0, 251}, {255, 255, 255, 255}};
	const size_t len = put_query(query, 1, FAKE);
	for (size_t i = 0; i < sizeof nobody / sizeof nobody[0]; i++) {
		const size_t packet_len = put_udp(packet, &dns, true, query, len);
		memcpy(packet + 12, nobody[i], 4);
		assert_false(show(office, packet, packet_len).drop);
		assert_int_equal(office->sent_count, 0);
	}
}

/* Security review 1.5: a SYN and a request in another's name, on the ports of its connection. */
static void test_forged_syn_ends_no_connection(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	uint8_t packet[400];
	static const char honest[] = "GET / HTTP/1.1\r\nHost: news.example\r\n\r\n";
	static const char forged[] = "GET / HTTP/1.1\r\nHost: " FAKE "\r\n\r\n";
	const uint32_t len = sizeof honest - 1;
	rule(office, "block");
	assert_false(request(office, &web, honest, len).drop);
	assert_false(
	    show(office, packet, put_tcp(packet, &web, true, TCP_SYN, 777000, 0, NULL, 0)).drop);
	assert_false(show(office, packet,
			  put_tcp(packet, &web, true, TCP_ACK | TCP_PSH, 777001, 888, forged,
				  sizeof forged - 1))
			 .drop);
	assert_int_equal(office->sent_count, 0);
	assert_false(
	    show(office, packet,
		 put_tcp(packet, &web, true, TCP_ACK | TCP_PSH, 101 + len, 501, honest, len))
		.drop);
	assert_int_equal(office->sent_count, 0);

	/* A SYN that the server answers begins a connection of the same ports. */
	(void)show(office, packet, put_tcp(packet, &web, true, TCP_SYN, 9000, 0, NULL, 0));
	(void)show(office, packet,
		   put_tcp(packet, &web, false, TCP_SYN | TCP_ACK, 600, 9001, NULL, 0));
	assert_true(show(office, packet,
			 put_tcp(packet, &web, true, TCP_ACK | TCP_PSH, 9001, 601, forged,
				 sizeof forged - 1))
			.drop);
	assert_true(office->sent_count > 0);
}

/* RFC 7413: the SYN is dropped, and repeated without the request, which then comes by itself. */
static void test_fast_open(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 46000, 80};
	uint8_t packet[400];
	static const char text[] = "GET / HTTP/1.1\r\nHost: " FAKE "\r\n\r\n";
	rule(office, "block");
	assert_true(show(office, packet,
			 put_tcp(packet, &web, true, TCP_SYN, 100, 0, text, sizeof text - 1))
			.drop);
	assert_int_equal(office->sent_count, 0);
	assert_false(
	    show(office, packet, put_tcp(packet, &web, true, TCP_SYN, 100, 0, NULL, 0)).drop);
	(void)show(office, packet,
		   put_tcp(packet, &web, false, TCP_SYN | TCP_ACK, 500, 101, NULL, 0));
	assert_true(
	    show(office, packet,
		 put_tcp(packet, &web, true, TCP_ACK | TCP_PSH, 101, 501, text, sizeof text - 1))
		.drop);
	assert_true(office->sent_count > 0);
}

/* Several requests in one segment: one answer, the connection ends. */
static void test_pipelined(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	static const char text[] = "GET / HTTP/1.1\r\nHost: news.example\r\n\r\n"
				   "GET / HTTP/1.1\r\nHost: " FAKE "\r\n\r\n"
				   "GET / HTTP/1.1\r\nHost: vietcombamk.top\r\n\r\n";
	const size_t honest = strlen("GET / HTTP/1.1\r\nHost: news.example\r\n\r\n");
	rule(office, "block");
	assert_true(request(office, &web, text + honest, sizeof text - 1 - honest).drop);
	assert_int_equal(sent_to(office, SIDE_SERVER), 1);
	assert_non_null(strstr(page(office), "HTTP/1.1 303 "));
	assert_int_equal(gate_stats(office->gate)->http_answered, 1);
	assert_int_equal(gate_findings(gate_stats(office->gate), ACTION_BLOCK), 2);

	/* The page is not given as the honest request's answer. */
	assert_true(request(office, &web, text, sizeof text - 1).drop);
	assert_int_equal(sent_to(office, SIDE_SERVER), 1);
	assert_int_equal(strlen(page(office)), 0);
	assert_int_equal(sent_to(office, SIDE_DEVICE), 1);
	assert_int_equal(view(&office->sent[0]).tcp_flags & TCP_RST, TCP_RST);
	assert_int_equal(gate_findings(gate_stats(office->gate), ACTION_BLOCK), 4);
}

/* Honest and blocked questions in a segment: what is blocked is answered, and the connection ended,
 * so that the client asks for the honest one again. */
static void test_mixed_questions(void **state)
{
	struct office *office = *state;
	static const char *const names[] = {"news.example", FAKE, ("a." FAKE), "www.example"};
	struct talk talk = {false, 10, 53, 0, 53};
	uint8_t messages[600];
	size_t len = 0;
	rule(office, "block");
	for (uint16_t id = 0; id < 4; id++) {
		const size_t message = put_query(messages + len + 2, id, names[id]);
		put16(messages + len, (uint32_t)message);
		len += 2 + message;
	}
	assert_true(request(office, &talk, (const char *)messages, len).drop);
	const uint8_t *answer = (const uint8_t *)page(office);
	for (uint16_t id = 1; id <= 2; id++) {
		assert_int_equal(answer[2] << 8 | answer[3], id);
		assert_int_equal(answer[5] & 0x0f, 3);
		answer += 2 + (answer[0] << 8 | answer[1]);
	}
	assert_int_equal(gate_findings(gate_stats(office->gate), ACTION_BLOCK), 2);
	unsigned flags = 0;
	for (size_t i = 0; i < office->sent_count; i++) {
		if (office->sent[i].direction == SIDE_DEVICE) {
			flags |= view(&office->sent[i]).tcp_flags;
		}
	}
	assert_int_equal(flags & TCP_FIN, TCP_FIN);

	/* Asked again on a connection of their own, the honest ones pass. */
	const size_t first = 2 + (size_t)(messages[0] << 8 | messages[1]);
	assert_false(request(office, &talk, (const char *)messages, first).drop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    OFFICE_TEST(test_block_dns),
	    OFFICE_TEST(test_block_dns_over_tcp),
	    OFFICE_TEST(test_block_several_questions_of_one_segment),
	    OFFICE_TEST(test_http_leads_to_the_page),
	    OFFICE_TEST(test_head_has_no_body),
	    OFFICE_TEST(test_warn_dns),
	    OFFICE_TEST(test_granted),
	    OFFICE_TEST(test_granted_to_all_addresses_of_a_device),
	    OFFICE_TEST(test_own_names),
	    OFFICE_TEST(test_flood_for_own_names),
	    cmocka_unit_test_setup_teardown(test_canary_names, open_canary_office, close_office),
	    OFFICE_TEST(test_nothing_goes_to_who_was_not_verified),
	    OFFICE_TEST(test_forged_syn_ends_no_connection),
	    OFFICE_TEST(test_fast_open),
	    OFFICE_TEST(test_pipelined),
	    OFFICE_TEST(test_mixed_questions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
