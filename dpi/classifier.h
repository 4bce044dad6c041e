/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which flows are DNS or HTTP, on any port: nDPI. It is asked once or a few times at the beginning
 * of a flow and remembers nothing of it afterwards.
 *
 * What nDPI is shown is not the packet that came but one made for it, with the facts its dissectors
 * judge by: a DNS header, or an HTTP method and version. So it never holds a client's address, a
 * host name, a path or a cookie, and its own lists of names and categories never see a name; and it
 * takes no memory while it works. Internal to dpi/.
 */
#ifndef DPI_CLASSIFIER_H
#define DPI_CLASSIFIER_H

#include <stddef.h>
#include <stdint.h>

struct classifier;

enum application {
	APPLICATION_UNDECIDED, /* more of the stream is needed to tell */
	APPLICATION_DNS,
	APPLICATION_HTTP,
	APPLICATION_OTHER,
};

/* \returns NULL when memory is short or nDPI did not start. Free with classifier_free(). */
struct classifier *classifier_new(void);
void classifier_free(struct classifier *classifier);

/* Judges one UDP datagram: APPLICATION_DNS when it is a DNS query, else APPLICATION_OTHER. */
enum application classifier_datagram(struct classifier *classifier, const uint8_t *octets,
				     size_t len);

/* Judges the first octets that a TCP client sent: what there is of them, in order. */
enum application classifier_stream(struct classifier *classifier, const uint8_t *octets,
				   size_t len);

/* Whether octets may be where a client's request begins: cheaper than classifier_stream(), for a
 * flow whose beginning was not seen. APPLICATION_OTHER or APPLICATION_UNDECIDED. */
enum application classifier_glance(const uint8_t *octets, size_t len);

#endif
