/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames through http2_frame_read(): each whole, and as it comes in two pieces. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/http2_host.h"

#define MOST 3000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* On a copy that ends where its memory does. */
static enum http2_result read_copy(struct http2_reader *reader, const uint8_t *data, size_t size,
				   struct http2_host *out)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL) {
		abort();
	}
	memcpy(copy, data, size);
	const enum http2_result result = http2_frame_read(reader, copy, size, MOST, out);
	free(copy);
	if (result == HTTP2_NAME &&
	    (out->host_len == 0 || out->host_len > HOST_NAME_MAX_LEN ||
	     strlen(out->host) != out->host_len || out->host[out->host_len - 1] == '.')) {
		abort();
	}
	const bool may_be_unknown = result == HTTP2_NAME || result == HTTP2_NO_NAME;
	if (result != HTTP2_CUT && (out->skip < 9 || out->skip > size + 9 + 0xffffff) &&
	    !(may_be_unknown && out->skip == 0)) {
		abort();
	}
	return result;
}

/* Reads the frame in front. \returns its length, or that of all frames of its block; 0 when there
 * is no more to read. */
static size_t read_frame(struct http2_reader *reader, const uint8_t *data, size_t size)
{
	struct http2_host whole;
	struct http2_host piece;
	const enum http2_result result = read_copy(reader, data, size, &whole);

	/* What was said of fewer octets stays so of more; but where a broken block ends may be told
	 * later than that it is broken. */
	const size_t pieces[] = {size / 3, size / 2, size > 0 ? size - 1 : 0};
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		const enum http2_result earlier = read_copy(reader, data, pieces[i], &piece);
		if (earlier == HTTP2_CUT) {
			continue;
		}
		if (earlier != result ||
		    (piece.skip != whole.skip && (result != HTTP2_NO_NAME || piece.skip != 0)) ||
		    (result == HTTP2_NAME && strcmp(piece.host, whole.host) != 0)) {
			abort();
		}
	}
	return result == HTTP2_CUT ? 0 : whole.skip;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http2_reader *reader;
	if (reader == NULL) {
		reader = http2_reader_new();
	}
	if (reader == NULL) {
		abort();
	}
	size_t skip = 0;
	do {
		data += skip;
		size -= skip;
		skip = read_frame(reader, data, size);
	} while (skip > 0 && skip < size);
	return 0;
}
