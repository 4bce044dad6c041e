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

static void test_block_http_has_no_proceed(void **state)
{
	struct office *office = *state;
	struct talk web = {true, 10, 80, 0, 80};
	rule(office, "block");
	assert_true(get(office, &web, FAKE).drop);
	assert_int_equal(sent_to(office, SIDE_SERVER), 1);
	assert_non_null(strstr(page(office), "HTTP/1.1 403 "));
	assert_non_null(strstr(page(office), "https://vietcombank.com.vn/"));
	assert_non_null(strstr(page(office), "</html>"));
	assert_null(strstr(page(office), PROCEED_DEFAULT_SUFFIX));
	assert_null(strstr(page(office), "secret"));
}

/* From the page to the site: DNS question for the way on, its request, the fake itself. */
static void test_warn_and_proceed(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	struct talk other = {false, 11, 80, 0, 80};
	rule(office, "warn");
	assert_false(ask(office, &dns, FAKE).drop);
	assert_true(get(office, &web, FAKE).drop);

	char host[HOST_NAME_MAX_LEN + 1] = "";
	const char *end = strstr(page(office), PROCEED_DEFAULT_SUFFIX "/");
	assert_non_null(end);
	const char *start = end;
	while (start[-1] != '/') {
		start--;
	}
	snprintf(host, sizeof host, "%.*s" PROCEED_DEFAULT_SUFFIX, (int)(end - start), start);

	assert_true(ask(office, &dns, host).drop);
	const struct packet address = view(&office->sent[0]);
	assert_int_equal(address.payload[3] & 0x0f, 0);
	assert_int_equal(address.payload[7], 1); /* one answer: the server's address */
	assert_memory_equal(address.payload + address.payload_len - 4, "\x0a\x00\x00\x50", 4);

	assert_true(get(office, &other, host).drop); /* not the device that was warned */
	assert_true(get(office, &other, FAKE).drop);

	assert_true(get(office, &web, host).drop);
	assert_non_null(strstr(page(office), "HTTP/1.1 303 "));
	assert_non_null(strstr(page(office), "Location: http://" FAKE "/\r\n"));
	assert_false(get(office, &web, FAKE).drop);
	assert_int_equal(office->sent_count, 0);
	assert_int_equal(gate_stats(office->gate)->proceeded, 1);
	assert_true(get(office, &other, FAKE).drop);

	office->now.monotonic_us += UINT64_C(1000000) * PROCEED_SECONDS;
	assert_true(get(office, &web, FAKE).drop);
}

static void test_invented_proceed(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	rule(office, "warn");
	assert_true(ask(office, &dns, "abc." FAKE "." PROCEED_DEFAULT_SUFFIX).drop);
	assert_int_equal(view(&office->sent[0]).payload[3] & 0x0f, 3);
	assert_false(get(office, &web, "abc." FAKE "." PROCEED_DEFAULT_SUFFIX).drop);
	assert_int_equal(gate_findings(gate_stats(office->gate), ACTION_WARN), 0);
}

/* Several requests in one segment: one answer, the connection ends. */
static void test_pipelined(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	static const char text[] = "GET / HTTP/1.1\r\nHost: news.example\r\n\r\n"
				   "GET / HTTP/1.1\r\nHost: " FAKE "\r\n\r\n"
				   "GET / HTTP/1.1\r\nHost: vietcombamk.top\r\n\r\n";
	rule(office, "block");
	assert_true(request(office, &web, text, sizeof text - 1).drop);
	assert_int_equal(sent_to(office, SIDE_SERVER), 1);
	assert_int_equal(gate_stats(office->gate)->http_answered, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    OFFICE_TEST(test_block_dns),
	    OFFICE_TEST(test_block_dns_over_tcp),
	    OFFICE_TEST(test_block_several_questions_of_one_segment),
	    OFFICE_TEST(test_block_http_has_no_proceed),
	    OFFICE_TEST(test_warn_and_proceed),
	    OFFICE_TEST(test_invented_proceed),
	    OFFICE_TEST(test_pipelined),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
