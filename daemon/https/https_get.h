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
	const char *etag;   /* answer 304 when the document is still this one; NULL: do not ask */
	long seconds;       /* the whole may take; connecting takes 15 at most */
	size_t octets_max;  /* of the document; a longer one is an error */
};

#define HTTPS_ETAG_SIZE 256

struct https_document {
	char *text; /* with a NUL behind it; NULL unless the status is 200 */
	size_t len;
	char etag[HTTPS_ETAG_SIZE]; /* entity tag (RFC 9110 section 8.8.3); empty: none to keep */
};

/*
 * \param document    is filled; the caller frees its text.
 * \param error       gets what went wrong.
 * \returns the HTTP status (RFC 9110 section 15), 0 when there was no answer.
 */
long https_get(const struct https_request *request, struct https_document *document, char *error,
	       size_t error_size);

#endif
