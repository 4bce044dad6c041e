/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The question of a DNS message, read with libknot. Answers are never looked at. Internal to dpi/.
 */
#ifndef DPI_DNS_QUESTION_H
#define DPI_DNS_QUESTION_H

#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"

struct dns_question {
	char host[HOST_NAME_MAX_LEN + 1]; /* as struct observation says */
	uint16_t host_len; /* 0 when the question is for no host name: for the root, or with a last
			      label that none has. RFC 2181 section 11 lets any octet stand in a
			      label: of a name only the labels behind the last odd one are told. */
};

enum dns_result {
	DNS_QUESTION,  /* out is filled */
	DNS_NOT_QUERY, /* a response, or an opcode other than QUERY: nothing to read */
	DNS_MALFORMED, /* cut short, no question or more than one, a compression pointer in it */
};

/*
 * Reads the question of one DNS message (RFC 1035 section 4, without the TCP length octets). Takes
 * no memory. The name is in lower case, without trailing dot.
 */
enum dns_result dns_question_read(const uint8_t *message, size_t len, struct dns_question *out);

#endif
