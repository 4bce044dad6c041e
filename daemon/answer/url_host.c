/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/url_host.h"

#include <string.h>

#include "daemon/text/name_text.h"

#define LABEL_MAX_LEN 63 /* RFC 1035 section 2.3.4 */
#define LETTERS_DIGITS "abcdefghijklmnopqrstuvwxyz0123456789-_"

bool url_host(const char *host, size_t host_len, char out[HOST_NAME_MAX_LEN + 1])
{
	char name[NAME_TEXT_SIZE];

	if (host_len > HOST_NAME_MAX_LEN) {
		return false;
	}
	name_text(host, host_len, name);

	size_t name_len = strlen(name);
	const char *label = name;

	if (name_len > HOST_NAME_MAX_LEN) {
		return false;
	}
	do {
		size_t label_len = strspn(label, LETTERS_DIGITS);

		if (label_len == 0 || label_len > LABEL_MAX_LEN) {
			return false;
		}
		label += label_len;
	} while (*label++ == '.');
	if (label != name + name_len + 1) {
		return false;
	}
	memcpy(out, name, name_len + 1);
	return true;
}
