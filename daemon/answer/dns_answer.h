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

/* How long a negative answer may be kept, in seconds (RFC 2308 section 5). Without an SOA some
 * resolvers do not cache at all and ask again at once, others choose a time of their own (minutes);
 * ten seconds spare the gateway repeated questions, and nobody waits once an exception is made. */
#define DNS_ANSWER_NEGATIVE_TTL 10
/* Of the address of a way on, in seconds. */
#define DNS_ANSWER_ADDRESS_TTL 30

/*
 * Writes "blocked": NXDOMAIN with an SOA for the parent of the name (DNS_ANSWER_NEGATIVE_TTL), and,
 * when the question had EDNS, the Extended DNS Error 15 "Blocked" (RFC 8914 section 4.16) whose
 * EXTRA-TEXT reads "imitates vietcombank.com.vn (Vietcombank); ask it@office.example". The text is
 * cut between UTF-8 characters to what fits the payload size asked for (512 octets at least). TC is
 * never set. A question with an EDNS version above 0 is answered BADVERS (RFC 6891 section 6.1.3);
 * the asker repeats it with version 0.
 *
 * \param query    the DNS message, without the length octets of TCP.
 * \param tcp      write the two length octets (RFC 1035 section 4.2.2) in front.
 * \param contact  whom to ask; NULL or "" leaves that part out.
 * \param out      out_size octets; DNS_ANSWER_SIZE always suffices.
 * \returns octets written, or 0: cannot be answered, let the question pass. That is so for a
 * message that is malformed or has octets after its end, is no QUERY, has another number of
 * questions than one, asks for the root or a class other than IN and ANY, or carries records other
 * than one OPT (a signature, TSIG or SIG(0), is such a record); and for a buffer too small.
 */
size_t dns_answer_blocked(const uint8_t *query, size_t query_len, bool tcp,
			  const struct finding *finding, const char *contact, uint8_t *out,
			  size_t out_size);

/*
 * Writes the address of a way on (daemon/answer/proceed.h) with DNS_ANSWER_ADDRESS_TTL. A question
 * for another type than the address's own (A for 4 octets, AAAA for 16) gets no record and an SOA.
 *
 * \param address  network order; address_len 4 or 16.
 * \returns as dns_answer_blocked().
 */
size_t dns_answer_address(const uint8_t *query, size_t query_len, bool tcp, const uint8_t *address,
			  size_t address_len, uint8_t *out, size_t out_size);

/* Writes NXDOMAIN with the SOA and no Extended DNS Error: for a way on that is not valid. \returns
 * as dns_answer_blocked(). */
size_t dns_answer_nxdomain(const uint8_t *query, size_t query_len, bool tcp, uint8_t *out,
			   size_t out_size);

#endif
