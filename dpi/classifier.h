/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which flows are DNS or HTTP, on any port, by the first octets that a client sends. Has no state.
 * Internal to dpi/.
 */
#ifndef DPI_CLASSIFIER_H
#define DPI_CLASSIFIER_H

#include <stddef.h>
#include <stdint.h>

enum application {
	APPLICATION_UNDECIDED, /* more of the stream is needed to tell */
	APPLICATION_DNS,
	APPLICATION_HTTP,
	APPLICATION_OTHER,
};

/* Judges one UDP datagram: APPLICATION_DNS when it is a DNS query, else APPLICATION_OTHER. */
enum application classifier_datagram(const uint8_t *octets, size_t len);

/* Judges the first octets that a TCP client sent: what there is of them, in order. HTTP is what has
 * a request line, with any method (a token of RFC 9110 section 5.6.2). */
enum application classifier_stream(const uint8_t *octets, size_t len);

/* Whether octets may be where a client's request or ClientHello begins, for a flow whose beginning
 * was not seen: of methods only those in capital letters. APPLICATION_OTHER or
 * APPLICATION_UNDECIDED. */
enum application classifier_glance(const uint8_t *octets, size_t len);

#endif
