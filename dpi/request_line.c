/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/request_line.h"

#include <string.h>
#include <strings.h>

#define VERSION_LEN (sizeof("HTTP/1.1") - 1)
/* Of the methods of the IANA registry. */
#define PLAIN_METHOD_MIN_LEN 3
#define PLAIN_METHOD_MAX_LEN 17

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* RFC 3986 section 3.2; browsers take a backslash for a slash. */
static bool ends_authority(char c)
{
	return c == '/' || c == '?' || c == '#' || c == '\\';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* tchar, RFC 9110 section 5.6.2 */
static bool is_token(char c)
{
	return is_letter(c) || is_digit(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

enum request_line_result request_line_begins(const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < len && i <= METHOD_MAX_LEN; i++) {
		if (is_blank((char)octets[i])) {
			return i > 0 ? REQUEST_LINE_YES : REQUEST_LINE_NO;
		}
		if (!is_token((char)octets[i])) {
			return REQUEST_LINE_NO;
		}
	}
	return len > METHOD_MAX_LEN ? REQUEST_LINE_NO : REQUEST_LINE_CUT;
}

bool request_line_begins_plainly(const uint8_t *octets, size_t len)
{
	size_t i = 0;
	while (i < len && i <= PLAIN_METHOD_MAX_LEN &&
	       ((octets[i] >= 'A' && octets[i] <= 'Z') || octets[i] == '-')) {
		i++;
	}
	return i >= PLAIN_METHOD_MIN_LEN && i <= PLAIN_METHOD_MAX_LEN && i < len &&
	       octets[i] == ' ';
}

/* Length of the scheme and "://" that the target begins with, 0 when it does not (RFC 3986 3.1). */
static size_t scheme_len(const char *target, size_t len)
{
	size_t i = 0;
	while (i < len && (((target[i] | 0x20) >= 'a' && (target[i] | 0x20) <= 'z') ||
			   (i > 0 && (is_digit(target[i]) || target[i] == '+' || target[i] == '-' ||
				      target[i] == '.')))) {
		i++;
	}
	return i > 0 && len - i >= 3 && memcmp(target + i, "://", 3) == 0 ? i + 3 : 0;
}

static void read_target(const char *target, size_t len, struct request_line *out)
{
	size_t scheme = scheme_len(target, len);
	bool connect = out->method_len == 7 && memcmp(out->method, "CONNECT", 7) == 0;
	if (scheme == 0 && !connect) {
		return;
	}
	if (scheme > 0) {
		out->scheme = target;
		out->scheme_len = scheme;
	}

	const char *authority = target + scheme;
	size_t authority_len = 0;
	while (authority_len < len - scheme && !ends_authority(authority[authority_len])) {
		authority_len++;
	}
	const char *at = memrchr(authority, '@', authority_len);
	if (at != NULL) {
		authority_len -= (size_t)(at + 1 - authority);
		authority = at + 1;
	}
	out->authority = authority;
	out->authority_len = authority_len;
}

/* The version that ends the line, with a blank before it. NULL when it does not. */
static const char *find_version(const char *line, const char *end)
{
	while (end > line && (end[-1] == '\r' || is_blank(end[-1]))) {
		end--;
	}
	if (end - line < (ptrdiff_t)(1 + VERSION_LEN)) {
		return NULL;
	}
	const char *version = end - VERSION_LEN;
	bool is_version = is_blank(version[-1]) && strncasecmp(version, "HTTP/", 5) == 0 &&
			  is_digit(version[5]) && version[6] == '.' && is_digit(version[7]);
	return is_version ? version : NULL;
}

bool request_line_ends(const uint8_t *octets, size_t len)
{
	const char *line = (const char *)octets;
	return find_version(line, line + len) != NULL;
}

bool request_line_is_origin_form(const uint8_t *octets, size_t len)
{
	if (request_line_begins(octets, len) != REQUEST_LINE_YES) {
		return false;
	}
	size_t at = 0;
	while (at < len && !is_blank((char)octets[at])) {
		at++;
	}
	return at + 1 < len && octets[at + 1] == '/';
}

enum request_line_result request_line_read(const uint8_t *octets, size_t len,
					   struct request_line *out)
{
	enum request_line_result begins = request_line_begins(octets, len);
	if (begins != REQUEST_LINE_YES) {
		return begins;
	}
	const char *line = (const char *)octets;
	const char *end = memchr(line, '\n', len);
	if (end == NULL) {
		return REQUEST_LINE_CUT;
	}

	memset(out, 0, sizeof(*out));
	out->method = line;
	while (!is_blank(line[out->method_len])) {
		out->method_len++;
	}
	const char *target = line + out->method_len;
	while (target < end && is_blank(*target)) {
		target++;
	}

	/* at least one octet of target before it */
	const char *version = find_version(target, end);
	if (version == NULL || version - target < 1 + 1) {
		return REQUEST_LINE_NO;
	}
	out->version = version;
	out->version_len = VERSION_LEN;
	const char *target_end = version;
	while (target_end > target && is_blank(target_end[-1])) {
		target_end--;
	}
	read_target(target, (size_t)(target_end - target), out);
	return REQUEST_LINE_YES;
}

bool request_line_read_target(const uint8_t *octets, size_t len, struct request_line *out)
{
	if (request_line_begins(octets, len) != REQUEST_LINE_YES) {
		return false;
	}
	memset(out, 0, sizeof(*out));
	out->method = (const char *)octets;
	while (!is_blank(out->method[out->method_len])) {
		out->method_len++;
	}
	out->version = "HTTP/1.1";
	out->version_len = VERSION_LEN;
	const char *end = out->method + len;
	const char *target = out->method + out->method_len;
	while (target < end && is_blank(*target)) {
		target++;
	}
	read_target(target, (size_t)(end - target), out);
	return out->authority != NULL && out->authority + out->authority_len < end &&
	       out->authority_len > 0;
}
