/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS answers given in the place of the server that was asked, written with libknot into the
 * caller's buffer. No memory is taken from the heap.
 *
 * Every answer has the question's ID, opcode, RD, CD and the question section octet for octet (its
 * case is a nonce for some resolvers). Flags stand as the server asked would have set them: a
 * recursive question (RD) is answered with RA and without AA; one without RD comes from a resolver
 * that asks an authoritative server, which takes a non-AA answer for a lame delegation, so AA is
 * set and RA is not. AD is never set.
 *
 * An answer by UDP is never larger than its question, unless the caller says so: nobody knows
 * whether the address that it goes to asked. What has no room is left out, or TC is set and the
 * question comes again over TCP, where the handshake shows who asks.
 *
 * EDNS stands in the answer when it stood in the question (RFC 6891 section 7): version 0, our
 * payload size, the DO bit as asked. Other options of the question (cookies, padding, client
 * subnet) are not answered.
 */
#ifndef DAEMON_ANSWER_DNS_ANSWER_H
#define DAEMON_ANSWER_DNS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/finding.h"

/* No answer is longer, with the two length octets of TCP: a buffer of this size always does.
 * RFC 9715: answers up to 1232 octets are not fragmented. */
#define DNS_ANSWER_SIZE 1232

/* How long a negative answer may be kept, in seconds (RFC 2308 section 5). One
 * second spares the gateway a repeated question, and whoever goes on need not wait. */
#define DNS_ANSWER_NEGATIVE_TTL 1
/* Of an address of the gateway's own page, in seconds. */
#define DNS_ANSWER_ADDRESS_TTL 30
/* Octets that the record of an address takes at most: 2 for its owner, 10, an IPv6 address. */
#define DNS_ANSWER_ADDRESS_EXCESS 28

/* QTYPE of a message (RFC 1035 section 3.2.2), 0 when it has none. */
uint16_t dns_answer_type(const uint8_t *query, size_t query_len);

enum dns_refusal {
	DNS_NO_SUCH_NAME, /* NXDOMAIN: no type of this name exists */
	DNS_NO_DATA,      /* NOERROR without a record: others of its types do */
};

/*
 * Writes an answer without a record, with an SOA for the parent of the name
 * (DNS_ANSWER_NEGATIVE_TTL), and, when the question had EDNS and there is a finding, the Extended
 * DNS Error 15 "Blocked" (RFC 8914 section 4.16). Its text is the structured one of
 * extended_error.h when the question asked for errors by an EDE option of INFO-CODE 0, else the
 * plain one. By UDP, SOA and error stand only where the question had as many octets (options that
 * are not answered, padding); an error without room for its text comes without it, and TC is set
 * when structured errors were asked for. A question with an EDNS version above 0 is answered
 * BADVERS (RFC 6891 section 6.1.3); the asker repeats it with version 0.
 *
 * What follows the question section need not be well-formed: of a message with octets after its
 * end, with a signature (TSIG, SIG(0)) or with records that do not parse, the question is answered
 * as if it came without.
 *
 * \param query    the DNS message, without the length octets of TCP.
 * \param tcp      write the two length octets (RFC 1035 section 4.2.2) in front.
 * \param finding  NULL: no Extended DNS Error.
 * \param contact  whom to ask; NULL or "" leaves that part out.
 * \param out      out_size octets; DNS_ANSWER_SIZE always suffices.
 * \returns octets written, or 0: cannot be answered, let the question pass. That is so for a
 * message that is not a QUERY, has another number of questions than one, asks for the root or a
 * class other than IN and ANY; and for a buffer too small.
 */
size_t dns_answer_refused(const uint8_t *query, size_t query_len, bool tcp,
			  enum dns_refusal refusal, const struct finding *finding,
			  const char *contact, uint8_t *out, size_t out_size);

/*
 * Writes an address with DNS_ANSWER_ADDRESS_TTL. A question for another type than the address's own
 * (A for 4 octets, AAAA for 16) gets DNS_NO_DATA. By UDP, TC is set in place of an address that has
 * no room.
 *
 * \param may_exceed  by UDP the answer may be DNS_ANSWER_ADDRESS_EXCESS octets larger than the
 * question.
 * \param address  network order; address_len 4 or 16.
 * \returns as dns_answer_refused().
 */
size_t dns_answer_address(const uint8_t *query, size_t query_len, bool tcp, bool may_exceed,
			  const uint8_t *address, size_t address_len, uint8_t *out,
			  size_t out_size);

#endif
