/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/sound.h"

#include <stdint.h>

#define TWO_WAYS(a, b)                                                                             \
	{a, b},                                                                                    \
	{                                                                                          \
		b, a                                                                               \
	}

/* Those that begin alike are one letter more or less, and found as a slip: ng and ngh, c and ck. */
static const struct sound all[] = {
    /* English: phone, cat, back, city, rose, box, quick, see, moon, gem */
    TWO_WAYS("ph", "f"),
    TWO_WAYS("c", "k"),
    TWO_WAYS("ck", "k"),
    TWO_WAYS("c", "s"),
    TWO_WAYS("z", "s"),
    TWO_WAYS("x", "ks"),
    TWO_WAYS("x", "cs"),
    TWO_WAYS("qu", "kw"),
    TWO_WAYS("q", "k"),
    TWO_WAYS("ee", "i"),
    TWO_WAYS("oo", "u"),
    TWO_WAYS("j", "g"),
    /* Vietnamese, in the speech of one region or another: gia and da, sa and xa, cha and tra */
    TWO_WAYS("gi", "d"),
    TWO_WAYS("s", "x"),
    TWO_WAYS("ch", "tr"),
};

_Static_assert(sizeof(all) / sizeof(all[0]) <= SOUNDS_MAX, "users have room for all");

#define LETTER(c) (UINT32_C(1) << ((c) - 'a'))

/* By the first letter seen, the first letters meant. */
static const uint32_t begun[26] = {
    ['c' - 'a'] = LETTER('k') | LETTER('s') | LETTER('t') | LETTER('x'),
    ['d' - 'a'] = LETTER('g'),
    ['e' - 'a'] = LETTER('i'),
    ['f' - 'a'] = LETTER('p'),
    ['g' - 'a'] = LETTER('d') | LETTER('j'),
    ['i' - 'a'] = LETTER('e'),
    ['j' - 'a'] = LETTER('g'),
    ['k' - 'a'] = LETTER('c') | LETTER('q') | LETTER('x'),
    ['o' - 'a'] = LETTER('u'),
    ['p' - 'a'] = LETTER('f'),
    ['q' - 'a'] = LETTER('k'),
    ['s' - 'a'] = LETTER('c') | LETTER('x') | LETTER('z'),
    ['t' - 'a'] = LETTER('c'),
    ['u' - 'a'] = LETTER('o'),
    ['x' - 'a'] = LETTER('c') | LETTER('k') | LETTER('s'),
    ['z' - 'a'] = LETTER('s'),
};

const struct sound *sounds(size_t *count)
{
	*count = sizeof(all) / sizeof(all[0]);
	return all;
}

bool sound_begins(char seen, char meant)
{
	return seen >= 'a' && seen <= 'z' && meant >= 'a' && meant <= 'z' &&
	       (begun[seen - 'a'] & LETTER(meant)) != 0;
}
