/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hosts of requests over HTTP/2 without TLS, whose client knows beforehand that its server
 * speaks it ("prior knowledge", RFC 9113 section 3.3). Field blocks are decoded by libnghttp2, in
 * memory of the reader's own. Internal to dpi/.
 *
 * Each block is decoded by itself: what earlier ones left in a decoder's table (RFC 7541 section
 * 2.3.2) would have to be kept for each connection. So of a later request a host is read that the
 * connection did not name before, unless a field in front of it is one that an earlier request had.
 */
#ifndef DPI_HTTP2_HOST_H
#define DPI_HTTP2_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"
#include "include/attribute.h"

/* Octets that a client begins with, before its first frame (RFC 9113 section 3.4). */
#define HTTP2_PREFACE_LEN 24

/* Fields of a request that are looked at: a client sends :authority among its first five. */
#define HTTP2_FIELDS_MAX 128

enum http2_preface {
	HTTP2_PREFACE_NONE,
	HTTP2_PREFACE_CUT, /* more octets are needed to tell */
	HTTP2_PREFACE_WHOLE,
};

enum http2_result {
	HTTP2_NO_NAME, /* the request names no host, or cannot be decoded; *skip as for a name */
	HTTP2_CUT,     /* more octets are needed */
	HTTP2_SKIP,    /* a frame without a request: *skip is its length, header included */
	HTTP2_NAME,    /* host is filled; *skip is the length of all its frames, 0 when their end
			  cannot be told */
};

struct http2_host {
	char host[HOST_NAME_MAX_LEN + 1]; /* as struct observation says */
	uint16_t host_len;
	size_t skip; /* more than is there by at most 9 + 2^24 - 1 octets */
};

/* One worker's; not thread-safe. */
struct http2_reader;

/* \returns NULL when out of memory. Free with http2_reader_free(). */
_mustcheck_ struct http2_reader *http2_reader_new(void);
void http2_reader_free(struct http2_reader *reader);

/* Octets that http2_reader_new() takes. */
size_t http2_reader_memory(void);

/* Looks at a connection's first octets. */
_mustcheck_ enum http2_preface http2_preface_read(const uint8_t *octets, size_t len);

/*
 * Reads one frame, or a HEADERS frame with the CONTINUATION frames that belong to it. Takes no
 * memory; nothing of the request stays but what is in out.
 *
 * \param octets  from the first octet of a frame header (RFC 9113 section 4.1).
 * \param most    octets that may be waited for: when there are as many and the field block is not
 *                whole, what is there of it is read.
 */
_mustcheck_ enum http2_result http2_frame_read(struct http2_reader *reader, const uint8_t *octets,
					       size_t len, size_t most, struct http2_host *out);

#endif
