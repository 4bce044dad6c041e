/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that the gateway answers itself over plain DNS, whoever is asked:
 *
 * - truegate.internal and all names under it, which are the gateway's own page. ICANN keeps
 * .internal for private use: no such name exists elsewhere, no certificate for it, and no browser
 * insists on HTTPS for it.
 * - as an option, the names by which browsers and systems ask whether this network wants its DNS
 *   asked: use-application-dns.net (Firefox), mask.icloud.com and mask-h2.icloud.com (iCloud
 * Private Relay) do not exist, resolver.arpa (RFC 9462) has no data.
 */
#ifndef DAEMON_ANSWER_OWN_NAME_H
#define DAEMON_ANSWER_OWN_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define OWN_NAME "truegate.internal"

enum own_name {
	OWN_NAME_NONE,    /* a name like any other */
	OWN_NAME_PAGE,    /* answer with the page's address */
	OWN_NAME_ABSENT,  /* answer that it does not exist */
	OWN_NAME_NO_DATA, /* answer that it has no such record */
};

/*
 * \param host    host_len octets, lower case, without trailing dot (struct observation).
 * \param canary  whether the second kind of names is the gateway's as well.
 */
enum own_name own_name_of(const char *host, size_t host_len, bool canary);

#endif
