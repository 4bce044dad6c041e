/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The host of one HTTP/1.x request, read with libhtp from a complete request head. Internal to
 * dpi/.
 *
 * libhtp is shown a head made from the one that came: the request line without path, query and user
 * information, and the few fields that say which host is asked and where the next request begins.
 * So nothing else of a request is ever copied. Where that head holds a plainly written Host only,
 * it is read without libhtp.
 */
#ifndef DPI_HTTP_HOST_H
#define DPI_HTTP_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"

struct http_host_reader;

enum http_host_result {
	HTTP_HOST_NAME,    /* out->host is filled */
	HTTP_HOST_LITERAL, /* an IP address was asked for: no observation */
	HTTP_HOST_NONE,    /* no host, or octets no host has; or no request head */
};

/* What follows the head in the client's octets. */
enum http_follows {
	HTTP_FOLLOWS_BODY,    /* body_len octets, may be 0; then the next request */
	HTTP_FOLLOWS_CHUNKED, /* a chunked body (RFC 9112 section 7.1), then the next request */
	HTTP_FOLLOWS_OPAQUE,  /* a tunnel, another protocol, or no telling where a body ends */
};

struct http_host {
	char host[HOST_NAME_MAX_LEN + 1]; /* as struct observation says */
	uint16_t host_len;
	enum http_follows follows; /* filled whatever the result */
	uint64_t body_len;
	bool is_head; /* the method is HEAD, whose response has no body */
};

/* \returns NULL when memory is short. Free with http_host_reader_free(). */
struct http_host_reader *http_host_reader_new(void);
void http_host_reader_free(struct http_host_reader *reader);

/* Octets that a reader takes, without libhtp's configuration. */
size_t http_host_reader_memory(void);

/*
 * Reads a request head: from the first octet of its request line to the empty line that ends it,
 * both included. The target's authority wins over Host (RFC 9112 section 3.2.2). Where libhtp is
 * needed it takes memory from the heap for the time of the call.
 */
enum http_host_result http_host_read(struct http_host_reader *reader, const uint8_t *head,
				     size_t len, struct http_host *out);

/* The same of the fields only, up to the empty line, when the request line was too long to be
 * kept: its target names no host, and its method is taken for GET. */
enum http_host_result http_host_read_fields(struct http_host_reader *reader, const uint8_t *fields,
					    size_t len, struct http_host *out);

/* The host of a target in absolute-form, of a request line whose end is not there. */
enum http_host_result http_host_read_target(struct http_host_reader *reader, const uint8_t *octets,
					    size_t len, struct http_host *out);

#endif
