/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP answers given in the place of the server that was asked: the warning page and the redirect
 * of a way on. Pure: they write a whole HTTP/1.1 response (RFC 9112) into the caller's buffer.
 *
 * The status of the page is 403: a request that was not carried out, which scripts and crawlers
 * take for a failure and nobody stores; 451 would claim a legal reason, 511 asks for a login, 200
 * would pass for the site itself. Both answers say "Connection: close" and "Cache-Control:
 * no-store".
 *
 * The page is one HTML text in Vietnamese and English without script or outside resources. All that
 * comes from the network or the policy is escaped, octets that are not UTF-8 and characters that
 * could disguise a name (controls, bidirectional marks) are shown as U+FFFD.
 */
#ifndef DAEMON_ANSWER_WARNING_PAGE_H
#define DAEMON_ANSWER_WARNING_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/finding.h"

/* No response is longer: a buffer of this size always does. */
#define WARNING_PAGE_SIZE 24576

struct warning {
	const struct finding *finding;
	const char *host; /* the fake, as struct observation has it: host_len octets */
	size_t host_len;
	const char *contact;     /* whom to ask, UTF-8; made a mailto link when it is an address;
				    NULL or "": that paragraph is left out */
	const char *proceed_url; /* from proceed_url(); NULL: the page has no way on */
	bool head_only; /* the request's method was HEAD: no body (RFC 9110 section 9.3.2) */
};

/*
 * Writes the warning page.
 *
 * \returns octets written, or 0 when the buffer is too small (contact and names of policy files can
 * be long; what is too long is cut, so WARNING_PAGE_SIZE does suffice).
 */
size_t warning_page(const struct warning *warning, char *out, size_t out_size);

/*
 * Writes a 303 (RFC 9110 section 15.4.4) to the root of a site: the answer to a way on.
 *
 * \param host  an A-label host name, from proceed_read().
 * \param port  the one the way on was asked at; left out of the URL when 80.
 * \returns octets written, or 0 when the buffer is too small.
 */
size_t warning_page_redirect(const char *host, uint16_t port, char *out, size_t out_size);

#endif
