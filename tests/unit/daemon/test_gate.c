/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/process/sanitizer.h"
#include "tests/unit/daemon/gate_office.h"

#if !WITH_SANITIZER
/* Of this thread alone: the event log's has a life of its own. */
static _Thread_local uint64_t blocks_taken;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size)
{
	blocks_taken++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	blocks_taken++;
	return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	blocks_taken++;
	return __libc_realloc(block, size);
}
#endif

static void test_without_policy_all_passes(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	assert_false(ask(office, &dns, FAKE).drop);
	assert_false(get(office, &web, FAKE).drop);
	assert_int_equal(office->sent_count, 0);
}

static void test_honest_names_pass(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	rule(office, "block");
	assert_false(ask(office, &dns, "news.example").drop);
	assert_false(ask(office, &dns, "www.vietcombank.com.vn").drop);
	assert_false(get(office, &web, "news.example").drop);
	assert_int_equal(office->sent_count, 0);
	const struct gate_stats *stats = gate_stats(office->gate);
	assert_int_equal(gate_findings(stats, ACTION_BLOCK), 0);
	assert_int_equal(gate_inspector_stats(office->gate)->observations, 3);
}

static void test_observe(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	rule(office, "observe");
	assert_false(ask(office, &dns, FAKE).drop);
	assert_false(get(office, &web, FAKE).drop);
	assert_int_equal(office->sent_count, 0);
	assert_int_equal(gate_findings(gate_stats(office->gate), ACTION_OBSERVE), 2);
}

/* What cannot be answered passes, and is counted. */
static void test_unanswerable(void **state)
{
	struct office *office = *state;
	uint8_t query[300], packet[400];
	rule(office, "block");
	const size_t len = put_query(query, 1, FAKE);
	put16(query + len - 2, 3); /* class CHAOS */
	assert_false(show(office, packet, put_udp(packet, &dns, true, query, len)).drop);
	assert_int_equal(office->sent_count, 0);
	assert_int_equal(gate_stats(office->gate)->unanswered, 1);
	assert_int_equal(gate_stats(office->gate)->dns_answered, 0);
}

/* Multicast DNS (RFC 6762) is asked of everybody: an answer would come from no machine's address.
 */
static void test_multicast_is_not_answered(void **state)
{
	struct office *office = *state;
	uint8_t query[300], packet[400];
	rule(office, "block");
	const size_t len = put_query(query, 0, FAKE);
	size_t packet_len = put_udp(packet, &dns, true, query, len);
	memcpy(packet + 16, (const uint8_t[]){224, 0, 0, 251}, 4);
	assert_false(show(office, packet, packet_len).drop);
	assert_int_equal(office->sent_count, 0);
	memcpy(packet + 16, (const uint8_t[]){255, 255, 255, 255}, 4);
	assert_false(show(office, packet, packet_len).drop);
	assert_int_equal(office->sent_count, 0);
	packet_len = put_udp(packet, &dns6, true, query, len);
	packet[24] = 0xff;
	packet[25] = 0x02;
	assert_false(show(office, packet, packet_len).drop);
	assert_int_equal(office->sent_count, 0);
}

/* Where the gateway's own firewall refuses the answer, or the kernel has no memory for it. */
static void test_what_cannot_be_sent_passes(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	rule(office, "block");
	office->sending_fails = true;
	assert_false(ask(office, &dns, FAKE).drop);
	assert_false(get(office, &web, FAKE).drop);
	assert_int_equal(sent_to(office, SIDE_SERVER), 0);
	assert_false(gate_wants_tick(office->gate));
	const struct gate_stats *stats = gate_stats(office->gate);
	assert_int_equal(stats->unanswered, 2);
	assert_int_equal(stats->dns_answered + stats->http_answered, 0);

	office->sending_fails = false;
	assert_true(ask(office, &dns, FAKE).drop);
	assert_true(get(office, &web, FAKE).drop);
}

static void test_release(void **state)
{
	struct office *office = *state;
	struct talk tls = {false, 10, 443, 0, 443};
	static const char hello[] = "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03";
	rule(office, "block");
	uint8_t packet[1500];
	struct gate_verdict verdict = request(office, &tls, hello, sizeof hello - 1);
	for (uint32_t i = 0; i < 64 && !verdict.release; i++) {
		static const uint8_t octets[1000] = {0x17, 3, 3};
		verdict = show(office, packet,
			       put_tcp(packet, &tls, true, TCP_ACK, 111 + 1000 * i, 501, octets,
				       sizeof octets));
	}
	assert_true(verdict.release);
	assert_false(verdict.drop);
}

static void test_new_rule(void **state)
{
	struct office *office = *state;
	rule(office, "block");
	assert_true(ask(office, &dns, FAKE).drop);
	rule(office, "observe");
	assert_false(ask(office, &dns, FAKE).drop);
	rule(office, "block");
	assert_true(ask(office, &dns, FAKE).drop);
}

/* Each beginning of a packet, and each of its octets spoilt: nothing but what is answered is held.
 */
static void test_bad_packets(void **state)
{
	struct office *office = *state;
	uint8_t query[300], packet[400], bad[400];
	rule(office, "block");
	const size_t query_len = put_query(query, 1, FAKE);
	const size_t len = put_udp(packet, &dns, true, query, query_len);
	for (size_t cut = 0; cut < len; cut++) {
		assert_false(show(office, packet, cut).drop);
		assert_int_equal(office->sent_count, 0);
	}
	for (size_t at = 0; at < len; at++) {
		for (unsigned value = 0; value < 256; value++) {
			memcpy(bad, packet, len);
			bad[at] = (uint8_t)value;
			const struct gate_verdict verdict = show(office, bad, len);
			assert_int_equal(verdict.drop, office->sent_count == 1);
		}
	}
}

/* Questions, honest and not, take no memory: the answers are built in place. */
static void test_no_allocation(void **state)
{
#if !WITH_SANITIZER
	struct office *office = *state;
	rule(office, "block");
	ask(office, &dns, "news.example");
	ask(office, &dns, FAKE);
	const uint64_t before = blocks_taken;
	for (unsigned i = 0; i < 1000; i++) {
		struct talk talk = dns;
		talk.client_port = (uint16_t)(1024 + i);
		ask(office, &talk, i % 2 == 0 ? "news.example" : "www.vietcombank.com.vn");
		ask(office, &talk, FAKE);
	}
	assert_int_equal(blocks_taken - before, 0);
#else
	(void)state;
	print_message("SKIPPED: a sanitizer's heap is not counted\n");
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    OFFICE_TEST(test_without_policy_all_passes),
	    OFFICE_TEST(test_honest_names_pass),
	    OFFICE_TEST(test_observe),
	    OFFICE_TEST(test_unanswerable),
	    OFFICE_TEST(test_multicast_is_not_answered),
	    OFFICE_TEST(test_what_cannot_be_sent_passes),
	    OFFICE_TEST(test_release),
	    OFFICE_TEST(test_new_rule),
	    OFFICE_TEST(test_bad_packets),
	    OFFICE_TEST(test_no_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
