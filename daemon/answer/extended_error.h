/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The EXTRA-TEXT of an Extended DNS Error (RFC 8914 section 2), which says why a name is not
 * answered. Pure; no memory is taken.
 *
 * An asker that knows structured errors (draft-ietf-dnsop-structured-dns-error) gets a JSON object
 * with `c` (contact URIs), `j` (justification), `o` (organisation) and `l` (language). There is no
 * sub-error `s`: those that fit say "phishing", which is a claim about the site; what Truegate
 * knows is that its name resembles another.
 */
#ifndef DAEMON_ANSWER_EXTENDED_ERROR_H
#define DAEMON_ANSWER_EXTENDED_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/finding.h"

/* Where a person learns more; see site_address.h. */
#define EXTENDED_ERROR_PAGE "http://truegate.internal/"

/*
 * Writes "imitates vietcombank.com.vn (Vietcombank); ask it@office.example; see
 * http://truegate.internal/", cut between UTF-8 characters to what the buffer holds.
 *
 * \param contact   whom to ask; NULL or "" leaves that part out.
 * \param out_size  octets, 1 at least; the text ends in a NUL.
 * \returns the text's octets without the NUL.
 */
size_t extended_error_plain(const struct finding *finding, const char *contact, char *out,
			    size_t out_size);

/*
 * Writes the JSON object, minified. Where it does not fit, `o` is left out, then `j`, as the draft
 * has it for UDP.
 *
 * \returns its octets without the NUL; 0 when not even the contact fits, or what remains would hold
 * neither contact nor justification.
 */
size_t extended_error_structured(const struct finding *finding, const char *contact, char *out,
				 size_t out_size);

#endif
