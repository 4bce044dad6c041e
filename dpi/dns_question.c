/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/dns_question.h"

#include <libknot/consts.h>
#include <libknot/dname.h>
#include <libknot/packet/wire.h>
#include <stdbool.h>

/* QTYPE and QCLASS, RFC 1035 section 4.1.2 */
#define QUESTION_FIXED_LEN 4

/* Octets above 0x7f are let through: some clients send UTF-8 names. */
static bool is_host_octet(uint8_t octet)
{
	return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
	       (octet >= '0' && octet <= '9') || octet == '-' || octet == '_' || octet > 0x7f;
}

static bool is_host_label(const uint8_t *label, uint8_t len)
{
	for (uint8_t i = 0; i < len; i++) {
		if (!is_host_octet(label[i])) {
			return false;
		}
	}
	return true;
}

static uint8_t to_lower(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet - 'A' + 'a') : octet;
}

/* Writes labels, joined by dots, from behind the last that no host name has: what stands in front
 * is whoever serves the name's own choice, and does not hide it. The name is uncompressed and at
 * most KNOT_DNAME_MAXLEN octets. */
static void write_host(const uint8_t *name, struct dns_question *out)
{
	uint16_t used = 0;

	while (*name != 0) {
		uint8_t label_len = *name++;
		if (!is_host_label(name, label_len)) {
			used = 0;
		} else {
			if (used > 0) {
				out->host[used++] = '.';
			}
			for (uint8_t i = 0; i < label_len; i++) {
				out->host[used++] = (char)to_lower(name[i]);
			}
		}
		name += label_len;
	}
	out->host[used] = '\0';
	out->host_len = used;
}

enum dns_result dns_question_read(const uint8_t *message, size_t len, struct dns_question *out)
{
	if (len < KNOT_WIRE_HEADER_SIZE) {
		return DNS_MALFORMED;
	}
	if (knot_wire_get_qr(message) != 0 || knot_wire_get_opcode(message) != KNOT_OPCODE_QUERY) {
		return DNS_NOT_QUERY;
	}
	if (knot_wire_get_qdcount(message) != 1) {
		return DNS_MALFORMED;
	}

	const uint8_t *name = message + KNOT_WIRE_HEADER_SIZE;
	const uint8_t *end = message + len;
	/* Without the message libknot refuses compression pointers, of which a question has none.
	 */
	int name_len = knot_dname_wire_check(name, end, NULL);
	if (name_len <= 0 || end - name < name_len + QUESTION_FIXED_LEN) {
		return DNS_MALFORMED;
	}
	write_host(name, out);
	return DNS_QUESTION;
}
