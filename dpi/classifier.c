/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/classifier.h"

#include <stdbool.h>

#include "dpi/request_line.h"
#include "dpi/wire.h"

#define DNS_HEADER 12
#define DNS_LENGTH 2
/* Octets of the root's question, the shortest there is. RFC 1035 section 4.1.2 */
#define ROOT_QUESTION 5

#define FLAGS_QR_OPCODE 0xf8 /* first octet of the flags: QR, OPCODE */

/* RFC 8446 section 5.1 and 4 */
#define TLS_RECORD_HEADER 5
#define TLS_HANDSHAKE 22
#define TLS_VERSION_MAJOR 3
#define TLS_CLIENT_HELLO 1

/*
 * Whether octets may be the header of a DNS query: with one question and no answers, as far as
 * there are octets to tell by. Whoever reads the question afterwards is strict about it.
 */
static bool may_be_query(const uint8_t *octets, size_t len)
{
	static const struct {
		uint8_t at, mask, value;
	} fixed[] = {
	    {2, FLAGS_QR_OPCODE, 0}, /* a question */
	    {4, 0xff, 0},
	    {5, 0xff, 1}, /* QDCOUNT 1 */
	    {6, 0xff, 0},
	    {7, 0xff, 0}, /* ANCOUNT 0 */
	    {8, 0xff, 0},
	    {9, 0xff, 0}, /* NSCOUNT 0 */
	};
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (fixed[i].at < len && (octets[fixed[i].at] & fixed[i].mask) != fixed[i].value) {
			return false;
		}
	}
	return true;
}

/* The same of a stream, where the message's length comes first (RFC 7766 section 8). */
static bool may_begin_query(const uint8_t *octets, size_t len)
{
	if (len < DNS_LENGTH) {
		return true;
	}
	return wire_u16(octets) >= DNS_HEADER + ROOT_QUESTION &&
	       may_be_query(octets + DNS_LENGTH, len - DNS_LENGTH);
}

/* Whether a TLS record begins here that begins with a ClientHello. */
static bool begins_client_hello(const uint8_t *octets, size_t len)
{
	return len > TLS_RECORD_HEADER && octets[0] == TLS_HANDSHAKE &&
	       octets[1] == TLS_VERSION_MAJOR && octets[TLS_RECORD_HEADER] == TLS_CLIENT_HELLO;
}

enum application classifier_datagram(const uint8_t *octets, size_t len)
{
	return len >= DNS_HEADER + ROOT_QUESTION && may_be_query(octets, len) ? APPLICATION_DNS
									      : APPLICATION_OTHER;
}

enum application classifier_glance(const uint8_t *octets, size_t len)
{
	if (request_line_begins_plainly(octets, len) || begins_client_hello(octets, len)) {
		return APPLICATION_UNDECIDED;
	}
	if (len >= DNS_LENGTH + DNS_HEADER && may_begin_query(octets, len)) {
		return APPLICATION_UNDECIDED;
	}
	return APPLICATION_OTHER;
}

enum application classifier_stream(const uint8_t *octets, size_t len)
{
	/* Before HTTP: the length of a message may read as a method of one letter and a blank. */
	if (len >= DNS_LENGTH + DNS_HEADER && may_begin_query(octets, len)) {
		return APPLICATION_DNS;
	}
	struct request_line line;
	switch (request_line_read(octets, len, &line)) {
	case REQUEST_LINE_YES:
		return APPLICATION_HTTP;
	case REQUEST_LINE_CUT:
		return APPLICATION_UNDECIDED;
	case REQUEST_LINE_NO:
		break;
	}

	return may_begin_query(octets, len) ? APPLICATION_UNDECIDED : APPLICATION_OTHER;
}
