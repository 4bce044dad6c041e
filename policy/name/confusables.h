/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which ASCII letters a character is taken for: Unicode TR39 skeletons from ICU, diacritics
 * dropped, and the letter that the character's own Unicode name says. Flattened to a table once a
 * process.
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

/*
 * Makes the table ready; thread-safe, cheap after the first time (a few ms).
 * \returns false when ICU or memory fails.
 */
bool confusables_ready(void);

/* Looks a character up, lower-casing it. confusables_ready() must have returned true. */
struct confusable confusable_of(uint32_t code_point);

#endif
