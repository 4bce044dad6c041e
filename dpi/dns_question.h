/*
 * The question of a DNS message, read with libknot. Answers are never looked at.
 */
#ifndef DPI_DNS_QUESTION_H
#define DPI_DNS_QUESTION_H

#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"

struct dns_question {
	char host[HOST_NAME_MAX_LEN + 1]; /* as struct observation says; host_len 0 for the root */
	uint16_t host_len;
	uint16_t type;  /* QTYPE, RFC 1035 section 3.2.3 */
	uint16_t class; /* QCLASS */
};

enum dns_result {
	DNS_QUESTION,  /* out is filled */
	DNS_NOT_QUERY, /* a response, or an opcode other than QUERY: nothing to read */
	DNS_MALFORMED, /* cut short, no question or more than one, a label with an octet no host
			  name has (NUL, control, space, dot), a compression pointer in the question
			*/
};

/*
 * Reads the question of one DNS message (RFC 1035 section 4, without the TCP length octets). Takes
 * no memory. The name is in lower case, without trailing dot.
 */
enum dns_result dns_question_read(const uint8_t *message, size_t len, struct dns_question *out);

#endif
