/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What invented devices and servers say: DNS, HTTP, TLS and QUIC messages, well-formed as far as a
 * classifier reads them; beyond that random octets.
 */
#ifndef BENCH_MESSAGES_H
#define BENCH_MESSAGES_H

#include <stddef.h>
#include <stdint.h>

#include "tests/bench/seeded.h"

#define MESSAGE_SIZE 1400

/* Octets of one message; what does not fit ends the program. */
struct message {
	uint8_t octets[MESSAGE_SIZE];
	size_t len;
};

/* A question for A or AAAA with EDNS (RFC 1035 section 4, RFC 6891 section 6.1). */
void message_dns_query(struct message *out, struct seeded *random, const char *name);

/* The answer to a query: its header and question, and one or two addresses. */
void message_dns_answer(struct message *out, struct seeded *random, const struct message *query);

/* Puts the two length octets of DNS over TCP in front (RFC 7766 section 8). */
void message_prefix_length(struct message *message);

/* A request as browsers send it, with cookie and all (RFC 9112 section 3). */
void message_http_request(struct message *out, struct seeded *random, const char *host);

/* The head of a response with body_len octets, and as many of them as fit. \returns those left. */
size_t message_http_response(struct message *out, struct seeded *random, size_t body_len);

/* A ClientHello with server_name (RFC 8446 section 4.1.2, RFC 6066 section 3). */
void message_tls_client_hello(struct message *out, struct seeded *random, const char *name);
void message_tls_server_hello(struct message *out, struct seeded *random);

/* One record of application data, payload of len octets in all. */
void message_tls_data(struct message *out, struct seeded *random, size_t len);

/* A packet with the long header of an Initial, padded to 1200 octets (RFC 9000 section 17.2.2). */
void message_quic_initial(struct message *out, struct seeded *random);

/* A packet with the short header (RFC 9000 section 17.3). */
void message_quic_data(struct message *out, struct seeded *random, size_t len);

/* len random octets. */
void message_random(struct message *out, struct seeded *random, size_t len);

#endif
