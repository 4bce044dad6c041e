/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which ASCII letters a character is taken for: Unicode TR39 skeletons from ICU, diacritics
 * dropped, and the letter that the character's own Unicode name says. A table that the build makes.
 */
#ifndef POLICY_NAME_CONFUSABLES_H
#define POLICY_NAME_CONFUSABLES_H

#include <stdbool.h>
#include <stdint.h>

enum confusable_kind {
	CONFUSABLE_NONE,       /* like no ASCII letter */
	CONFUSABLE_SELF,       /* ASCII */
	CONFUSABLE_VIETNAMESE, /* a letter of Vietnamese: ă â đ ê ô ơ ư and tone marks */
	CONFUSABLE_LOOKALIKE,  /* a character that looks like ASCII letters or digits */
	CONFUSABLE_INVISIBLE,  /* combining mark, joiner, soft hyphen: adds nothing of its own */
};

struct confusable {
	char ascii[3]; /* lower case letters and digits, padded with NUL; empty for NONE and
			  INVISIBLE */
	uint8_t kind;  /* enum confusable_kind */
};

/* Planes 0 and 1 hold every script in use; what lies beyond is Han and unassigned. */
#define CONFUSABLES_END 0x20000

/* The version of the ICU that the table was made with, "72.1": a later one knows more characters.
 */
const char *confusables_icu_version(void);

/* Looks a character up, lower-casing it. */
struct confusable confusable_of(uint32_t code_point);

#endif
