/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libknot/libknot.h>

#include "daemon/answer/dns_answer.h"
#include "daemon/answer/extended_error.h"
#include "tests/unit/dpi/heap.h"

static const struct finding vietcombank = {
    .imitates = "vietcombank.com.vn",
    .site = "Vietcombank",
    .technique = TECHNIQUE_HOMOGLYPH,
    .confidence = CONFIDENCE_HIGH,
    .action = ACTION_BLOCK,
    .why = "0 stands for o",
};

#define TEXT                                                                                       \
	"imitates vietcombank.com.vn (Vietcombank); ask it@office.example; "                       \
	"see " EXTENDED_ERROR_PAGE

#define QUERY_SIZE 1024
#define SOA_SIZE 34 /* with its owner compressed */

/* A question with ID 0x1234 and RD for "Www.VIETc0mbank.top", class IN. */
static size_t make_query(uint8_t *out, uint16_t type)
{
	static const uint8_t head[] = {0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0};
	static const uint8_t name[] = "\3Www\013VIETc0mbank\3top";
	size_t len = 0;

	memcpy(out, head, sizeof(head));
	len += sizeof(head);
	memcpy(out + len, name, sizeof(name));
	len += sizeof(name);
	knot_wire_write_u16(out + len, type);
	knot_wire_write_u16(out + len + 2, 1);
	return len + 4;
}

/* Adds an OPT record. */
static size_t add_opt(uint8_t *query, size_t len, uint16_t payload, uint8_t version, bool dnssec_ok,
		      const uint8_t *options, uint16_t options_len)
{
	uint8_t *opt = query + len;

	query[11]++;
	opt[0] = 0;
	knot_wire_write_u16(opt + 1, 41);
	knot_wire_write_u16(opt + 3, payload);
	opt[5] = 0;
	opt[6] = version;
	opt[7] = dnssec_ok ? 0x80 : 0;
	opt[8] = 0;
	knot_wire_write_u16(opt + 9, options_len);
	if (options_len > 0) {
		memcpy(opt + 11, options, options_len);
	}
	return len + 11 + options_len;
}

/* Adds an OPT record with so many octets of padding (RFC 7830), options in front of it. */
static size_t add_padded_opt(uint8_t *query, size_t len, uint16_t payload, bool dnssec_ok,
			     const uint8_t *options, uint16_t options_len, uint16_t padding)
{
	uint8_t all[QUERY_SIZE] = {0};

	if (options_len > 0) {
		memcpy(all, options, options_len);
	}
	knot_wire_write_u16(all + options_len, 12);
	knot_wire_write_u16(all + options_len + 2, padding);
	return add_opt(query, len, payload, 0, dnssec_ok, all,
		       (uint16_t)(options_len + 4 + padding));
}

static knot_pkt_t *parse(uint8_t *wire, size_t len)
{
	knot_pkt_t *packet = knot_pkt_new(wire, (uint16_t)len, NULL);

	assert_non_null(packet);
	assert_int_equal(knot_pkt_parse(packet, 0), KNOT_EOK);
	return packet;
}

static void check_nxdomain_without_soa(const knot_pkt_t *answer, const uint8_t *query)
{
	size_t question = knot_pkt_question_size(answer);

	assert_int_equal(knot_wire_get_id(answer->wire), 0x1234);
	assert_true(knot_wire_get_qr(answer->wire));
	assert_false(knot_wire_get_tc(answer->wire));
	assert_false(knot_wire_get_ad(answer->wire));
	assert_int_equal(knot_pkt_ext_rcode(answer), KNOT_RCODE_NXDOMAIN);
	assert_memory_equal(answer->wire + 12, query + 12, question);
	assert_int_equal(knot_wire_get_ancount(answer->wire), 0);
}

static void check_nxdomain(const knot_pkt_t *answer, const uint8_t *query)
{
	const knot_pktsection_t *authority = knot_pkt_section(answer, KNOT_AUTHORITY);

	check_nxdomain_without_soa(answer, query);
	assert_int_equal(authority->count, 1);

	const knot_rrset_t *soa = knot_pkt_rr(authority, 0);
	knot_dname_txt_storage_t owner;

	assert_int_equal(soa->type, KNOT_RRTYPE_SOA);
	assert_int_equal(soa->ttl, DNS_ANSWER_NEGATIVE_TTL);
	assert_int_equal(knot_soa_minimum(soa->rrs.rdata), DNS_ANSWER_NEGATIVE_TTL);
	assert_non_null(knot_dname_to_str(owner, soa->owner, sizeof(owner)));
	assert_int_equal(strcasecmp(owner, "vietc0mbank.top."), 0);
}

static void check_error_text(const knot_pkt_t *answer, const char *text)
{
	uint8_t *option = knot_pkt_edns_option(answer, KNOT_EDNS_OPTION_EDE);

	assert_non_null(option);
	assert_int_equal(knot_edns_opt_get_length(option), 2 + strlen(text));
	assert_int_equal(knot_wire_read_u16(knot_edns_opt_get_data(option)), 15);
	assert_memory_equal(knot_edns_opt_get_data(option) + 2, text, strlen(text));
}

static void test_blocked_with_edns(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 1);

	len = add_padded_opt(query, len, 1232, true, NULL, 0, 300);
	size_t answer_len = dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank,
					       "it@office.example", out, sizeof(out));
	knot_pkt_t *answer = parse(out, answer_len);

	check_nxdomain(answer, query);
	check_error_text(answer, TEXT);
	assert_true(knot_wire_get_rd(out));
	assert_true(knot_wire_get_ra(out));
	assert_false(knot_wire_get_aa(out));
	assert_true(knot_edns_do(answer->opt_rr));
	assert_int_equal(knot_edns_get_version(answer->opt_rr), 0);
	assert_int_equal(knot_edns_get_payload(answer->opt_rr), 1232);
	knot_pkt_free(answer);
}

static void test_blocked_without_edns_has_no_opt(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 28);
	size_t answer_len = dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank,
					       "it@office.example", out, sizeof(out));
	knot_pkt_t *answer = parse(out, answer_len);

	check_nxdomain_without_soa(answer, query);
	assert_int_equal(knot_wire_get_nscount(out), 0);
	assert_int_equal(answer_len, len);
	assert_false(knot_pkt_has_edns(answer));
	assert_int_equal(knot_wire_get_arcount(out), 0);
	knot_pkt_free(answer);
}

static void test_iterative_question_is_answered_as_by_the_authority(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 1);

	knot_wire_clear_rd(query);
	size_t answer_len = dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank,
					       NULL, out, sizeof(out));
	knot_pkt_t *answer = parse(out, answer_len);

	check_nxdomain_without_soa(answer, query);
	assert_false(knot_wire_get_rd(out));
	assert_false(knot_wire_get_ra(out));
	assert_true(knot_wire_get_aa(out));
	knot_pkt_free(answer);
}

static void test_tcp_has_length_octets(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 1);

	len = add_opt(query, len, 512, 0, false, NULL, 0);
	size_t answer_len = dns_answer_refused(query, len, true, DNS_NO_SUCH_NAME, &vietcombank,
					       "it@office.example", out, sizeof(out));

	assert_true(answer_len > 2);
	assert_int_equal(knot_wire_read_u16(out), answer_len - 2);
	knot_pkt_t *answer = parse(out + 2, answer_len - 2);

	check_nxdomain(answer, query);
	check_error_text(answer, TEXT);
	assert_false(knot_edns_do(answer->opt_rr));
	knot_pkt_free(answer);
}

static void test_other_options_are_not_echoed(void **state)
{
	(void)state;
	static const uint8_t cookie[] = {0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8};
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 1);

	len = add_padded_opt(query, len, 4096, false, cookie, sizeof(cookie), 300);
	size_t answer_len = dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank,
					       "", out, sizeof(out));
	knot_pkt_t *answer = parse(out, answer_len);

	check_nxdomain(answer, query);
	check_error_text(answer,
			 "imitates vietcombank.com.vn (Vietcombank); see " EXTENDED_ERROR_PAGE);
	assert_null(knot_pkt_edns_option(answer, KNOT_EDNS_OPTION_COOKIE));
	knot_pkt_free(answer);
}

static void test_later_edns_version_is_badvers(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 1);

	len = add_opt(query, len, 1232, 1, false, NULL, 0);
	size_t answer_len = dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank,
					       "it@office.example", out, sizeof(out));
	knot_pkt_t *answer = parse(out, answer_len);

	assert_int_equal(knot_pkt_ext_rcode(answer), KNOT_RCODE_BADVERS);
	assert_int_equal(knot_edns_get_version(answer->opt_rr), 0);
	assert_null(knot_pkt_edns_option(answer, KNOT_EDNS_OPTION_EDE));
	knot_pkt_free(answer);
}

/* Contacts and sites of every length, in letters of three octets, with room for some of them: by
 * UDP the text is whole or left out, by TCP it is whole. */
static void test_text_is_whole_or_left_out(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	char site[1024] = "";
	size_t whole = 0, left_out = 0;

	for (size_t letters = 0; letters < 200; letters++) {
		struct finding finding = vietcombank;
		size_t len = make_query(query, 1);
		char expected[1200];

		len = add_padded_opt(query, len, 1232, false, NULL, 0, 400);
		finding.site = site;
		(void)snprintf(expected, sizeof(expected),
			       "imitates vietcombank.com.vn (%s); ask it@office.example; "
			       "see " EXTENDED_ERROR_PAGE,
			       site);
		for (int tcp = 0; tcp < 2; tcp++) {
			size_t prefix = tcp == 1 ? 2 : 0;
			size_t answer_len =
			    dns_answer_refused(query, len, tcp == 1, DNS_NO_SUCH_NAME, &finding,
					       "it@office.example", out, sizeof(out));
			knot_pkt_t *answer = parse(out + prefix, answer_len - prefix);

			check_nxdomain(answer, query);
			if (tcp == 1 || 400 + 4 - SOA_SIZE >= 6 + strlen(expected)) {
				check_error_text(answer, expected);
				whole++;
			} else {
				check_error_text(answer, "");
				left_out++;
			}
			knot_pkt_free(answer);
		}
		strcat(site, "ệ");
	}
	assert_true(whole > 200 && left_out > 50);
}

static void test_hostile_text_is_made_safe(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	struct finding finding = vietcombank;
	size_t len = make_query(query, 1);

	len = add_padded_opt(query, len, 1232, false, NULL, 0, 300);
	finding.site = "a\x1b[2J\xff";
	size_t answer_len = dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &finding, NULL,
					       out, sizeof(out));
	knot_pkt_t *answer = parse(out, answer_len);

	check_error_text(
	    answer,
	    "imitates vietcombank.com.vn (a\xef\xbf\xbd[2J\xef\xbf\xbd); see " EXTENDED_ERROR_PAGE);
	knot_pkt_free(answer);
}

static size_t blocked(const uint8_t *query, size_t len)
{
	uint8_t out[DNS_ANSWER_SIZE];

	/* A copy of exact size, so that reading behind it is noticed. */
	uint8_t *copy = malloc(len == 0 ? 1 : len);

	assert_non_null(copy);
	memcpy(copy, query, len);
	size_t answered = dns_answer_refused(copy, len, false, DNS_NO_SUCH_NAME, &vietcombank,
					     "it@office.example", out, sizeof(out));
	assert_memory_equal(copy, query, len);
	free(copy);
	return answered;
}

/* What is cut inside the question is refused; behind it, answered as a question without EDNS. */
static void test_every_truncation(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE];
	size_t question = make_query(query, 1);
	size_t plain = blocked(query, question);
	size_t len =
	    add_opt(query, question, 1232, 0, true, (const uint8_t *)"\0\12\0\10abcdefgh", 12);

	assert_true(blocked(query, len) > plain);
	for (size_t cut = 0; cut < len; cut++) {
		assert_int_equal(blocked(query, cut), cut < question ? 0 : plain);
	}
	query[len] = 0;
	assert_int_equal(blocked(query, len + 1), plain);
}

static void test_signed_question_is_answered(void **state)
{
	(void)state;
	static const uint8_t tsig[] = {
	    0, 0, 250, 0, 255, 0, 0, 0, 0, 0,    27, /* root, TSIG, ANY, TTL 0, 27 octets */
	    0, 0, 0,   0, 0,   0, 0, 0, 1, 0x2c, 0,  4, 1, 2, 3, 4, 0, 1, 0, 0, 0, 0,
	};
	uint8_t query[QUERY_SIZE];
	size_t question = make_query(query, 1);
	size_t plain = blocked(query, question);

	memcpy(query + question, tsig, sizeof(tsig));
	query[11]++;
	assert_int_equal(blocked(query, question + sizeof(tsig)), plain);
}

static void test_what_is_no_plain_question_is_refused(void **state)
{
	(void)state;
	uint8_t good[QUERY_SIZE], query[QUERY_SIZE];
	size_t len = make_query(good, 1);

	memcpy(query, good, len);
	query[2] |= 0x80; /* a response */
	assert_int_equal(blocked(query, len), 0);

	memcpy(query, good, len);
	query[2] = 0x21; /* NOTIFY */
	assert_int_equal(blocked(query, len), 0);

	memcpy(query, good, len);
	query[5] = 0; /* no question */
	assert_int_equal(blocked(query, 12), 0);

	memcpy(query, good, len);
	query[5] = 2; /* two questions */
	memcpy(query + len, good + 12, len - 12);
	assert_int_equal(blocked(query, len + len - 12), 0);

	memcpy(query, good, len);
	query[len - 1] = 3; /* class CH */
	assert_int_equal(blocked(query, len), 0);

	memcpy(query, good, 12); /* the root */
	memcpy(query + 12, "\0\0\1\0\1", 5);
	assert_int_equal(blocked(query, 17), 0);

	memcpy(query, good, 12); /* a name that points at itself */
	memcpy(query + 12, "\300\14\0\1\0\1", 6);
	assert_int_equal(blocked(query, 18), 0);

	/* An address record in the additional section, and as an answer, changes nothing. */
	for (size_t count = 7; count <= 11; count += 4) {
		memcpy(query, good, len);
		query[count] = 1;
		memcpy(query + len, "\300\14\0\1\0\1\0\0\0\0\0\4\1\2\3\4", 16);
		assert_int_equal(blocked(query, len + 16), blocked(good, len));
	}
}

static void test_random_octets_do_no_harm(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE];
	uint32_t random = 1;

	for (int round = 0; round < 20000; round++) {
		size_t len = make_query(query, 1);

		len = add_opt(query, len, 1232, 0, true, NULL, 0);
		for (int change = 0; change < 4; change++) {
			random = random * 1103515245U + 12345U;
			query[(random >> 8) % len] = (uint8_t)(random >> 20);
		}
		(void)blocked(query, len);
	}
}

static void test_small_buffers_are_refused(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 1);

	len = add_opt(query, len, 1232, 0, true, NULL, 0);
	for (size_t size = 0; size < sizeof(out); size++) {
		uint8_t *exact = malloc(size == 0 ? 1 : size);

		assert_non_null(exact);
		for (int tcp = 0; tcp < 2; tcp++) {
			assert_true(dns_answer_refused(query, len, tcp == 1, DNS_NO_SUCH_NAME,
						       &vietcombank, "it@office.example", exact,
						       size) <= size);
		}
		free(exact);
	}
	assert_int_equal(
	    dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank, NULL, out, 40),
	    0);
}

static void test_address(void **state)
{
	(void)state;
	static const uint8_t ipv4[4] = {192, 0, 2, 1};
	static const uint8_t ipv6[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];

	for (int family = 0; family < 2; family++) {
		const uint8_t *address = family == 0 ? ipv4 : ipv6;
		size_t address_len = family == 0 ? 4 : 16;
		uint16_t type = family == 0 ? KNOT_RRTYPE_A : KNOT_RRTYPE_AAAA;
		size_t len = make_query(query, type);
		size_t answer_len = dns_answer_address(query, len, false, true, address,
						       address_len, out, sizeof(out));
		knot_pkt_t *answer = parse(out, answer_len);
		const knot_pktsection_t *section = knot_pkt_section(answer, KNOT_ANSWER);

		assert_int_equal(knot_pkt_ext_rcode(answer), 0);
		assert_int_equal(section->count, 1);

		const knot_rrset_t *record = knot_pkt_rr(section, 0);

		assert_int_equal(record->type, type);
		assert_int_equal(record->ttl, DNS_ANSWER_ADDRESS_TTL);
		assert_int_equal(record->rrs.rdata->len, address_len);
		assert_memory_equal(record->rrs.rdata->data, address, address_len);
		assert_true(knot_dname_is_equal(record->owner, knot_pkt_qname(answer)));
		knot_pkt_free(answer);

		/* Another type: no record, no error. */
		len = make_query(query, KNOT_RRTYPE_HTTPS);
		answer_len = dns_answer_address(query, len, false, true, address, address_len, out,
						sizeof(out));
		answer = parse(out, answer_len);
		assert_int_equal(knot_pkt_ext_rcode(answer), 0);
		assert_int_equal(knot_wire_get_ancount(out), 0);
		assert_int_equal(knot_wire_get_nscount(out), 0);
		knot_pkt_free(answer);
	}
}

/* As Chromium asks with its flag for structured errors: an EDE option with INFO-CODE 0. */
static void test_structured_error_where_it_is_asked_for(void **state)
{
	(void)state;
	static const uint8_t asks[] = {0, 15, 0, 2, 0, 0}, other[] = {0, 15, 0, 2, 0, 15};
	static const struct {
		const char *contact, *text;
	} cases[] = {
	    {"it@office.example",
	     "{\"c\":[\"mailto:it@office.example\"],\"j\":\"imitates vietcombank.com.vn "
	     "(Vietcombank); "
	     "see " EXTENDED_ERROR_PAGE "\",\"o\":\"the gateway of this network (Truegate)\","
	     "\"l\":\"en\"}"},
	    {"+84-28-5550199",
	     "{\"c\":[\"tel:+84-28-5550199\"],\"j\":\"imitates vietcombank.com.vn (Vietcombank); "
	     "see " EXTENDED_ERROR_PAGE "\",\"o\":\"the gateway of this network (Truegate)\","
	     "\"l\":\"en\"}"},
	    {"the \"IT\" desk",
	     "{\"j\":\"imitates vietcombank.com.vn (Vietcombank); ask the \\\"IT\\\" desk; "
	     "see " EXTENDED_ERROR_PAGE "\",\"o\":\"the gateway of this network (Truegate)\","
	     "\"l\":\"en\"}"},
	};
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = make_query(query, 1);

		len = add_padded_opt(query, len, 1232, false, asks, sizeof(asks), 300);
		knot_pkt_t *answer =
		    parse(out, dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank,
						  cases[i].contact, out, sizeof(out)));

		check_nxdomain(answer, query);
		check_error_text(answer, cases[i].text);
		assert_null(strstr(cases[i].text, "\"s\""));
		knot_pkt_free(answer);
	}

	size_t len = make_query(query, 1);

	len = add_padded_opt(query, len, 1232, false, other, sizeof(other), 300);
	knot_pkt_t *answer =
	    parse(out, dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank,
					  "it@office.example", out, sizeof(out)));

	check_error_text(answer, TEXT);
	knot_pkt_free(answer);
}

/* The organisation goes first, then the justification; what is left is whole. */
static void test_structured_error_is_cut_by_its_parts(void **state)
{
	(void)state;
	char text[512];
	size_t full = extended_error_structured(&vietcombank, "it@office.example", text, 512);
	bool seen[4] = {false};

	assert_in_range(full, 100, 300);
	for (size_t size = 1; size <= full + 1; size++) {
		size_t len =
		    extended_error_structured(&vietcombank, "it@office.example", text, size);

		assert_true(len < size);
		if (len == 0) {
			seen[0] = true;
			continue;
		}
		assert_memory_equal(text, "{\"c\":[\"mailto:it@office.example\"]", 32);
		assert_int_equal(text[len - 1], '}');
		seen[(strstr(text, "\"j\"") != NULL) + (strstr(text, "\"o\"") != NULL) + 1] = true;
	}
	assert_true(seen[0] && seen[1] && seen[2] && seen[3]);
}

/* Security review 1.3: whoever is asked for in another's name draws no more than was sent. For
 * every type, size of padding and kind of answer. */
static void test_answer_by_udp_is_no_larger_than_the_question(void **state)
{
	(void)state;
	static const uint8_t asks[] = {0, 15, 0, 2, 0, 0};
	static const uint8_t address[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
	static const uint16_t types[] = {1, 28, 64, 65, 255};
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t with_soa = 0, with_text = 0, truncated = 0;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		for (int padding = -2; padding < 500; padding++) {
			for (int kind = 0; kind < 4; kind++) {
				size_t len = make_query(query, types[i]);

				if (padding == -1) {
					len = add_opt(query, len, 1232, 0, false, NULL, 0);
				} else if (padding >= 0) {
					len = add_padded_opt(query, len, 1232, false, asks,
							     kind == 1 ? sizeof(asks) : 0,
							     (uint16_t)padding);
				}
				size_t answered =
				    kind < 2
					? dns_answer_refused(
					      query, len, false,
					      i % 2 == 0 ? DNS_NO_SUCH_NAME : DNS_NO_DATA,
					      &vietcombank, "it@office.example", out, sizeof(out))
					: dns_answer_address(query, len, false, false, address,
							     kind == 2 ? 4 : 16, out, sizeof(out));

				assert_in_range(answered, 12, len);
				knot_pkt_t *answer = parse(out, answered);
				uint8_t *option =
				    knot_pkt_edns_option(answer, KNOT_EDNS_OPTION_EDE);

				assert_true(knot_pkt_has_edns(answer) == (padding >= -1));
				with_soa += knot_wire_get_nscount(out);
				with_text += option != NULL && knot_edns_opt_get_length(option) > 2;
				truncated += knot_wire_get_tc(out) ? 1 : 0;
				knot_pkt_free(answer);
			}
		}
	}
	assert_true(with_soa > 1000 && with_text > 1000 && truncated > 100);
}

/* What has no room by UDP comes by TCP: who asked for structured errors, and the page's address. */
static void test_what_has_no_room_comes_by_tcp(void **state)
{
	(void)state;
	static const uint8_t asks[] = {0, 15, 0, 2, 0, 0};
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 1);

	len = add_opt(query, len, 1232, 0, false, asks, sizeof(asks));
	assert_true(dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank,
				       "it@office.example", out, sizeof(out)) > 0);
	assert_true(knot_wire_get_tc(out));
	assert_true(dns_answer_refused(query, len, true, DNS_NO_SUCH_NAME, &vietcombank,
				       "it@office.example", out, sizeof(out)) > len + 100);
	assert_false(knot_wire_get_tc(out + 2));

	len = make_query(query, 1);
	assert_int_equal(dns_answer_address(query, len, false, false, (const uint8_t *)"\1\2\3\4",
					    4, out, sizeof(out)),
			 len);
	assert_true(knot_wire_get_tc(out));
	assert_int_equal(dns_answer_address(query, len, true, false, (const uint8_t *)"\1\2\3\4", 4,
					    out, sizeof(out)),
			 2 + len + 16);
	assert_false(knot_wire_get_tc(out + 2));
}

static void test_no_data(void **state)
{
	(void)state;
	static const uint16_t types[] = {64, 65, 255};
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t len = make_query(query, types[i]);

		assert_int_equal(dns_answer_type(query, len), types[i]);
		len = add_padded_opt(query, len, 1232, false, NULL, 0, 300);
		knot_pkt_t *answer =
		    parse(out, dns_answer_refused(query, len, false, DNS_NO_DATA, &vietcombank,
						  "it@office.example", out, sizeof(out)));

		assert_int_equal(knot_pkt_ext_rcode(answer), KNOT_RCODE_NOERROR);
		assert_int_equal(knot_wire_get_ancount(out), 0);
		assert_int_equal(knot_wire_get_nscount(out), 1);
		check_error_text(answer, TEXT);
		knot_pkt_free(answer);
	}
	for (size_t cut = 0; cut < 12 + 21 + 2; cut++) {
		assert_int_equal(dns_answer_type(query, cut), 0);
	}
}

static void test_plain_nxdomain_has_no_error(void **state)
{
	(void)state;
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 1);

	len = add_padded_opt(query, len, 1232, false, NULL, 0, 300);
	knot_pkt_t *answer = parse(out, dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME,
							   NULL, NULL, out, sizeof(out)));

	check_nxdomain(answer, query);
	assert_null(knot_pkt_edns_option(answer, KNOT_EDNS_OPTION_EDE));
	knot_pkt_free(answer);
}

static void test_takes_no_memory(void **state)
{
	(void)state;
#if HEAP_WATCHED
	uint8_t query[QUERY_SIZE], out[DNS_ANSWER_SIZE];
	size_t len = make_query(query, 1);

	len = add_opt(query, len, 1232, 0, true, NULL, 0);
	assert_true(heap.taken > 0); /* the counter counts: libknot took memory in other tests */
	uint64_t before = heap.taken;
	assert_true(dns_answer_refused(query, len, false, DNS_NO_SUCH_NAME, &vietcombank,
				       "it@office.example", out, sizeof(out)) > 0);
	assert_true(dns_answer_address(query, len, true, false, (const uint8_t *)"\1\2\3\4", 4, out,
				       sizeof(out)) > 0);
	assert_int_equal(heap.taken, before);
#else
	print_message("SKIPPED: allocations cannot be counted under a sanitizer\n");
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_blocked_with_edns),
	    cmocka_unit_test(test_blocked_without_edns_has_no_opt),
	    cmocka_unit_test(test_iterative_question_is_answered_as_by_the_authority),
	    cmocka_unit_test(test_tcp_has_length_octets),
	    cmocka_unit_test(test_other_options_are_not_echoed),
	    cmocka_unit_test(test_later_edns_version_is_badvers),
	    cmocka_unit_test(test_text_is_whole_or_left_out),
	    cmocka_unit_test(test_hostile_text_is_made_safe),
	    cmocka_unit_test(test_every_truncation),
	    cmocka_unit_test(test_signed_question_is_answered),
	    cmocka_unit_test(test_what_is_no_plain_question_is_refused),
	    cmocka_unit_test(test_random_octets_do_no_harm),
	    cmocka_unit_test(test_small_buffers_are_refused),
	    cmocka_unit_test(test_address),
	    cmocka_unit_test(test_structured_error_where_it_is_asked_for),
	    cmocka_unit_test(test_structured_error_is_cut_by_its_parts),
	    cmocka_unit_test(test_answer_by_udp_is_no_larger_than_the_question),
	    cmocka_unit_test(test_what_has_no_room_comes_by_tcp),
	    cmocka_unit_test(test_no_data),
	    cmocka_unit_test(test_plain_nxdomain_has_no_error),
	    cmocka_unit_test(test_takes_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
