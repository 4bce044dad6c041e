/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/text/html_entity.h"

#include <stddef.h>

const char *html_entity(char octet)
{
	switch (octet) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}
