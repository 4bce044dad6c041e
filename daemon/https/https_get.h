/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gets a document over HTTPS, for commands whose user asks for that. Never used by the daemon.
 */
#ifndef DAEMON_HTTPS_HTTPS_GET_H
#define DAEMON_HTTPS_HTTPS_GET_H

#include <stddef.h>

struct https_request {
	const char *url;    /* https:// only, as are those it may be redirected to, five at most */
	const char *accept; /* media types, as in an Accept field (RFC 9110 section 12.5.1) */
	const char *ca;     /* file of certificates to trust; NULL: the machine's */
	long seconds;       /* the whole may take */
	size_t octets_max;  /* of the document; a longer one is an error */
};

/*
 * \param document    gets the document and a NUL when the status is 200, which the caller frees;
 * else NULL.
 * \param error       gets what went wrong.
 * \returns the HTTP status (RFC 9110 section 15), 0 when there was no answer.
 */
long https_get(const struct https_request *request, char **document, char *error,
	       size_t error_size);

#endif
