#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/live/gate.h"
#include "daemon/sanitizer.h"
#include "tests/unit/dpi/packets.h"

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

#define FAKE "vietc0mbank.top"
#define SENT_MAX 16

struct sent {
	enum side side;
	uint32_t ifindex;
	size_t len;
	uint8_t octets[1500];
};

struct office {
	char log[64];
	struct policy *policy;
	struct judge *judge;
	struct event_log *events;
	struct way_on *way_on;
	struct gate *gate;
	struct gate_time now;
	bool sending_fails;
	size_t sent_count;
	struct sent sent[SENT_MAX];
};

static bool record(void *ctx, enum side side, uint32_t ifindex, const uint8_t *packet, size_t len)
{
	struct office *office = ctx;
	assert_true(office->sent_count < SENT_MAX);
	struct sent *sent = &office->sent[office->sent_count++];
	assert_true(len <= sizeof sent->octets);
	sent->side = side;
	sent->ifindex = ifindex;
	sent->len = len;
	memcpy(sent->octets, packet, len);
	return !office->sending_fails;
}

static void rule(struct office *office, const char *action)
{
	char text[512];
	struct diagnostics diagnostics = {0};
	snprintf(text, sizeof text,
		 "version = 1; contact = \"it@office.example\";\n"
		 "actions = { high = \"%s\"; medium = \"%s\"; low = \"%s\"; };\n"
		 "sites = ( { name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; } );\n",
		 action, action, action);
	struct policy *policy = policy_load_text(text, "test", &diagnostics);
	assert_non_null(policy);
	struct judge *judge = judge_new(policy);
	gate_rule(office->gate, policy, judge);
	judge_free(office->judge);
	policy_free(office->policy);
	office->policy = policy;
	office->judge = judge;
}

static int open_office(void **state)
{
	struct office *office = calloc(1, sizeof *office);
	snprintf(office->log, sizeof office->log, "/tmp/test_gate.%d.jsonl", (int)getpid());
	char error[256];
	const struct event_log_config events = {.path = office->log, .workers = 1};
	office->events = event_log_open(&events, error, sizeof error);
	assert_non_null(office->events);
	office->way_on = way_on_new(NULL);
	const struct inspector_limits limits = {.flows = 64, .streams = 16};
	const struct gate_config config = {
	    .flows = &limits,
	    .answered = 8,
	    .events = office->events,
	    .way_on = office->way_on,
	    .send = record,
	    .send_ctx = office,
	};
	office->gate = gate_new(&config);
	assert_non_null(office->gate);
	office->now = (struct gate_time){.monotonic_us = 1000000000, .real_s = 1700000000};
	*state = office;
	return 0;
}

static int close_office(void **state)
{
	struct office *office = *state;
	gate_free(office->gate);
	way_on_free(office->way_on);
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

static struct gate_verdict show(struct office *office, const uint8_t *packet, size_t len)
{
	office->sent_count = 0;
	return gate_packet(office->gate, packet, len, 7, &office->now);
}

static struct gate_verdict ask(struct office *office, const struct talk *talk, const char *name)
{
	uint8_t query[300], packet[400];
	const size_t len = put_query(query, 0x1234, name);
	return show(office, packet, put_udp(packet, talk, true, query, len));
}

/* A whole connection up to its request; a new port each time. */
static struct gate_verdict request(struct office *office, struct talk *talk, const char *payload,
				   size_t len)
{
	static uint16_t port = 41000;
	uint8_t packet[1500];
	talk->client_port = ++port;
	struct gate_verdict verdict =
	    show(office, packet, put_tcp(packet, talk, true, TCP_SYN, 100, 0, NULL, 0));
	assert_false(verdict.drop);
	verdict = show(office, packet, put_tcp(packet, talk, true, TCP_ACK, 101, 501, NULL, 0));
	assert_false(verdict.drop);
	return show(office, packet,
		    put_tcp(packet, talk, true, TCP_ACK | TCP_PSH, 101, 501, payload, len));
}

static struct gate_verdict get(struct office *office, struct talk *talk, const char *host)
{
	char text[600];
	snprintf(text, sizeof text, "GET /secret HTTP/1.1\r\nHost: %s\r\n\r\n", host);
	return request(office, talk, text, strlen(text));
}

static struct packet view(const struct sent *sent)
{
	struct packet packet;
	assert_int_equal(packet_parse(sent->octets, sent->len, &packet), PACKET_OK);
	return packet;
}

/* The text of what was sent to the device, put together. */
static const char *page(const struct office *office)
{
	static char text[SENT_MAX * 1500];
	size_t len = 0;
	for (size_t i = 0; i < office->sent_count; i++) {
		const struct packet packet = view(&office->sent[i]);
		if (office->sent[i].side == SIDE_DEVICE) {
			memcpy(text + len, packet.payload, packet.payload_len);
			len += packet.payload_len;
		}
	}
	text[len] = '\0';
	return text;
}

static size_t sent_to(const struct office *office, enum side side)
{
	size_t count = 0;
	for (size_t i = 0; i < office->sent_count; i++) {
		count += office->sent[i].side == side;
	}
	return count;
}

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
		assert_int_equal(office->sent[0].side, SIDE_DEVICE);
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

static void test_block_http_has_no_way_on(void **state)
{
	struct office *office = *state;
	struct talk web = {true, 10, 80, 0, 80};
	rule(office, "block");
	assert_true(get(office, &web, FAKE).drop);
	assert_int_equal(sent_to(office, SIDE_SERVER), 1);
	assert_non_null(strstr(page(office), "HTTP/1.1 403 "));
	assert_non_null(strstr(page(office), "https://vietcombank.com.vn/"));
	assert_non_null(strstr(page(office), "</html>"));
	assert_null(strstr(page(office), WAY_ON_DEFAULT_SUFFIX));
	assert_null(strstr(page(office), "secret"));
}

/* From the page to the site: DNS question for the way on, its request, the fake itself. */
static void test_warn_and_way_on(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	struct talk other = {false, 11, 80, 0, 80};
	rule(office, "warn");
	assert_false(ask(office, &dns, FAKE).drop);
	assert_true(get(office, &web, FAKE).drop);

	char host[HOST_NAME_MAX_LEN + 1] = "";
	const char *end = strstr(page(office), WAY_ON_DEFAULT_SUFFIX "/");
	assert_non_null(end);
	const char *start = end;
	while (start[-1] != '/') {
		start--;
	}
	snprintf(host, sizeof host, "%.*s" WAY_ON_DEFAULT_SUFFIX, (int)(end - start), start);

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
	assert_int_equal(gate_stats(office->gate)->went_on, 1);
	assert_true(get(office, &other, FAKE).drop);

	office->now.monotonic_us += UINT64_C(1000000) * WAY_ON_SECONDS;
	assert_true(get(office, &web, FAKE).drop);
}

static void test_invented_way_on(void **state)
{
	struct office *office = *state;
	struct talk web = {false, 10, 80, 0, 80};
	rule(office, "warn");
	assert_true(ask(office, &dns, "abc." FAKE "." WAY_ON_DEFAULT_SUFFIX).drop);
	assert_int_equal(view(&office->sent[0]).payload[3] & 0x0f, 3);
	assert_false(get(office, &web, "abc." FAKE "." WAY_ON_DEFAULT_SUFFIX).drop);
	assert_int_equal(gate_findings(gate_stats(office->gate), ACTION_WARN), 0);
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

#define OFFICE_TEST(test) cmocka_unit_test_setup_teardown(test, open_office, close_office)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    OFFICE_TEST(test_without_policy_all_passes),
	    OFFICE_TEST(test_honest_names_pass),
	    OFFICE_TEST(test_observe),
	    OFFICE_TEST(test_block_dns),
	    OFFICE_TEST(test_block_dns_over_tcp),
	    OFFICE_TEST(test_block_several_questions_of_one_segment),
	    OFFICE_TEST(test_block_http_has_no_way_on),
	    OFFICE_TEST(test_warn_and_way_on),
	    OFFICE_TEST(test_invented_way_on),
	    OFFICE_TEST(test_unanswerable),
	    OFFICE_TEST(test_multicast_is_not_answered),
	    OFFICE_TEST(test_what_cannot_be_sent_passes),
	    OFFICE_TEST(test_pipelined),
	    OFFICE_TEST(test_release),
	    OFFICE_TEST(test_new_rule),
	    OFFICE_TEST(test_bad_packets),
	    OFFICE_TEST(test_no_allocation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
