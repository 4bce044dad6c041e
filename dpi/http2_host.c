/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/http2_host.h"

#include <assert.h>
#include <nghttp2/nghttp2.h>
#include <sodium.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/host_name.h"
#include "dpi/wire.h"

/* RFC 9113 section 4.1 */
#define FRAME_HEADER 9
/* Section 6.2: what stands before the field block */
#define PRIORITY_LEN 5

/* What libnghttp2 takes for a decoder and HTTP2_FIELDS_MAX fields of a block of 17 KiB, whose text
 * may grow by half when it is decoded and for which it takes twice its length. */
#define ARENA_OCTETS ((size_t)64 << 10)

/* One call's memory: taken piece by piece, overwritten and given back at once. */
struct http2_reader {
	size_t used;
	alignas(max_align_t) uint8_t arena[ARENA_OCTETS];
};

/* A part of a field block, as one frame brings it. */
struct fragment {
	const uint8_t *octets;
	size_t len;
	bool is_cut;  /* the frame goes on behind what is there */
	bool is_last; /* of the block */
};

static const char preface[HTTP2_PREFACE_LEN + 1] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

static void *take(size_t size, void *ctx)
{
	struct http2_reader *reader = ctx;
	/* Both are multiples of what a block is aligned to. */
	if (size > sizeof(reader->arena) - reader->used) {
		return NULL;
	}
	void *block = reader->arena + reader->used;
	reader->used +=
	    (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	return block;
}

static void *take_cleared(size_t count, size_t size, void *ctx)
{
	if (size > 0 && count > ARENA_OCTETS / size) {
		return NULL;
	}
	void *block = take(count * size, ctx);
	if (block != NULL) {
		memset(block, 0, count * size);
	}
	return block;
}

/* A decoder enlarges nothing. */
static void *take_larger(void *block, size_t size, void *ctx)
{
	return block == NULL ? take(size, ctx) : NULL;
}

static void give_back(void *block, void *ctx)
{
	(void)block;
	(void)ctx;
}

struct http2_reader *http2_reader_new(void)
{
	return calloc(1, sizeof(struct http2_reader));
}

void http2_reader_free(struct http2_reader *reader)
{
	free(reader);
}

size_t http2_reader_memory(void)
{
	return sizeof(struct http2_reader);
}

enum http2_preface http2_preface_read(const uint8_t *octets, size_t len)
{
	const size_t there = len < HTTP2_PREFACE_LEN ? len : HTTP2_PREFACE_LEN;
	if (memcmp(octets, preface, there) != 0) {
		return HTTP2_PREFACE_NONE;
	}
	return there < HTTP2_PREFACE_LEN ? HTTP2_PREFACE_CUT : HTTP2_PREFACE_WHOLE;
}

/* What the header of a frame says (RFC 9113 section 4.1); FRAME_HEADER octets must be there. */
static size_t payload_len(const uint8_t *header)
{
	return wire_u32(header) >> 8;
}

static bool ends_block(const uint8_t *header)
{
	return (header[4] & NGHTTP2_FLAG_END_HEADERS) != 0;
}

/* Whether it is of a type that stands there in a field block. */
static bool is_of_block(const uint8_t *header, bool is_first)
{
	return header[3] == (is_first ? NGHTTP2_HEADERS : NGHTTP2_CONTINUATION);
}

/* Takes off what may stand round the fields of a HEADERS frame. \returns false when it is malformed
 * or too little is there. */
static bool strip(struct fragment *fragment, uint8_t flags, size_t whole_len)
{
	size_t before = 0;
	size_t padding = 0;
	if ((flags & NGHTTP2_FLAG_PADDED) != 0) {
		if (fragment->len < 1) {
			return false;
		}
		padding = fragment->octets[0];
		before++;
	}
	before += (flags & NGHTTP2_FLAG_PRIORITY) != 0 ? PRIORITY_LEN : 0;
	if (before + padding > whole_len || before > fragment->len) {
		return false;
	}
	const size_t end = whole_len - padding;
	fragment->len = fragment->len < end ? fragment->len : end;
	fragment->octets += before;
	fragment->len -= before;
	return true;
}

/* Reads the next frame of a field block, the first of type HEADERS. \returns false when it is
 * another one, malformed, or its header is cut. */
static bool read_fragment(struct wire_cursor *cursor, bool is_first, struct fragment *out)
{
	const uint8_t *header;
	if (!wire_read_octets(cursor, FRAME_HEADER, &header)) {
		return false;
	}
	const size_t len = payload_len(header);
	if (!is_of_block(header, is_first)) {
		return false;
	}
	*out = (struct fragment){
	    .len = len < wire_left(cursor) ? len : wire_left(cursor),
	    .is_cut = len > wire_left(cursor),
	    .is_last = ends_block(header),
	};
	if (!wire_read_octets(cursor, out->len, &out->octets)) {
		return false;
	}
	return !is_first || strip(out, header[4], len);
}

/* Whether more octets can make the block whole. */
static bool is_cut_block(const uint8_t *octets, size_t len)
{
	struct wire_cursor cursor = {octets, octets + len};
	struct fragment fragment = {.is_last = false};
	bool is_first = true;
	while (!fragment.is_last) {
		if (wire_left(&cursor) < FRAME_HEADER) {
			return true;
		}
		const bool is_read = read_fragment(&cursor, is_first, &fragment);
		if (fragment.is_cut) {
			return true;
		}
		if (!is_read) {
			return false;
		}
		is_first = false;
	}
	return false;
}

/* Octets of all frames of a block, of which the last may be cut; 0 when they do not end in what is
 * there. */
static size_t block_len(const uint8_t *octets, size_t len)
{
	size_t at = 0;
	bool is_last = false;
	while (!is_last) {
		if (at > len || len - at < FRAME_HEADER || !is_of_block(octets + at, at == 0)) {
			return 0;
		}
		is_last = ends_block(octets + at);
		at += FRAME_HEADER + payload_len(octets + at);
	}
	return at;
}

static bool is_digits(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9') {
			return false;
		}
	}
	return true;
}

/* The host of an authority, without user information and port (RFC 3986 section 3.2). */
static enum http2_result read_authority(const char *text, size_t len, struct http2_host *out)
{
	const char *at = len > 0 ? memrchr(text, '@', len) : NULL;
	if (at != NULL) {
		len -= (size_t)(at + 1 - text);
		text = at + 1;
	}
	const char *colon = len > 0 ? memrchr(text, ':', len) : NULL;
	if (colon != NULL && is_digits(colon + 1, (size_t)(text + len - colon - 1))) {
		len = (size_t)(colon - text);
	}
	if (len == 0 || host_name_is_literal(text, len) ||
	    !host_name_from_http(text, len, out->host, &out->host_len)) {
		return HTTP2_NO_NAME;
	}
	return HTTP2_NAME;
}

static bool is_field(const nghttp2_nv *field, const char *name)
{
	return field->namelen == strlen(name) && memcmp(field->name, name, field->namelen) == 0;
}

/* Decodes a fragment up to the field that names the host. HTTP2_CUT: it is not in it. */
static enum http2_result decode(nghttp2_hd_inflater *inflater, const struct fragment *fragment,
				size_t *fields, struct http2_host *out)
{
	const uint8_t *at = fragment->octets;
	size_t left = fragment->len;
	for (;;) {
		nghttp2_nv field;
		int flags = 0;
		const ssize_t done = nghttp2_hd_inflate_hd2(inflater, &field, &flags, at, left,
							    fragment->is_last && !fragment->is_cut);
		if (done < 0) {
			return HTTP2_NO_NAME;
		}
		at += done;
		left -= (size_t)done;
		if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) {
			return (flags & NGHTTP2_HD_INFLATE_FINAL) != 0 ? HTTP2_NO_NAME : HTTP2_CUT;
		}
		/* Servers refuse a pseudo-header field behind the others (RFC 9113 section 8.3),
		 * and a Host that says another name than :authority. */
		if (is_field(&field, ":authority") || is_field(&field, "host")) {
			return read_authority((const char *)field.value, field.valuelen, out);
		}
		if (++*fields == HTTP2_FIELDS_MAX) {
			return HTTP2_NO_NAME;
		}
	}
}

static enum http2_result decode_block(nghttp2_hd_inflater *inflater, const uint8_t *octets,
				      size_t len, struct http2_host *out)
{
	struct wire_cursor cursor = {octets, octets + len};
	struct fragment fragment;
	size_t fields = 0;
	enum http2_result result = HTTP2_CUT;
	for (bool is_first = true; result == HTTP2_CUT; is_first = false) {
		if (!read_fragment(&cursor, is_first, &fragment)) {
			return HTTP2_NO_NAME;
		}
		result = decode(inflater, &fragment, &fields, out);
		if (fragment.is_last && result == HTTP2_CUT) {
			return HTTP2_NO_NAME;
		}
	}
	return result;
}

static enum http2_result read_block(struct http2_reader *reader, const uint8_t *octets, size_t len,
				    struct http2_host *out)
{
	nghttp2_mem memory = {reader, take, give_back, take_cleared, take_larger};
	nghttp2_hd_inflater *inflater = NULL;
	enum http2_result result = HTTP2_NO_NAME;
	assert(reader->used == 0);
	if (nghttp2_hd_inflate_new2(&inflater, &memory) == 0) {
		result = decode_block(inflater, octets, len, out);
		nghttp2_hd_inflate_del(inflater);
	}
	sodium_memzero(reader->arena, reader->used);
	reader->used = 0;
	return result;
}

enum http2_result http2_frame_read(struct http2_reader *reader, const uint8_t *octets, size_t len,
				   size_t most, struct http2_host *out)
{
	out->host_len = 0;
	out->skip = 0;
	if (len < FRAME_HEADER) {
		return len < most ? HTTP2_CUT : HTTP2_NO_NAME;
	}
	if (!is_of_block(octets, true)) {
		out->skip = FRAME_HEADER + payload_len(octets);
		return HTTP2_SKIP;
	}
	const size_t looked_at = len < most ? len : most;
	if (looked_at < most && is_cut_block(octets, looked_at)) {
		return HTTP2_CUT;
	}
	out->skip = block_len(octets, looked_at);
	return read_block(reader, octets, looked_at, out);
}
