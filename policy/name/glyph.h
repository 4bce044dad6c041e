/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ASCII letters and digits are taken for, and where they lie on a keyboard. Internal to
 * policy/.
 */
#ifndef POLICY_NAME_GLYPH_H
#define POLICY_NAME_GLYPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How well one glyph passes for another. */
enum likeness {
	LIKENESS_NONE,
	LIKENESS_WEAK,   /* b and d, c and e: at a glance only */
	LIKENESS_LETTER, /* l and i, rn and m */
	LIKENESS_DIGIT,  /* 0 and o, 1 and l */
};

/*
 * Makes the tables that the questions below are answered from. Call it before them; any thread,
 * any number of times.
 * \returns false when the system has no means to make them once.
 */
bool glyph_ready(void);

/* How well the characters seen pass for those meant; both in lower case ASCII, different. */
enum likeness glyph_likeness(char seen, char meant);

/*
 * Groups of letters that pass for one or the other way round ("rn" for "m"): all of them, one or
 * two characters on either side.
 */
struct glyph_group {
	const char *seen, *meant;
	enum likeness likeness;
};
const struct glyph_group *glyph_groups(size_t *count);

/* Whether some group begins with these characters; needs glyph_ready(). Most pairs begin none. */
bool glyph_begins_group(char seen, char meant);

/* Keys side by side on a QWERTY, QWERTZ or AZERTY keyboard. */
bool keys_adjacent(char a, char b);

/* Letters of which one bit of ASCII differs (a bit flipped in memory; Dinaburg 2011,
 * "bitsquatting"). */
bool one_bit_apart(char a, char b);

bool is_vowel(char c);

/*
 * Folded alphabets for finding candidates; a candidate is always compared letter by letter
 * afterwards. Fine: 0..25, with i, l and 1 the same, and a digit the same as the letter it stands
 * for. GLYPH_OTHER for what is not a letter or digit.
 */
#define GLYPH_OTHER 31
extern const uint8_t
    glyph_letter[128]; /* by character: the fine letter, counted from 1; 0 for none */
static inline uint8_t glyph_fine(char c)
{
	return (uint8_t)(glyph_letter[c & 127] - 1) & GLYPH_OTHER;
}

/* Folds a text, its hyphens left out, as far as `out` has room. \returns how many letters it has.
 */
static inline size_t glyph_fold(const char *text, uint8_t *out, size_t size)
{
	size_t len = 0;

	for (; *text != '\0' && len < size; text++) {
		if (*text != '-') {
			out[len++] = glyph_fine(*text);
		}
	}
	return len;
}

/*
 * Fine letters spelled out so that groups that look alike are spelled alike: m as r n, w as v v, d
 * as c l. The first letter, and the second; 0 for none, as no group has an a there.
 */
struct glyph_spelling {
	uint8_t first, second;
};
extern const struct glyph_spelling glyph_spelling[32]; /* by fine letter */

/* \returns how many letters were put in out, 1 or 2. */
static inline size_t glyph_spell(uint8_t fine, uint8_t out[2])
{
	out[0] = glyph_spelling[fine].first;
	out[1] = glyph_spelling[fine].second;
	return out[1] != 0 ? 2 : 1;
}

/*
 * Skeleton: letters that pass for another at a glance are the same, those that are easily
 * overlooked (GLYPH_SKIP) are none, and a run of GLYPH_ARCH or GLYPH_NOTCH counts as one (nn for m,
 * vv for w).
 */
#define GLYPH_SKIP 30
#define GLYPH_BOWL ('c' - 'a')           /* b, c, d, e, k */
#define GLYPH_ARCH ('n' - 'a')           /* m, n, r */
#define GLYPH_NOTCH ('v' - 'a')          /* u, v, w */
extern const uint8_t glyph_skeleton[32]; /* by fine letter */

#endif
