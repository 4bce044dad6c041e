/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The request line of an HTTP/1.x request (RFC 9112 section 3), taken apart only so far that what
 * is not needed can be left behind before any library sees it: of the target, the path, the query
 * and the user information. Internal to dpi/.
 */
#ifndef DPI_REQUEST_LINE_H
#define DPI_REQUEST_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest method looked for, octets; those of the IANA registry have at most 17. */
#define METHOD_MAX_LEN 32

/* A view; every pointer lies inside the line. */
struct request_line {
	const char *method;
	size_t method_len;
	const char *scheme; /* with "://"; NULL unless the target is in absolute-form */
	size_t scheme_len;
	const char *authority; /* host and port, user information left out; NULL unless the target
				  has one (absolute-form, or authority-form of CONNECT) */
	size_t authority_len;
	const char *version; /* "HTTP/1.1" */
	size_t version_len;
};

enum request_line_result {
	REQUEST_LINE_YES,
	REQUEST_LINE_NO,
	REQUEST_LINE_CUT, /* too few octets to tell */
};

/* Whether octets begin as a request line does: a method, which is any token (RFC 9110 section
 * 9.1), and a blank. */
enum request_line_result request_line_begins(const uint8_t *octets, size_t len);

/* Whether octets begin with a method as the registered ones are, in 3 to 17 capital letters, and a
 * space: what is hardly ever met by chance. */
bool request_line_begins_plainly(const uint8_t *octets, size_t len);

/*
 * Takes the line at octets apart.
 *
 * \returns REQUEST_LINE_CUT when there is no LF in len octets, REQUEST_LINE_NO when it does not end
 * in "HTTP/" and a version. out is filled on REQUEST_LINE_YES only.
 */
enum request_line_result request_line_read(const uint8_t *octets, size_t len,
					   struct request_line *out);

/* Takes method, scheme and authority from a line whose end is not there; the version is taken for
 * HTTP/1.1. \returns false when its authority is not there whole. */
bool request_line_read_target(const uint8_t *octets, size_t len, struct request_line *out);

/* Whether octets begin as a request in origin-form does, whose target names no host. */
bool request_line_is_origin_form(const uint8_t *octets, size_t len);

/* Octets at the end of a request line, LF left out, by which request_line_ends() knows it. */
#define REQUEST_LINE_END 16

/* Whether a line ends as a request line does, in a blank and the version. LF is left out. */
bool request_line_ends(const uint8_t *octets, size_t len);

#endif
