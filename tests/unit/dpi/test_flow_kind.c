/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What flows are, as they are counted: each kind by packets of its public format, and that nothing
 * else depends on it.
 */
#include "dpi/flow_kind.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "conversation.h"
#include "heap.h"
#include "hellos.h"

static const struct talk tls_talk = {false, 0x0105, 0x0909, 40002, 443};
static const struct talk dot_talk = {true, 0x0105, 0x0909, 40003, 853};
static const struct talk odd_talk = {false, 0x0105, 0x0909, 40004, 51000};

static const struct inspector_limits asked = {.ask_ndpi = true};

/* Numbers that differ, and look like nothing. */
static void fill(uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		out[i] = (uint8_t)(0xc1 + i * 37);
	}
}

/* Of one flow, however many packets it has: all counts are 0 but one. */
static void assert_counted(const struct watch *watch, const uint64_t *count)
{
	const struct inspector_stats *stats = stats_of(watch);
	uint64_t all = stats->flows_other;
	for (size_t i = 0; i < VIA_COUNT; i++) {
		all += stats->flows_by_via[i];
	}
	for (size_t i = 0; i < HIDDEN_COUNT; i++) {
		all += stats->flows_hidden[i];
	}
	assert_int_equal(*count, 1);
	assert_int_equal(all, 1);
}

static void say_hello(struct watch *watch, const struct talk *talk, const uint8_t *extensions,
		      size_t len)
{
	uint8_t hello[1024];
	uint8_t records[1100];
	const size_t hello_len = put_hello_with(hello, extensions, len);
	const size_t records_len = put_records(records, hello, hello_len, hello_len);
	watch_handshake(watch, talk, ISN);
	watch_data(watch, talk, ISN + 1, records, records_len);
}

static void say_hello_to(struct watch *watch, const struct talk *talk, const char *name)
{
	uint8_t list[300];
	uint8_t extensions[400];
	const size_t len = put_extension(extensions, 0, list, put_server_name(list, 0, name));
	say_hello(watch, talk, extensions, len);
}

static void test_web_over_tls(void **state)
{
	(void)state;
	struct watch *watch = watch_new(&asked);
	say_hello_to(watch, &tls_talk, "www.shop.example");
	assert_counted(watch, &stats_of(watch)->flows_by_via[VIA_TLS]);
	assert_string_equal(watch->hosts, "tls www.shop.example\n");
	watch_free(watch);
}

/* The name of a resolver is still read and handed over. */
static void test_doh(void **state)
{
	(void)state;
	static const char *const names[] = {"dns.google", "cloudflare-dns.com", "dns.quad9.net"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char expected[64];
		struct watch *watch = watch_new(&asked);
		say_hello_to(watch, &tls_talk, names[i]);
		assert_counted(watch, &stats_of(watch)->flows_hidden[HIDDEN_DOH]);
		snprintf(expected, sizeof expected, "tls %s\n", names[i]);
		assert_string_equal(watch->hosts, expected);
		watch_free(watch);
	}
}

static void test_dot_by_port(void **state)
{
	(void)state;
	struct watch *watch = watch_new(&asked);
	say_hello_to(watch, &dot_talk, "resolver.example");
	assert_counted(watch, &stats_of(watch)->flows_hidden[HIDDEN_DOT]);
	assert_string_equal(watch->hosts, "tls resolver.example\n");
	watch_free(watch);
}

/* RFC 7858, RFC 9250 and the registry of RFC 7301; an ALPN that is cut says nothing. */
static void test_dot_by_alpn(void **state)
{
	(void)state;
	static const struct {
		const char *octets;
		size_t len;
		bool is_dot;
	} lists[] = {
	    {"\0\4\3dot", 6, true},   {"\0\4\3doq", 6, true},   {"\0\7\2h2\3dot", 9, true},
	    {"\0\3\2h2", 5, false},   {"\0\4\3dob", 6, false},  {"\0\4\3do", 5, false},
	    {"\0\4\4dot", 6, false},  {"\0", 1, false},         {"", 0, false},
	    {"\0\4\0\3dot", 7, true}, {"\0\5\4dots", 7, false},
	};
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		uint8_t extensions[64];
		struct watch *watch = watch_new(&asked);
		say_hello(watch, &tls_talk, extensions,
			  put_extension(extensions, 16, lists[i].octets, lists[i].len));
		assert_counted(watch, lists[i].is_dot
					  ? &stats_of(watch)->flows_hidden[HIDDEN_DOT]
					  : &stats_of(watch)->flows_hidden[HIDDEN_NAMELESS]);
		watch_free(watch);
	}
}

static void test_dns_and_http(void **state)
{
	(void)state;
	uint8_t query[64];
	struct watch *watch = watch_new(&asked);
	for (uint16_t i = 0; i < 3; i++) {
		watch_udp(watch, &dns_talk, true, query, put_query(query, i, "a.example"));
	}
	assert_counted(watch, &stats_of(watch)->flows_by_via[VIA_DNS]);
	watch_free(watch);

	watch = watch_new(&asked);
	say(watch, &web, TEXT(request_a));
	watch_data(watch, &web, ISN + 1 + sizeof(request_a) - 1, TEXT(request_b));
	assert_counted(watch, &stats_of(watch)->flows_by_via[VIA_HTTP]);
	watch_free(watch);
}

/* A handshake's first message has 148 octets, its second 92; the second repeats the sender's index
 * of the first. The WireGuard white paper, section 5.4.2 and 5.4.3. */
static void test_wireguard(void **state)
{
	(void)state;
	uint8_t first[148];
	uint8_t second[92];
	fill(first, sizeof first);
	fill(second, sizeof second);
	memcpy(first, "\1\0\0\0\x11\x22\x33\x44", 8);
	memcpy(second, "\2\0\0\0\x55\x66\x77\x88\x11\x22\x33\x44", 12);
	struct watch *watch = watch_new(&asked);
	watch_udp(watch, &odd_talk, true, first, sizeof first);
	watch_udp(watch, &odd_talk, false, second, sizeof second);
	assert_counted(watch, &stats_of(watch)->flows_hidden[HIDDEN_VPN]);
	assert_string_equal(watch->hosts, "");
	/* Once counted is counted. */
	watch_udp(watch, &odd_talk, true, first, sizeof first);
	watch_udp(watch, &odd_talk, false, second, sizeof second);
	assert_counted(watch, &stats_of(watch)->flows_hidden[HIDDEN_VPN]);
	watch_free(watch);
}

/* P_CONTROL_HARD_RESET_CLIENT_V2 and _SERVER_V2 as with tls-auth and HMAC-SHA1: opcode, session,
 * HMAC, packet number, time, length of the list of acknowledgements, and in the answer that list
 * and the session it is meant for. OpenVPN's protocol documentation, "TLS mode". */
static void test_openvpn(void **state)
{
	(void)state;
	uint8_t first[42] = {7 << 3};
	uint8_t second[54] = {8 << 3};
	fill(first + 1, 28);
	fill(second + 1, 28);
	second[1] ^= 0x55;
	memcpy(first + 29, "\0\0\0\1\x60\0\0\0\0\0\0\0\0", 13);
	memcpy(second + 29, "\0\0\0\1\x60\0\0\0\1\0\0\0\0", 13);
	memcpy(second + 42, first + 1, 8);
	struct watch *watch = watch_new(&asked);
	watch_udp(watch, &odd_talk, true, first, sizeof first);
	watch_udp(watch, &odd_talk, false, second, sizeof second);
	assert_counted(watch, &stats_of(watch)->flows_hidden[HIDDEN_VPN]);
	watch_free(watch);
}

/* Start-Control-Connection-Request, RFC 2637 section 2.1 */
static void test_pptp(void **state)
{
	(void)state;
	const struct talk talk = {false, 0x0105, 0x0909, 40005, 1723};
	char request[156] = {0};
	memcpy(request, "\0\x9c\0\1\x1a\x2b\x3c\x4d\0\1\0\0\1\0", 14);
	struct watch *watch = watch_new(&asked);
	assert_int_equal(say(watch, &talk, request, sizeof request), INSPECTOR_RELEASE);
	assert_counted(watch, &stats_of(watch)->flows_hidden[HIDDEN_VPN]);
	watch_free(watch);
}

/* IKE in UDP's port 4500: the marker of RFC 3948 section 2.2 and a header of RFC 7296. */
static void test_ipsec(void **state)
{
	(void)state;
	const struct talk talk = {true, 0x0105, 0x0909, 40006, 4500};
	uint8_t message[4 + 28] = {0};
	memcpy(message + 4, "\x11\x22\x33\x44\x55\x66\x77\x88", 8);
	memcpy(message + 20, "\x21\x20\x22\x08", 4);
	message[31] = 28;
	struct watch *watch = watch_new(&asked);
	watch_udp(watch, &talk, true, message, sizeof message);
	assert_counted(watch, &stats_of(watch)->flows_hidden[HIDDEN_VPN]);
	watch_free(watch);
}

/* What each test above says, and more of it, once with nDPI and once without. */
static void converse(struct watch *watch, enum inspector_outcome *outcomes, size_t *count)
{
	static const char *const names[] = {"dns.google", "www.shop.example", "dns.quad9.net"};
	uint8_t octets[200];
	size_t done = 0;
	struct talk talk = odd_talk;
	for (uint16_t i = 0; i < 600; i++) {
		talk.client_port = (uint16_t)(20000 + i % 150);
		talk.server_port = (uint16_t)(i % 3 == 0 ? 51820 : i % 3 == 1 ? 4500 : 1194);
		fill(octets, sizeof octets);
		memcpy(octets, i % 2 == 0 ? "\1\0\0\0" : "\2\0\0\0", 4);
		outcomes[done++] =
		    watch_udp(watch, &talk, i % 2 == 0, octets, i % 2 == 0 ? 148 : 92);
		outcomes[done++] =
		    watch_udp(watch, &talk, true, octets, put_query(octets, i, "late.example"));
	}
	for (uint16_t i = 0; i < 30; i++) {
		talk.client_port = (uint16_t)(30000 + i);
		talk.server_port = i % 2 == 0 ? 443 : 853;
		say_hello_to(watch, &talk, names[i % 3]);
		outcomes[done++] = watch_data(watch, &talk, ISN + 1, TEXT(request_a));
		talk.server_port = 1723;
		memset(octets, 0, sizeof octets);
		memcpy(octets, "\0\x9c\0\1\x1a\x2b\x3c\x4d\0\1\0\0\1\0", 14);
		outcomes[done++] = say(watch, &talk, (const char *)octets, 156);
	}
	*count = done;
}

static void test_nothing_read_depends_on_it(void **state)
{
	(void)state;
	static enum inspector_outcome with[2000];
	static enum inspector_outcome without[2000];
	size_t with_count = 0;
	size_t without_count = 0;
	struct watch *on = watch_new(&asked);
	struct watch *off = watch_new(NULL);
	converse(on, with, &with_count);
	converse(off, without, &without_count);
	assert_true(stats_of(on)->flows_hidden[HIDDEN_VPN] >= 60);
	assert_true(stats_of(on)->flows_hidden[HIDDEN_DOH] > 0);
	assert_int_equal(stats_of(off)->flows_hidden[HIDDEN_VPN], 0);
	assert_int_equal(stats_of(off)->flows_hidden[HIDDEN_DOH], 0);
	assert_true(on->hosts_len > 0);
	assert_string_equal(on->hosts, off->hosts);
	assert_int_equal(with_count, without_count);
	assert_memory_equal(with, without, with_count * sizeof(with[0]));
	/* All but the counts of kinds. */
	assert_memory_equal(stats_of(on), stats_of(off),
			    offsetof(struct inspector_stats, flows_by_via));
	watch_free(on);
	watch_free(off);
}

static void test_other(void **state)
{
	(void)state;
	uint8_t octets[300];
	fill(octets, sizeof octets);
	struct watch *watch = watch_new(&asked);
	for (int i = 0; i < 10; i++) {
		watch_udp(watch, &odd_talk, true, octets, sizeof octets);
	}
	assert_counted(watch, &stats_of(watch)->flows_other);
	watch_free(watch);

	watch = watch_new(&asked);
	say(watch, &odd_talk, TEXT("SSH-2.0-client\r\n"));
	assert_counted(watch, &stats_of(watch)->flows_other);
	watch_free(watch);
}

/* A half handshake of more flows than are followed: the last of them are still known, the first
 * are not, and no octet more is held. */
static void test_places_are_bounded(void **state)
{
	(void)state;
	uint8_t first[148];
	uint8_t second[92];
	struct talk talk = odd_talk;
	fill(first, sizeof first);
	fill(second, sizeof second);
	memcpy(first, "\1\0\0\0\x11\x22\x33\x44", 8);
	memcpy(second, "\2\0\0\0\x55\x66\x77\x88\x11\x22\x33\x44", 12);
	struct watch *watch = watch_new(&asked);
#if HEAP_WATCHED
	const size_t octets = heap.octets;
	const uint64_t taken = heap.taken;
#endif
	for (uint16_t i = 0; i < 2 * FLOW_KIND_PLACES; i++) {
		talk.client_port = (uint16_t)(20000 + i);
		watch_udp(watch, &talk, true, first, sizeof first);
	}
	talk.client_port = 20000;
	watch_udp(watch, &talk, false, second, sizeof second);
	assert_int_equal(stats_of(watch)->flows_hidden[HIDDEN_VPN], 0);
	for (uint16_t i = FLOW_KIND_PLACES; i < 2 * FLOW_KIND_PLACES; i++) {
		talk.client_port = (uint16_t)(20000 + i);
		watch_udp(watch, &talk, false, second, sizeof second);
	}
	assert_int_equal(stats_of(watch)->flows_hidden[HIDDEN_VPN], FLOW_KIND_PLACES);
#if HEAP_WATCHED
	assert_int_equal(heap.octets, octets);
	/* One copy of each packet is the test's. */
	assert_int_equal(heap.taken - taken, 3 * FLOW_KIND_PLACES + 1);
#endif
	watch_free(watch);
}

/* nDPI does not look whether it got memory, so all that it starts with comes out of one block. */
static void test_start_takes_few_blocks(void **state)
{
	(void)state;
#if HEAP_WATCHED
	const uint64_t taken = heap.taken;
	const size_t octets = heap.octets;
	struct flow_kinds *kinds = flow_kinds_new();
	assert_non_null(kinds);
	assert_int_equal(heap.taken - taken, 3);
	assert_int_equal(heap.octets - octets, flow_kinds_memory());
	flow_kinds_free(kinds);
	assert_int_equal(heap.octets, octets);
#else
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_web_over_tls),
	    cmocka_unit_test(test_doh),
	    cmocka_unit_test(test_dot_by_port),
	    cmocka_unit_test(test_dot_by_alpn),
	    cmocka_unit_test(test_dns_and_http),
	    cmocka_unit_test(test_wireguard),
	    cmocka_unit_test(test_openvpn),
	    cmocka_unit_test(test_pptp),
	    cmocka_unit_test(test_ipsec),
	    cmocka_unit_test(test_other),
	    cmocka_unit_test(test_places_are_bounded),
	    cmocka_unit_test(test_nothing_read_depends_on_it),
	    cmocka_unit_test(test_start_takes_few_blocks),
	};
	return cmocka_run_group_tests_name("flow_kind", tests, NULL, NULL);
}
