/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/confusables.h"

#include <unicode/uchar.h>

#include "policy/name/confusables_table.h"

const char *confusables_icu_version(void)
{
	return confusables_icu;
}

struct confusable confusable_of(uint32_t code_point)
{
	struct confusable result = {.kind = CONFUSABLE_NONE};
	uint32_t lower = code_point;

	if (code_point >= 0x80) {
		lower = (uint32_t)u_tolower((UChar32)code_point);
	}
	if (lower < 0x80) {
		if (u_isalnum((UChar32)lower)) {
			result.ascii[0] = (char)u_tolower((UChar32)lower);
			result.kind = code_point < 0x80 ? CONFUSABLE_SELF : CONFUSABLE_LOOKALIKE;
		}
		return result;
	}
	return lower < CONFUSABLES_END ? confusable_pages[confusable_page[lower / 256]][lower % 256]
				       : result;
}
