/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A client's octets through tls_hello_read(): whole, and as they come in two pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/tls_hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* On a copy that ends where its memory does. */
static enum hello_result read_copy(const uint8_t *data, size_t size, struct client_hello *out)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL) {
		abort();
	}
	memcpy(copy, data, size);
	const enum hello_result result = tls_hello_read(copy, size, out);
	free(copy);
	if (result == HELLO_FOUND &&
	    (out->host_len == 0 || out->host_len > HOST_NAME_MAX_LEN ||
	     strlen(out->host) != out->host_len || out->host[out->host_len - 1] == '.')) {
		abort();
	}
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client_hello whole;
	struct client_hello piece;
	const enum hello_result result = read_copy(data, size, &whole);

	/* What was said of fewer octets stays so of more. */
	const size_t pieces[] = {size / 3, size / 2, size > 0 ? size - 1 : 0};
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		const enum hello_result earlier = read_copy(data, pieces[i], &piece);
		if (earlier != HELLO_INCOMPLETE && earlier != result) {
			abort();
		}
		if (earlier == HELLO_FOUND && strcmp(whole.host, piece.host) != 0) {
			abort();
		}
	}
	return 0;
}
