/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/packet.h"

#include <stdlib.h>

#include "packets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct talk talk4 = {false, 0x0105, 0x0808, 40000, 53};
static const struct talk talk6 = {true, 0x0105, 0x0808, 40000, 80};

/* On a copy that ends where its memory does, so that a sanitizer sees each read past it. */
static enum packet_result parse_copy(const uint8_t *octets, size_t len, struct packet *out)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	if (len > 0) {
		memcpy(copy, octets, len);
	}
	enum packet_result result = packet_parse(copy, len, out);
	free(copy);
	return result;
}

static void test_udp(void **state)
{
	(void)state;
	uint8_t octets[64];
	struct packet packet;
	size_t len = put_udp(octets, &talk4, true, "abc", 3);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);
	assert_int_equal(packet.ip_version, 4);
	assert_int_equal(packet.protocol, IPPROTO_UDP);
	assert_int_equal(packet.source_port, 40000);
	assert_int_equal(packet.dest_port, 53);
	assert_ptr_equal(packet.source, octets + 12);
	assert_ptr_equal(packet.dest, octets + 16);
	assert_int_equal(packet.payload_len, 3);
	assert_memory_equal(packet.payload, "abc", 3);
	assert_int_equal(packet.seq, 0);
}

static void test_tcp_ipv6(void **state)
{
	(void)state;
	uint8_t octets[128];
	struct packet packet;
	size_t len = put_tcp(octets, &talk6, true, TCP_PSH | TCP_ACK, 0xfffffffe, 77, "abcd", 4);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);
	assert_int_equal(packet.ip_version, 6);
	assert_int_equal(packet.seq, 0xfffffffe);
	assert_int_equal(packet.ack, 77);
	assert_int_equal(packet.tcp_flags, TCP_PSH | TCP_ACK);
	assert_int_equal(packet.window, 64240);
	assert_ptr_equal(packet.dest, octets + 24);
	assert_memory_equal(packet.payload, "abcd", 4);
}

static void test_ipv4_options_and_padding(void **state)
{
	(void)state;
	uint8_t plain[64];
	uint8_t octets[80] = {0};
	struct packet packet;
	size_t len = put_udp(plain, &talk4, true, "abc", 3);
	memcpy(octets, plain, 20);
	memset(octets + 20, 1, 8); /* NOP */
	memcpy(octets + 28, plain + 20, len - 20);
	octets[0] = 0x47;
	put16(octets + 2, (uint32_t)len + 8);
	assert_int_equal(packet_parse(octets, len + 8 + 20, &packet), PACKET_OK);
	assert_int_equal(packet.ip_len, len + 8);
	assert_int_equal(packet.payload_len, 3);
	assert_memory_equal(packet.payload, "abc", 3);
}

static void test_udp_shorter_than_ip(void **state)
{
	(void)state;
	uint8_t octets[64];
	struct packet packet;
	size_t len = put_udp(octets, &talk4, true, "abcdef", 6);
	put16(octets + 24, 8 + 2);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);
	assert_int_equal(packet.payload_len, 2);
	put16(octets + 24, 7);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_MALFORMED);
	put16(octets + 24, 15);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_MALFORMED);
}

static void test_contradictions(void **state)
{
	(void)state;
	uint8_t octets[128];
	struct packet packet;
	size_t len = put_tcp(octets, &talk4, true, TCP_ACK, 1, 1, "x", 1);
	octets[32] = 0x40; /* data offset below 5 words */
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_MALFORMED);
	octets[32] = 0x60; /* beyond the segment */
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_MALFORMED);
	len = put_tcp(octets, &talk4, true, TCP_ACK, 1, 1, "x", 1);
	octets[0] = 0x44;
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_MALFORMED);
	octets[0] = 0x55;
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_MALFORMED);
	octets[0] = 0x45;
	put16(octets + 2, 19);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_MALFORMED);
	assert_int_equal(packet_parse(octets, 0, &packet), PACKET_MALFORMED);
}

static void test_fragments(void **state)
{
	(void)state;
	uint8_t octets[64];
	struct packet packet;
	size_t len = put_udp(octets, &talk4, true, "abc", 3);
	octets[6] = 0x20; /* more fragments */
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_FRAGMENT);
	octets[6] = 0;
	octets[7] = 1; /* offset 8 */
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_FRAGMENT);
	octets[6] = 0x40; /* don't fragment */
	octets[7] = 0;
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);
}

static void test_other_protocol(void **state)
{
	(void)state;
	uint8_t octets[64];
	struct packet packet;
	size_t len = put_udp(octets, &talk4, true, "abc", 3);
	octets[9] = IPPROTO_ICMP;
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OTHER);
	len = put_ip(octets, &talk6, true, 59 /* no next header */, 0);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OTHER);
}

/* An IPv6 UDP packet with `count` extension headers of 8 octets before the UDP header. */
static size_t put_extended(uint8_t *out, const uint8_t *kinds, size_t count)
{
	uint8_t plain[128];
	size_t len = put_udp(plain, &talk6, true, "abc", 3);
	memcpy(out, plain, 40);
	for (size_t i = 0; i < count; i++) {
		uint8_t *header = out + 40 + i * 8;
		memset(header, 0, 8);
		header[0] = i + 1 < count ? kinds[i + 1] : IPPROTO_UDP;
	}
	if (count > 0) {
		out[6] = kinds[0];
	}
	memcpy(out + 40 + count * 8, plain + 40, len - 40);
	put16(out + 4, (uint32_t)(count * 8 + len - 40));
	return len + count * 8;
}

static void test_extension_headers(void **state)
{
	(void)state;
	uint8_t octets[256];
	struct packet packet;
	const uint8_t kinds[] = {IPPROTO_HOPOPTS, IPPROTO_DSTOPTS, IPPROTO_ROUTING,
				 IPPROTO_FRAGMENT};
	size_t len = put_extended(octets, kinds, 4);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);
	assert_memory_equal(packet.payload, "abc", 3);
	assert_int_equal(packet.source_port, 40000);

	octets[40 + 3 * 8 + 3] = 1; /* M flag: a true fragment */
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_FRAGMENT);

	const uint8_t ah[] = {IPPROTO_AH};
	len = put_extended(octets, ah, 1); /* length 0: 8 octets */
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);

	octets[6] = IPPROTO_DSTOPTS;
	octets[41] = 200; /* longer than the packet */
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_MALFORMED);
}

static void test_extension_header_limit(void **state)
{
	(void)state;
	uint8_t octets[256];
	struct packet packet;
	uint8_t kinds[18];
	memset(kinds, IPPROTO_DSTOPTS, sizeof(kinds));
	size_t len = put_extended(octets, kinds, 16);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);
	len = put_extended(octets, kinds, 17);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_MALFORMED);
	const uint8_t rare[] = {135, 139, 140}; /* mobility, HIP, Shim6 */
	len = put_extended(octets, rare, 3);
	assert_int_equal(packet_parse(octets, len, &packet), PACKET_OK);
}

static void test_truncated(void **state)
{
	(void)state;
	uint8_t octets[256];
	struct packet packet;
	const uint8_t kinds[] = {IPPROTO_HOPOPTS, IPPROTO_AH, IPPROTO_DSTOPTS};
	size_t lens[] = {put_extended(octets, kinds, 3), 0, 0};
	for (size_t cut = 0; cut < lens[0]; cut++) {
		assert_int_equal(parse_copy(octets, cut, &packet), PACKET_MALFORMED);
	}
	lens[1] = put_tcp(octets, &talk4, true, TCP_ACK, 1, 1, "abc", 3);
	for (size_t cut = 0; cut < lens[1]; cut++) {
		assert_int_equal(parse_copy(octets, cut, &packet), PACKET_MALFORMED);
	}
	/* The IP length says it too: then the transport header is what is cut. */
	for (size_t cut = 20; cut < 40; cut++) {
		put16(octets + 2, (uint32_t)cut);
		assert_int_equal(parse_copy(octets, cut, &packet), PACKET_MALFORMED);
	}
	lens[2] = put_udp(octets, &talk6, true, "abc", 3);
	for (size_t cut = 40; cut < lens[2]; cut++) {
		put16(octets + 4, (uint32_t)(cut - 40));
		assert_int_equal(parse_copy(octets, cut, &packet), PACKET_MALFORMED);
	}
}

/* Whatever is flipped: every pointer stays inside, and lengths add up. */
static void test_random_octets(void **state)
{
	(void)state;
	srandom(4);
	for (int round = 0; round < 200000; round++) {
		uint8_t octets[256];
		struct packet packet;
		const uint8_t kinds[] = {IPPROTO_HOPOPTS, IPPROTO_FRAGMENT, IPPROTO_AH};
		size_t len = random() % 2 == 0
				 ? put_extended(octets, kinds, (size_t)random() % 4)
				 : put_tcp(octets, &talk4, true, TCP_ACK, 1, 1, "abcdef", 6);
		for (long i = random() % 4; i >= 0; i--) {
			octets[(size_t)random() % len] = (uint8_t)random();
		}
		len -= (size_t)random() % 3 == 0 ? (size_t)random() % len : 0;
		if (packet_parse(octets, len, &packet) != PACKET_OK) {
			continue;
		}
		assert_true(packet.ip_len <= len);
		assert_true(packet.l4 > octets && packet.payload > packet.l4);
		assert_true(packet.payload + packet.payload_len <= octets + packet.ip_len);
		assert_true(packet.dest < packet.l4 && packet.source < packet.dest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_udp),
	    cmocka_unit_test(test_tcp_ipv6),
	    cmocka_unit_test(test_ipv4_options_and_padding),
	    cmocka_unit_test(test_udp_shorter_than_ip),
	    cmocka_unit_test(test_contradictions),
	    cmocka_unit_test(test_fragments),
	    cmocka_unit_test(test_other_protocol),
	    cmocka_unit_test(test_extension_headers),
	    cmocka_unit_test(test_extension_header_limit),
	    cmocka_unit_test(test_truncated),
	    cmocka_unit_test(test_random_octets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
