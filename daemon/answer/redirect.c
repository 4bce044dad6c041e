/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/redirect.h"

#include <stdio.h>

#include "daemon/answer/url_host.h"

/* "http://" page "/" host and a NUL */
#define URL_SIZE (7 + HOST_NAME_MAX_LEN + 1 + HOST_NAME_MAX_LEN + 1)

static int write_body(const char *url, char *out, size_t out_size)
{
	return snprintf(out, out_size,
			"<!DOCTYPE html><title>Truegate</title><a href=\"%s\">"
			"C\xe1\xba\xa3nh b\xc3\xa1o / Warning</a>\n",
			url);
}

size_t redirect_write(const char *page, const char *host, size_t host_len, bool head_only,
		      char *out, size_t out_size)
{
	char ascii[HOST_NAME_MAX_LEN + 1], url[URL_SIZE];

	if (!url_host(host, host_len, ascii)) {
		ascii[0] = '\0';
	}

	int url_len = snprintf(url, sizeof(url), "http://%s/%s", page, ascii);
	char none[1];
	int body_len = write_body(url, none, 0);

	if (url_len < 0 || (size_t)url_len >= sizeof(url) || body_len < 0) {
		return 0;
	}

	int len = snprintf(out, out_size,
			   "HTTP/1.1 303 See Other\r\n"
			   "Location: %s\r\n"
			   "Content-Type: text/html; charset=utf-8\r\n"
			   "Content-Length: %d\r\n"
			   "Cache-Control: no-store\r\n"
			   "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
			   "Referrer-Policy: no-referrer\r\n"
			   "Connection: close\r\n"
			   "\r\n",
			   url, body_len);

	if (len < 0 || (size_t)len >= out_size) {
		return 0;
	}
	if (head_only) {
		return (size_t)len;
	}
	if ((size_t)body_len >= out_size - (size_t)len) {
		return 0;
	}
	(void)write_body(url, out + len, out_size - (size_t)len);
	return (size_t)len + (size_t)body_len;
}
