/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/quic_initial.h"

#include <stdlib.h>

#include "hellos.h"
#include "quic_packets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROOM 16384
#define HOST "www.a-bank.example"

static const uint8_t first_dcid[] = {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08};
static const uint8_t other_dcid[] = {1, 2, 3, 4, 5};
static const struct quic_form form_1 = {
    .version = QUIC_VERSION_1, .dcid = first_dcid, .dcid_len = sizeof(first_dcid), .number_len = 1};

static struct quic_hello hello;
static struct client_hello found;
static uint8_t message[ROOM];
static size_t message_len;

static int set_up(void **state)
{
	(void)state;
	const struct hello_form form = {.before = 900, .after = 900};
	message_len = put_hello(message, HOST, form);
	quic_hello_init(&hello);
	memset(&found, 0x7e, sizeof(found));
	return 0;
}

/* On a copy that ends where its memory does. */
static enum hello_result read_copy(const uint8_t *octets, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, octets, len);
	const enum hello_result result = quic_hello_datagram(&hello, copy, len, &found);
	free(copy);
	if (result == HELLO_FOUND) {
		assert_int_equal(found.host_len, strlen(found.host));
	}
	return result;
}

static enum hello_result read_payload(const struct quic_form *form, const uint8_t *payload,
				      size_t len)
{
	static uint8_t datagram[ROOM * 2];
	return read_copy(datagram, put_initial(datagram, form, payload, len));
}

/* A part of the message in one CRYPTO frame, in a packet and a datagram of its own. */
static enum hello_result read_part(const struct quic_form *form, size_t from, size_t to)
{
	static uint8_t payload[ROOM];
	memset(payload, 0, 64); /* padding, so that there is a sample */
	return read_payload(form, payload,
			    32 + put_crypto(payload + 32, from, message + from, to - from));
}

static size_t from_hex(uint8_t *out, const char *hex)
{
	const size_t len = strlen(hex) / 2;
	for (size_t i = 0; i < len; i++) {
		const char digits[] = {hex[2 * i], hex[2 * i + 1], '\0'};
		out[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return len;
}

static void assert_hex(const uint8_t *octets, const char *hex)
{
	uint8_t expected[64];
	assert_memory_equal(octets, expected, from_hex(expected, hex));
}

/* RFC 9001 appendix A.1, RFC 9369 appendix A.1 */
static void test_keys_of_the_rfcs(void **state)
{
	(void)state;
	struct quic_keys keys;
	quic_client_keys(QUIC_VERSION_1, first_dcid, sizeof(first_dcid), &keys);
	assert_hex(keys.key, "1f369613dd76d5467730efcbe3b1a22d");
	assert_hex(keys.iv, "fa044b2f42a3fd3b46fb255c");
	assert_hex(keys.hp, "9f50449e04a0e810283a1e9933adedd2");
	quic_client_keys(QUIC_VERSION_2, first_dcid, sizeof(first_dcid), &keys);
	assert_hex(keys.key, "8b1a0bc121284290a29e0971b5cd045d");
	assert_hex(keys.iv, "91f73e2351d8fa91660e909f");
	assert_hex(keys.hp, "45b95e15235d6f45a6b19cbcb0294ba9");
}

/* RFC 9001 appendix A.2, RFC 9369 appendix A.2: the same 1,162 octets, whose protected header,
 * first block and tag say that all of the packet is as there. */
static void test_packets_of_the_rfcs(void **state)
{
	(void)state;
	static const struct {
		uint32_t version;
		const char *begin;
		const char *tag;
	} vectors[] = {
	    {QUIC_VERSION_1,
	     "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11d242b123dc9b",
	     "e221af44860018ab0856972e194cd934"},
	    {QUIC_VERSION_2,
	     "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485dd04de806071",
	     "a18b2faa745b6fe189cf772a9f84cbfc"},
	};
	static uint8_t payload[1162];
	static uint8_t packet[1300];
	from_hex(payload,
		 "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69"
		 "484c00000413011302010000c000000010000e00000b6578616d706c652e636f6dff01000100000a"
		 "00080006001d0017001800100007000504616c706e000500050100000000003300260024001d0020"
		 "9370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400"
		 "0d0010000e0403050306030203080408050806002d00020101001c00024001003900320408ffffff"
		 "ffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806"
		 "048000ffff");
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct quic_form form = form_1;
		form.version = vectors[i].version;
		form.number = 2;
		form.number_len = 4;
		const size_t len = put_initial(packet, &form, payload, sizeof(payload));
		assert_int_equal(len, 1200);
		assert_hex(packet, vectors[i].begin);
		assert_hex(packet + len - QUIC_TAG_LEN, vectors[i].tag);
		quic_hello_init(&hello);
		assert_int_equal(read_copy(packet, len), HELLO_FOUND);
		assert_string_equal(found.host, "example.com");
	}
}

/* RFC 9000 appendix A.1 */
static void test_varints(void **state)
{
	(void)state;
	static const struct {
		const char *hex;
		uint64_t value;
	} vectors[] = {{"c2197c5eff14e88c", UINT64_C(151288809941952652)},
		       {"9d7f3e7d", 494878333},
		       {"7bbd", 15293},
		       {"25", 37},
		       {"4025", 37}};
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint8_t octets[8];
		const size_t len = from_hex(octets, vectors[i].hex);
		for (size_t cut = 0; cut <= len; cut++) {
			struct wire_cursor cursor = {.at = octets, .end = octets + cut};
			uint64_t value = 0;
			assert_int_equal(quic_read_varint(&cursor, &value), cut == len);
			if (cut == len) {
				assert_true(value == vectors[i].value);
				assert_ptr_equal(cursor.at, cursor.end);
			}
		}
	}
}

/* RFC 9000 appendix A.3 and around it */
static void test_packet_numbers(void **state)
{
	(void)state;
	assert_true(quic_packet_number(0xa82f30eb, 0x9b32, 2) == 0xa82f9b32);
	assert_true(quic_packet_number(0, 0, 1) == 0);
	assert_true(quic_packet_number(0, 255, 1) == 255);
	assert_true(quic_packet_number(255, 1, 1) == 257);
	assert_true(quic_packet_number(257, 254, 1) == 254);
	assert_true(quic_packet_number(5, UINT32_MAX, 4) == UINT32_MAX);
	assert_true(quic_packet_number((UINT64_C(1) << 62) - 1, 0xff, 1) ==
		    (UINT64_C(1) << 62) - 1);
}

static void test_one_packet(void **state)
{
	(void)state;
	const uint32_t versions[] = {QUIC_VERSION_1, QUIC_VERSION_2};
	for (size_t i = 0; i < 2; i++) {
		for (unsigned number_len = 1; number_len <= 4; number_len++) {
			struct quic_form form = form_1;
			form.version = versions[i];
			form.number_len = number_len;
			form.number = 7;
			quic_hello_init(&hello);
			assert_int_equal(read_part(&form, 0, message_len), HELLO_FOUND);
			assert_string_equal(found.host, HOST);
		}
	}
}

/* Two datagrams, split anywhere, in both orders. */
static void test_every_cut(void **state)
{
	(void)state;
	for (size_t cut = 1; cut < message_len; cut++) {
		struct quic_form form = form_1;
		quic_hello_init(&hello);
		assert_int_equal(read_part(&form, 0, cut), HELLO_INCOMPLETE);
		form.number++;
		assert_int_equal(read_part(&form, cut, message_len), HELLO_FOUND);
		assert_string_equal(found.host, HOST);

		quic_hello_init(&hello);
		assert_int_equal(read_part(&form, cut, message_len), HELLO_INCOMPLETE);
		form.number = 0;
		assert_int_equal(read_part(&form, 0, cut), HELLO_FOUND);
		assert_string_equal(found.host, HOST);
	}
}

/* Frames of 1 to 40 octets in an order that chance gives, with PING and padding between, some
 * twice and some that overlap. */
static void test_frames_in_any_order(void **state)
{
	(void)state;
	static uint8_t payload[ROOM];
	size_t order[ROOM];
	srand(15);
	for (unsigned round = 0; round < 200; round++) {
		const size_t each = 1 + (size_t)rand() % 40;
		const size_t frames = (message_len + each - 1) / each;
		for (size_t i = 0; i < frames; i++) {
			order[i] = i;
		}
		for (size_t i = frames - 1; i > 0; i--) {
			const size_t other = (size_t)rand() % (i + 1);
			const size_t kept = order[i];
			order[i] = order[other];
			order[other] = kept;
		}
		quic_hello_init(&hello);
		struct quic_form form = form_1;
		enum hello_result result = HELLO_INCOMPLETE;
		for (size_t i = 0; i < frames;) {
			size_t used = 0;
			while (i < frames && used < 1150) {
				const size_t from = order[i++] * each;
				const size_t reach = from + each + (size_t)rand() % 3;
				const size_t to = reach < message_len ? reach : message_len;
				used += put_crypto(payload + used, from, message + from, to - from);
				if (rand() % 3 == 0) {
					payload[used++] = 1;
				}
				payload[used++] = 0;
			}
			if (result == HELLO_INCOMPLETE) {
				result = read_payload(&form, payload, used);
				form.number++;
			}
		}
		assert_int_equal(result, HELLO_FOUND);
		assert_string_equal(found.host, HOST);
	}
}

/* What came first stays: a second, other copy changes nothing. */
static void test_other_copy(void **state)
{
	(void)state;
	struct quic_form form = form_1;
	assert_int_equal(read_part(&form, 0, 1100), HELLO_INCOMPLETE);
	memset(message, 0x20, 1100);
	form.number++;
	assert_int_equal(read_part(&form, 0, message_len), HELLO_FOUND);
	assert_string_equal(found.host, HOST);
}

static void test_coalesced(void **state)
{
	(void)state;
	static uint8_t payload[ROOM];
	static uint8_t datagram[ROOM];
	struct quic_form form = form_1;
	size_t used = 0;
	for (size_t at = 0; at < message_len; at += 700) {
		const size_t len = message_len - at < 700 ? message_len - at : 700;
		used += put_initial(datagram + used, &form, payload,
				    put_crypto(payload, at, message + at, len));
		form.number++;
		/* 0-RTT of 3 octets, which is skipped */
		const uint8_t early[] = {0xd0, 0, 0, 0, 1, 0, 0, 3, 9, 9, 9};
		memcpy(datagram + used, early, sizeof(early));
		used += sizeof(early);
	}
	/* what fills the datagram */
	memset(datagram + used, 0x33, 50);
	assert_int_equal(read_copy(datagram, used + 50), HELLO_FOUND);
	assert_string_equal(found.host, HOST);
}

/* Two datagrams in one, as UDP segmentation offload has them, the first filled up with octets that
 * are no packet, but may look like one. */
static void test_datagrams_as_one(void **state)
{
	(void)state;
	static uint8_t payload[ROOM];
	static uint8_t datagram[ROOM];
	for (unsigned filler = 0; filler < 256; filler++) {
		for (size_t fill = 1; fill < 40; fill += 6) {
			struct quic_form form = form_1;
			quic_hello_init(&hello);
			size_t used = put_initial(datagram, &form, payload,
						  put_crypto(payload, 0, message, 1000));
			memset(datagram + used, (int)filler, fill);
			/* a short header before the same version and connection ID */
			memcpy(datagram + used + fill, datagram, 14);
			datagram[used + fill] = 0x40;
			used += fill + 14;
			form.number++;
			used += put_initial(
			    datagram + used, &form, payload,
			    put_crypto(payload, 1000, message + 1000, message_len - 1000));
			assert_int_equal(read_copy(datagram, used), HELLO_FOUND);
			assert_string_equal(found.host, HOST);
		}
	}
}

/* The second datagram bears what the server chose, or its version, and the first one's keys. */
static void test_changed_connection_id(void **state)
{
	(void)state;
	for (int changes_version = 0; changes_version < 2; changes_version++) {
		struct quic_form form = form_1;
		quic_hello_init(&hello);
		assert_int_equal(read_part(&form, 0, 1000), HELLO_INCOMPLETE);
		form.key_dcid = first_dcid;
		form.key_dcid_len = sizeof(first_dcid);
		form.dcid = other_dcid;
		form.dcid_len = sizeof(other_dcid);
		form.number++;
		form.version = changes_version != 0 ? QUIC_VERSION_2 : QUIC_VERSION_1;
		assert_int_equal(read_part(&form, 1000, message_len), HELLO_FOUND);
		assert_string_equal(found.host, HOST);
	}
}

/* After a Retry: a token, the connection ID that the server chose, and its keys. */
static void test_retry(void **state)
{
	(void)state;
	struct quic_form form = form_1;
	assert_int_equal(read_part(&form, 0, 1000), HELLO_INCOMPLETE);
	form.dcid = other_dcid;
	form.dcid_len = sizeof(other_dcid);
	form.token_len = 100;
	form.number = 1;
	assert_int_equal(read_part(&form, 0, 1000), HELLO_INCOMPLETE);
	form.number = 2;
	assert_int_equal(read_part(&form, 1000, message_len), HELLO_FOUND);
	assert_string_equal(found.host, HOST);
}

/* A new connection between the same ports: nothing of the old one is mixed into it. */
static void test_new_connection(void **state)
{
	(void)state;
	struct quic_form form = form_1;
	assert_int_equal(read_part(&form, 0, 1000), HELLO_INCOMPLETE);
	const struct hello_form other = {.before = 800, .after = 1000};
	message_len = put_hello(message, "another.example", other);
	form.dcid = other_dcid;
	form.dcid_len = sizeof(other_dcid);
	assert_int_equal(read_part(&form, 1000, message_len), HELLO_INCOMPLETE);
	assert_int_equal(read_part(&form, 0, 1000), HELLO_FOUND);
	assert_string_equal(found.host, "another.example");
}

/* Beyond what an octet of packet number tells from the first. */
static void test_large_packet_numbers(void **state)
{
	(void)state;
	struct quic_form form = form_1;
	form.number = 0x12345678;
	form.number_len = 4;
	assert_int_equal(read_part(&form, 0, 1000), HELLO_INCOMPLETE);
	form.number = 0x79;
	form.number_above = 0x12345600;
	form.number_len = 1;
	assert_int_equal(read_part(&form, 1000, message_len), HELLO_FOUND);
	assert_string_equal(found.host, HOST);
}

static void test_other_frames(void **state)
{
	(void)state;
	static uint8_t payload[ROOM];
	static const struct {
		const char *octets;
		size_t len;
	} frames[] = {
	    {"\x01\x01\x00", 3},                              /* PING, padding */
	    {"\x02\x05\x00\x00\x02", 5},                      /* ACK of one range */
	    {"\x02\x40\x25\x00\x02\x01\x01\x01\x01\x01", 10}, /* of three */
	    {"\x03\x05\x00\x00\x02\x01\x01\x00", 8},          /* with ECN */
	    {"\x1c\x0a\x06\x03why", 7},                       /* CONNECTION_CLOSE */
	};
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		quic_hello_init(&hello);
		memcpy(payload, frames[i].octets, frames[i].len);
		size_t len = frames[i].len;
		len += put_crypto(payload + len, 0, message, message_len);
		assert_int_equal(read_payload(&form_1, payload, len), HELLO_FOUND);

		/* cut short, at the packet's end */
		for (size_t cut = 3; cut < frames[i].len; cut++) {
			uint8_t *copy = malloc(cut);
			assert_non_null(copy);
			memcpy(copy, frames[i].octets, cut);
			quic_hello_init(&hello);
			assert_false(quic_hello_frames(&hello, copy, cut));
			free(copy);
		}
	}
}

/* What may not stand in an Initial (RFC 9000 section 12.4) comes from no client. */
static void test_wrong_frames(void **state)
{
	(void)state;
	uint8_t payload[64] = {0};
	for (unsigned type = 0; type < 256; type++) {
		payload[20] = (uint8_t)type;
		quic_hello_init(&hello);
		const bool allowed = type <= 3 || type == 6 || type == 0x1c;
		assert_int_equal(read_payload(&form_1, payload, sizeof(payload)),
				 allowed ? HELLO_INCOMPLETE : HELLO_NONE);
	}
}

static void test_bounds(void **state)
{
	(void)state;
	static const uint8_t octet[] = {0};
	uint8_t payload[64];
	/* the last octet that is kept, and the next; lengths that would wrap round */
	size_t len = put_crypto(payload, QUIC_HELLO_MAX - 1, octet, 1);
	assert_true(quic_hello_frames(&hello, payload, len));
	len = put_crypto(payload, QUIC_HELLO_MAX, octet, 1);
	assert_false(quic_hello_frames(&hello, payload, len));
	len = from_hex(payload, "06ffffffffffffffff01aa");
	assert_false(quic_hello_frames(&hello, payload, len));
	len = from_hex(payload, "0600ffffffffffffffffaa");
	assert_false(quic_hello_frames(&hello, payload, len));
	len = from_hex(payload, "020000ffffffffffffffff00");
	assert_false(quic_hello_frames(&hello, payload, len));

	/* the longest ClientHello, and one octet more */
	for (unsigned more = 0; more < 2; more++) {
		struct hello_form form = {.before = 7000, .after = 1};
		form.before += QUIC_HELLO_MAX + more - put_hello(message, HOST, form);
		message_len = put_hello(message, HOST, form);
		assert_int_equal(message_len, QUIC_HELLO_MAX + more);
		quic_hello_init(&hello);
		struct quic_form packet = form_1;
		enum hello_result result = HELLO_INCOMPLETE;
		for (size_t at = 0; at < message_len; at += 1000) {
			assert_int_equal(result, HELLO_INCOMPLETE);
			result = read_part(&packet, at,
					   message_len - at < 1000 ? message_len : at + 1000);
			packet.number++;
		}
		assert_int_equal(result, more == 0 ? HELLO_FOUND : HELLO_NONE);
	}
}

/* Of one that never ends; also where none can be opened. */
static void test_given_up(void **state)
{
	(void)state;
	for (int opens = 0; opens < 2; opens++) {
		struct quic_form form = form_1;
		form.key_dcid = opens != 0 ? NULL : other_dcid;
		form.key_dcid_len = sizeof(other_dcid);
		quic_hello_init(&hello);
		for (unsigned i = 0; i < QUIC_PACKETS_MAX; i++) {
			form.number = i;
			assert_int_equal(read_part(&form, 0, 100), HELLO_INCOMPLETE);
		}
		assert_int_equal(read_part(&form, 0, 100), HELLO_NONE);
	}
}

static void test_not_quic(void **state)
{
	(void)state;
	static uint8_t datagram[ROOM];
	static const char *const others[] = {
	    "",
	    "40",                 /* a short header */
	    "c0",                 /* cut short */
	    "c000000000",         /* Version Negotiation */
	    "c0ff00001d08",       /* a draft's version */
	    "f000000001000000",   /* Retry */
	    "c06b3343cf00000000", /* the same, of version 2 */
	    "e000000001000000",   /* Handshake: the server has it all */
	    "f06b3343cf000000",
	    "123401000001000000000000",         /* DNS */
	    "c00000000115",                     /* a connection ID of 21 octets */
	    "c000000001000000",                 /* no Length */
	    "c0000000010000000a00",             /* Length beyond the end */
	    "c0000000010000ffffffffffffffff00", /* a token beyond the end */
	};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		quic_hello_init(&hello);
		assert_int_equal(read_copy(datagram, from_hex(datagram, others[i])), HELLO_NONE);
	}
	/* a version that is to be answered with another: the next Initial will do */
	quic_hello_init(&hello);
	assert_int_equal(read_copy(datagram, from_hex(datagram, "c01a2a3a4a0000")),
			 HELLO_INCOMPLETE);
	assert_int_equal(read_part(&form_1, 0, message_len), HELLO_FOUND);
}

/* Every prefix, and each octet changed: nothing is found, and nothing read beyond. */
static void test_damaged(void **state)
{
	(void)state;
	static uint8_t payload[ROOM];
	static uint8_t datagram[ROOM];
	const struct hello_form small = {.before = 0, .after = 0};
	message_len = put_hello(message, HOST, small);
	const size_t len =
	    put_initial(datagram, &form_1, payload, put_crypto(payload, 0, message, message_len));
	for (size_t cut = 0; cut < len; cut++) {
		quic_hello_init(&hello);
		assert_int_equal(read_copy(datagram, cut), HELLO_NONE);
	}
	for (size_t at = 0; at < len; at++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			datagram[at] ^= (uint8_t)(1U << bit);
			quic_hello_init(&hello);
			assert_int_not_equal(read_copy(datagram, len), HELLO_FOUND);
			datagram[at] ^= (uint8_t)(1U << bit);
		}
	}
	/* the shortest packets there are: without a sample, and with no more than one */
	for (size_t rest = 0; rest < 24; rest++) {
		const uint8_t head[] = {0xc0, 0, 0, 0, 1, 0, 0, 0, (uint8_t)rest};
		memcpy(datagram, head, sizeof(head));
		quic_hello_init(&hello);
		assert_int_equal(read_copy(datagram, sizeof(head) + rest), HELLO_INCOMPLETE);
	}
}

static void test_init_leaves_nothing(void **state)
{
	(void)state;
	static const struct quic_hello empty;
	assert_int_equal(read_part(&form_1, 0, message_len), HELLO_FOUND);
	quic_hello_init(&hello);
	assert_memory_equal(&hello, &empty, sizeof(hello));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_keys_of_the_rfcs, set_up),
	    cmocka_unit_test_setup(test_packets_of_the_rfcs, set_up),
	    cmocka_unit_test_setup(test_varints, set_up),
	    cmocka_unit_test_setup(test_packet_numbers, set_up),
	    cmocka_unit_test_setup(test_one_packet, set_up),
	    cmocka_unit_test_setup(test_every_cut, set_up),
	    cmocka_unit_test_setup(test_frames_in_any_order, set_up),
	    cmocka_unit_test_setup(test_other_copy, set_up),
	    cmocka_unit_test_setup(test_coalesced, set_up),
	    cmocka_unit_test_setup(test_datagrams_as_one, set_up),
	    cmocka_unit_test_setup(test_changed_connection_id, set_up),
	    cmocka_unit_test_setup(test_retry, set_up),
	    cmocka_unit_test_setup(test_new_connection, set_up),
	    cmocka_unit_test_setup(test_large_packet_numbers, set_up),
	    cmocka_unit_test_setup(test_other_frames, set_up),
	    cmocka_unit_test_setup(test_wrong_frames, set_up),
	    cmocka_unit_test_setup(test_bounds, set_up),
	    cmocka_unit_test_setup(test_given_up, set_up),
	    cmocka_unit_test_setup(test_not_quic, set_up),
	    cmocka_unit_test_setup(test_damaged, set_up),
	    cmocka_unit_test_setup(test_init_leaves_nothing, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
