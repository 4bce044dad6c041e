/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames of HTTP/2 (RFC 9113 section 4.1) for tests, their field blocks encoded by libnghttp2 or
 * written by hand. Header-only, as packets.h is.
 */
#ifndef TESTS_UNIT_DPI_HTTP2_FRAMES_H
#define TESTS_UNIT_DPI_HTTP2_FRAMES_H

#include <nghttp2/nghttp2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define HTTP2_PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

#define HTTP2_TYPE_DATA 0
#define HTTP2_TYPE_HEADERS 1
#define HTTP2_TYPE_SETTINGS 4
#define HTTP2_TYPE_CONTINUATION 9
#define HTTP2_END_HEADERS 0x4
#define HTTP2_PADDED 0x8
#define HTTP2_PRIORITY 0x20

/* payload: NULL when it has no octets. \returns octets written. */
static inline size_t put_frame(uint8_t *out, uint8_t type, uint8_t flags, const void *payload,
			       size_t len)
{
	const uint8_t header[9] = {
	    (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len, type, flags, 0, 0, 0, 1,
	};
	memcpy(out, header, sizeof(header));
	if (len > 0) {
		memcpy(out + sizeof(header), payload, len);
	}
	return sizeof(header) + len;
}

/* A client's encoder, whose table lasts as long as its connection. */
static inline nghttp2_hd_deflater *http2_client(void)
{
	nghttp2_hd_deflater *deflater = NULL;
	if (nghttp2_hd_deflate_new(&deflater, 4096) != 0) {
		abort();
	}
	return deflater;
}

static inline nghttp2_nv http2_field(const char *name, const char *value)
{
	return (nghttp2_nv){
	    .name = (uint8_t *)(uintptr_t)name,
	    .value = (uint8_t *)(uintptr_t)value,
	    .namelen = strlen(name),
	    .valuelen = strlen(value),
	};
}

/*
 * The field block of a client's next request, in which a field has a value.
 *
 * \param cookie_len  of a cookie behind it.
 */
static inline size_t put_next_block(nghttp2_hd_deflater *client, uint8_t *out, const char *name,
				    const char *value, size_t cookie_len)
{
	char *cookie = calloc(1, cookie_len + 1);
	if (cookie == NULL) {
		abort();
	}
	memset(cookie, '~', cookie_len);
	const nghttp2_nv fields[] = {
	    http2_field(":method", "GET"),  http2_field(":path", "/"),
	    http2_field(":scheme", "http"), http2_field(name, value),
	    http2_field("cookie", cookie),
	};
	const ssize_t len = nghttp2_hd_deflate_hd(client, out, 65536, fields, 5);
	free(cookie);
	if (len < 0) {
		abort();
	}
	return (size_t)len;
}

/* Likewise of a client's first request. */
static inline size_t put_block(uint8_t *out, const char *name, const char *value, size_t cookie_len)
{
	nghttp2_hd_deflater *client = http2_client();
	const size_t len = put_next_block(client, out, name, value, cookie_len);
	nghttp2_hd_deflate_del(client);
	return len;
}

#endif
