/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the letters of a name came about from those of a token: the cheapest sequence of edits, each
 * of a kind that somebody who imitates (or mistypes) makes. Internal to policy/.
 */
#ifndef POLICY_ENGINE_ALIGNMENT_H
#define POLICY_ENGINE_ALIGNMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/engine/index.h"
#include "policy/name/name.h"

enum edit_kind {
	EDIT_VIETNAMESE,     /* a Vietnamese letter for its base letter */
	EDIT_SCRIPT,         /* a look-alike that is not ASCII */
	EDIT_DIGIT,          /* a digit that looks like the letter, or like the digit */
	EDIT_LETTER,         /* a letter or two that look like the letter */
	EDIT_WEAK_LOOKALIKE, /* a letter that passes at a glance */
	EDIT_REPETITION,     /* a letter typed twice */
	EDIT_OMISSION,       /* a letter left out */
	EDIT_TRANSPOSITION,  /* two neighbours swapped */
	EDIT_NEIGHBOUR_KEY,  /* the key beside it, instead */
	EDIT_EXTRA_KEY,      /* the key beside it, too */
	EDIT_VOWEL,          /* another vowel */
	EDIT_APPENDED,       /* any letter or digit behind the last */
	EDIT_SOUND,          /* letters that are said alike (sound.h) */
	EDIT_BIT,            /* one bit of the letter flipped */
	EDIT_INSERTION,      /* any letter anywhere */
	EDIT_SUBSTITUTION,   /* any letter for any */
};
#define EDIT_KIND_COUNT 16

struct edit {
	uint8_t kind;      /* enum edit_kind */
	uint8_t seen_len;  /* elements of the name */
	uint8_t meant_len; /* characters of the token */
	uint16_t seen;     /* first element; where it would stand, when seen_len is 0 */
	uint8_t meant;     /* first character */
};

#define EDITS_MAX 16

struct alignment {
	struct edit edits[EDITS_MAX]; /* in order of the name */
	size_t edit_count;
	unsigned kinds; /* bit 1 << kind for each that occurs */
	size_t slips;   /* edits of EDIT_REPETITION and beyond: not look-alikes */
	size_t glances; /* different pairs of EDIT_WEAK_LOOKALIKE */
};

/* Working memory of one thread. */
struct aligner {
	uint16_t cost[TOKEN_LEN_MAX * 2 + 2][TOKEN_LEN_MAX + 2];
	uint8_t step[TOKEN_LEN_MAX * 2 + 2][TOKEN_LEN_MAX + 2];
	uint16_t element[TOKEN_LEN_MAX * 2 + 1];
};

/*
 * Aligns elements start to end of a name (hyphens left out) with a token (likewise).
 * \returns false when it would take too many edits.
 */
bool align(struct aligner *aligner, const struct name *name, size_t start, size_t end,
	   const char *token, struct alignment *out);

#endif
