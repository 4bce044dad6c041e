/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/proxy_header.h"

#include <stdbool.h>
#include <string.h>

#include "dpi/wire.h"

/* Section 2.1: longest line of version 1, its CRLF included */
#define LINE_MAX_LEN 107
/* Section 2.2: signature, version and command, family, length in 2 octets */
#define BINARY_LEN_AT 14
#define BINARY_HEADER 16

static const char line_begin[] = "PROXY ";
static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";

/* Whether what is there of the octets begins as text does. */
static bool begins(const uint8_t *octets, size_t len, const char *text, size_t text_len)
{
	return memcmp(octets, text, len < text_len ? len : text_len) == 0;
}

enum proxy_header_result proxy_header_read(const uint8_t *octets, size_t len, size_t *header_len)
{
	if (begins(octets, len, line_begin, sizeof(line_begin) - 1)) {
		const size_t looked_at = len < LINE_MAX_LEN ? len : LINE_MAX_LEN;
		const uint8_t *newline = memchr(octets, '\n', looked_at);
		if (newline == NULL) {
			return len < LINE_MAX_LEN ? PROXY_HEADER_CUT : PROXY_HEADER_NONE;
		}
		*header_len = (size_t)(newline - octets) + 1;
		/* "PROXY / HTTP/1.1" is a request. */
		const bool is_header =
		    *header_len > sizeof("PROXY TCP4") &&
		    (memcmp(octets + 6, "TCP", 3) == 0 || memcmp(octets + 6, "UNKNOWN", 3) == 0);
		return is_header ? PROXY_HEADER_WHOLE : PROXY_HEADER_NONE;
	}
	if (begins(octets, len, signature, sizeof(signature) - 1)) {
		/* Empty lines before a request begin so, too: they are told apart by what follows.
		 */
		if (len < BINARY_HEADER) {
			return PROXY_HEADER_CUT;
		}
		*header_len = BINARY_HEADER + wire_u16(octets + BINARY_LEN_AT);
		return PROXY_HEADER_WHOLE;
	}
	return PROXY_HEADER_NONE;
}
