/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/shown_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "policy/limits.h"

struct shape {
	const char *others; /* what may be in it beside letters, digits and spaces */
	size_t characters_max, size;
	size_t visible_least; /* letters and digits */
	const char *too_long, *foreign, *empty;
};

static bool is_mark(UChar32 character)
{
	return (U_GET_GC_MASK(character) & U_GC_M_MASK) != 0;
}

/* What has no shape of its own, or turns the direction of writing, could hide what is there. */
static bool is_invisible(UChar32 character)
{
	return u_hasBinaryProperty(character, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
	       u_hasBinaryProperty(character, UCHAR_BIDI_CONTROL) ||
	       u_charType(character) == U_CONTROL_CHAR ||
	       u_charType(character) == U_LINE_SEPARATOR ||
	       u_charType(character) == U_PARAGRAPH_SEPARATOR;
}

static const char *fault_of(const char *text, const struct shape *shape)
{
	static const char not_utf8[] = "is not UTF-8; save the file in UTF-8";
	static const char invisible[] = "has an invisible or control character; remove it";
	static const char sentence[] =
	    "has a dot before a space or at its end; write no sentences, the page has its own";
	const size_t len = strlen(text);
	size_t characters = 0;
	size_t visible = 0;
	UChar32 before = ' ';
	for (size_t at = 0; at < len;) {
		UChar32 character = 0;
		U8_NEXT((const uint8_t *)text, at, len, character);
		if (character < 0) {
			return not_utf8;
		}
		if (is_invisible(character)) {
			return invisible;
		}
		const bool is_alphanumeric = u_isalnum(character);
		if (!is_alphanumeric && !(is_mark(character) && u_isalpha(before)) &&
		    character != ' ' &&
		    (character > 0x7e || strchr(shape->others, (int)character) == NULL)) {
			return shape->foreign;
		}
		if (before == '.' && character == ' ') {
			return sentence;
		}
		visible += is_alphanumeric ? 1 : 0;
		characters++;
		if (!is_mark(character)) {
			before = character;
		}
	}
	if (characters > shape->characters_max || len >= shape->size) {
		return shape->too_long;
	}
	if (visible < shape->visible_least) {
		return shape->empty;
	}
	return before == '.' ? sentence : NULL;
}

const char *site_name_fault(const char *text)
{
	static const struct shape shape = {
	    .others = ".-&'()+",
	    .characters_max = SITE_NAME_CHARACTERS_MAX,
	    .size = SITE_NAME_SIZE,
	    .visible_least = 1,
	    .too_long = "is too long; write what people call the site, at most 40 characters",
	    .foreign = "has a character that a site's name cannot have; use only letters, digits, "
		       "spaces and . - & ' ( ) +",
	    .empty = "is empty; write what people call the site",
	};
	return fault_of(text, &shape);
}

const char *contact_fault(const char *text)
{
	static const struct shape shape = {
	    .others = ".-&'()+@_/,#",
	    .characters_max = CONTACT_CHARACTERS_MAX,
	    .size = CONTACT_SIZE,
	    .visible_least = 3,
	    .too_long = "is too long; write a mail address, a telephone number or a short text, at "
			"most 64 characters",
	    .foreign = "has a character that it cannot have; use only letters, digits, spaces and "
		       ". - & ' ( ) + @ _ / , #",
	    .empty = "has fewer than three letters or digits; write whom people can ask, such as "
		     "\"it@office.example\"",
	};
	return fault_of(text, &shape);
}
