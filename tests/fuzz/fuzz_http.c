/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request head through http_host_read(), and as fields alone. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/http_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(enum http_host_result result, const struct http_host *out)
{
	if (result != HTTP_HOST_NAME) {
		return;
	}
	if (out->host_len == 0 || out->host_len > HOST_NAME_MAX_LEN ||
	    strlen(out->host) != out->host_len || out->host[out->host_len - 1] == '.') {
		abort();
	}
	for (size_t i = 0; i < out->host_len; i++) {
		unsigned char c = (unsigned char)out->host[i];
		if (c <= ' ' || c == 0x7f || c == ':' || c == '@' || c == '/' ||
		    (c >= 'A' && c <= 'Z')) {
			abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_host_reader *reader;
	if (reader == NULL) {
		reader = http_host_reader_new();
	}
	if (reader == NULL) {
		abort();
	}

	struct http_host out;
	check(http_host_read(reader, data, size, &out), &out);
	check(http_host_read_fields(reader, data, size, &out), &out);
	return 0;
}
