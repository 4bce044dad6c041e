/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/host_name.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_host_octet(char c)
{
	return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' ||
	       (unsigned char)c >= 0x80;
}

static bool is_number(const char *text, size_t len)
{
	bool hex = len >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	for (size_t i = hex ? 2 : 0; i < len; i++) {
		if (hex ? !is_hex(text[i]) : !is_digit(text[i])) {
			return false;
		}
	}
	return len > 0;
}

bool host_name_is_literal(const char *host, size_t len)
{
	if (len > 0 && host[0] == '[') {
		return true;
	}
	if (len > 0 && host[len - 1] == '.') {
		len--;
	}
	size_t label = len;
	while (label > 0 && host[label - 1] != '.') {
		label--;
	}
	return is_number(host + label, len - label);
}

bool host_name_from_http(const char *host, size_t len, char out[HOST_NAME_MAX_LEN + 1],
			 uint16_t *out_len)
{
	if (len > 0 && host[len - 1] == '.') {
		len--;
	}
	if (len == 0 || len > HOST_NAME_MAX_LEN) {
		return false;
	}

	bool label_empty = true;
	bool label_odd = false;
	uint16_t used = 0;
	for (size_t i = 0; i < len; i++) {
		char c = host[i];
		if (c >= 'a' && c <= 'z') { /* nearly all are */
			out[used++] = c;
			label_empty = false;
			continue;
		}
		if (c == '.' && label_empty) {
			return false;
		}
		if ((unsigned char)c <= ' ' || c == '/' || c == '@' || c == ':' || c == 0x7f) {
			return false;
		}
		label_odd = label_odd || !is_host_octet(c);
		label_empty = c == '.';
		out[used++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		if (c == '.' && label_odd) { /* what stood in front of it is not told */
			used = 0;
			label_odd = false;
		}
	}
	if (label_odd) {
		return false;
	}
	if (label_empty) {
		return false;
	}
	out[used] = '\0';
	*out_len = used;
	return true;
}
