/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/text/safe_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#define REPLACEMENT 0xfffdU

static bool is_shown(UChar32 character)
{
	switch (u_charType(character)) {
	case U_CONTROL_CHAR:
	case U_FORMAT_CHAR:
	case U_LINE_SEPARATOR:
	case U_PARAGRAPH_SEPARATOR:
	case U_PRIVATE_USE_CHAR:
	case U_SURROGATE:
	case U_UNASSIGNED:
		return false;
	case U_SPACE_SEPARATOR:
		return character == ' ';
	default:
		return true;
	}
}

size_t safe_text(const char *text, size_t len, char *out, size_t size)
{
	const uint8_t *octets = (const uint8_t *)text;
	size_t used = 0;

	for (size_t at = 0; at < len;) {
		UChar32 character;
		U8_NEXT(octets, at, len, character);
		uint32_t code =
		    character >= 0 && is_shown(character) ? (uint32_t)character : REPLACEMENT;

		uint8_t encoded[U8_MAX_LENGTH];
		size_t encoded_len = 0;
		U8_APPEND_UNSAFE(encoded, encoded_len, code);
		if (used + encoded_len >= size) {
			break;
		}
		memcpy(out + used, encoded, encoded_len);
		used += encoded_len;
	}
	out[used] = '\0';
	return used;
}
