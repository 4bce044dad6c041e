/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The HTTP answer to a request for a fake: a redirect to the gateway's own page, which stands in an
 * origin that the fake's scripts cannot read. Pure; nothing of the page itself is in it.
 */
#ifndef DAEMON_ANSWER_REDIRECT_H
#define DAEMON_ANSWER_REDIRECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No redirect is longer: a buffer of this size always does. */
#define REDIRECT_SIZE 1536

/*
 * Writes a 303 (RFC 9110 section 15.4.4) to http://PAGE/HOST, with a line of text and a link for
 * who does not follow it. A host that cannot stand in a URL is left out.
 *
 * \param page       host of the page: a name, or an IPv4 or bracketed IPv6 address.
 * \param host       the fake, as struct observation has it: host_len octets.
 * \param head_only  the request's method was HEAD: no body (RFC 9110 section 9.3.2).
 * \returns octets written, or 0 when the buffer is too small.
 */
size_t redirect_write(const char *page, const char *host, size_t host_len, bool head_only,
		      char *out, size_t out_size);

#endif
