/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What RDAP servers answer (RFC 9083, RFC 9224), read with suspicion.
 */
#ifndef DAEMON_REPORT_RDAP_READER_H
#define DAEMON_REPORT_RDAP_READER_H

#include <stdbool.h>
#include <stddef.h>

/* Longest texts, with the NUL. */
#define RDAP_URL_SIZE 256
#define RDAP_MAIL_SIZE 255 /* RFC 5321 section 4.5.3.1.3 */

/*
 * Finds the server of a top-level domain in IANA's list (dns.json).
 *
 * \param json  NUL-terminated.
 * \param base  gets its base URL, by HTTPS, with a slash at the end.
 * \returns false when the list has none, or is not one.
 */
bool rdap_server_of(const char *json, const char *top_level, char base[RDAP_URL_SIZE]);

/*
 * Finds the abuse contact's mail address in the answer about a domain: that of an entity with the
 * role "abuse", which mostly stands within the registrar's.
 *
 * \returns false when there is none, or none that can stand in a mail's head as it is.
 */
bool rdap_abuse_mail(const char *json, char mail[RDAP_MAIL_SIZE]);

#endif
