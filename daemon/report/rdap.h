/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom to write to about a fake: asked of the domain's registry by RDAP (RFC 9082), over HTTPS. The
 * one place of the program that asks another machine for something about a name; only when the
 * administrator says so.
 */
#ifndef DAEMON_REPORT_RDAP_H
#define DAEMON_REPORT_RDAP_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/report/rdap_reader.h"

/* IANA's list of the servers of each top-level domain (RFC 9224). */
#define RDAP_BOOTSTRAP "https://data.iana.org/rdap/dns.json"

struct rdap_config {
	const char
	    *server;    /* base URL of a server to ask; NULL: the one that RDAP_BOOTSTRAP names */
	const char *ca; /* file of certificates to trust; NULL: the machine's */
};

/*
 * Looks the abuse contact of a name up: of the registered domain that it is, or lies under. Takes
 * 20 seconds a request at most, of which there are four at most.
 *
 * \param error  gets what is wrong, without the name.
 * \returns false when there is none.
 */
bool rdap_lookup(const struct rdap_config *config, const char *name, char mail[RDAP_MAIL_SIZE],
		 char *error, size_t error_size);

#endif
