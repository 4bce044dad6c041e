/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/text/name_text.h"

#include <idn2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool is_ascii(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((uint8_t)*text > 0x7f) {
			return false;
		}
	}
	return true;
}

static void write_escaped(const char *host, size_t host_len, char out[NAME_TEXT_SIZE])
{
	size_t used = 0;

	for (size_t i = 0; i < host_len; i++) {
		uint8_t octet = (uint8_t)host[i];
		if (octet >= 'A' && octet <= 'Z') {
			octet = (uint8_t)(octet - 'A' + 'a');
		}
		if (octet > ' ' && octet < 0x7f && octet != '\\') {
			out[used++] = (char)octet;
		} else {
			used +=
			    (size_t)snprintf(out + used, NAME_TEXT_SIZE - used, "\\%03u", octet);
		}
	}
	out[used] = '\0';
}

void name_text(const char *host, size_t host_len, char out[NAME_TEXT_SIZE])
{
	char name[HOST_NAME_MAX_LEN + 1];

	if (host_len > 0 && host[host_len - 1] == '.') {
		host_len--;
	}
	if (host_len > HOST_NAME_MAX_LEN) {
		host_len = HOST_NAME_MAX_LEN;
	}
	memcpy(name, host, host_len);
	name[host_len] = '\0';

	if (strlen(name) < host_len || is_ascii(name)) {
		write_escaped(name, host_len, out);
		return;
	}

	char *ascii = NULL;
	if (idn2_to_ascii_8z(name, &ascii, IDN2_NONTRANSITIONAL) == IDN2_OK &&
	    strlen(ascii) <= HOST_NAME_MAX_LEN) {
		write_escaped(ascii, strlen(ascii), out);
	} else {
		write_escaped(name, host_len, out);
	}
	idn2_free(ascii);
}

bool name_unicode(const char *name, char out[NAME_UNICODE_SIZE])
{
	char *unicode = NULL;
	bool differs = false;

	out[0] = '\0';
	if (idn2_to_unicode_8z8z(name, &unicode, 0) == IDN2_OK && strcmp(unicode, name) != 0) {
		safe_text(unicode, strlen(unicode), out, NAME_UNICODE_SIZE);
		differs = true;
	}
	idn2_free(unicode);
	return differs;
}
