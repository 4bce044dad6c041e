/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/glyph.h"

#include <pthread.h>
#include <string.h>

/* Pairs that pass for each other, both ways. */
static const struct {
	char pair[3];
	enum likeness likeness;
} alike[] = {
    {"0o", LIKENESS_DIGIT}, {"1l", LIKENESS_DIGIT}, {"1i", LIKENESS_DIGIT},  {"2z", LIKENESS_DIGIT},
    {"3e", LIKENESS_DIGIT}, {"4a", LIKENESS_DIGIT}, {"5s", LIKENESS_DIGIT},  {"6b", LIKENESS_DIGIT},
    {"6g", LIKENESS_DIGIT}, {"7t", LIKENESS_DIGIT}, {"8b", LIKENESS_DIGIT},  {"9g", LIKENESS_DIGIT},
    {"38", LIKENESS_DIGIT}, {"69", LIKENESS_DIGIT}, {"il", LIKENESS_LETTER}, {"bd", LIKENESS_WEAK},
    {"ce", LIKENESS_WEAK},  {"gq", LIKENESS_WEAK},  {"mn", LIKENESS_WEAK},   {"nr", LIKENESS_WEAK},
    {"uv", LIKENESS_WEAK},  {"ij", LIKENESS_WEAK},
};

/* Groups seen for what is meant. Those of LIKENESS_WEAK hide an l or i beside an upright stroke. */
static const struct glyph_group groups[] = {
    {"rn", "m", LIKENESS_LETTER}, {"nn", "m", LIKENESS_LETTER}, {"rr", "m", LIKENESS_WEAK},
    {"vv", "w", LIKENESS_LETTER}, {"cl", "d", LIKENESS_LETTER}, {"c1", "d", LIKENESS_LETTER},
    {"ci", "d", LIKENESS_WEAK},   {"m", "rn", LIKENESS_LETTER}, {"m", "nn", LIKENESS_WEAK},
    {"w", "vv", LIKENESS_LETTER}, {"d", "cl", LIKENESS_LETTER}, {"dl", "d", LIKENESS_WEAK},
    {"lb", "b", LIKENESS_WEAK},   {"lh", "h", LIKENESS_WEAK},   {"lk", "k", LIKENESS_WEAK},
    {"ik", "k", LIKENESS_WEAK},   {"lc", "k", LIKENESS_WEAK},   {"1k", "k", LIKENESS_WEAK},
    {"1c", "k", LIKENESS_WEAK},   {"1h", "h", LIKENESS_WEAK},   {"1b", "b", LIKENESS_WEAK},
    {"d1", "d", LIKENESS_WEAK},   {"ih", "h", LIKENESS_WEAK},   {"ib", "b", LIKENESS_WEAK},
    {"di", "d", LIKENESS_WEAK},   {"ic", "k", LIKENESS_WEAK},   {"le", "k", LIKENESS_WEAK},
    {"el", "d", LIKENESS_WEAK},   {"ld", "b", LIKENESS_WEAK},   {"bl", "d", LIKENESS_WEAK},
};

/* Letters and digits. */
#define KEY_COUNT 36

/* Rows of keys as they lie under each other, each row shifted half a key to the right. */
static const char *const keyboards[][4] = {
    {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"},
    {"1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"},
    {"1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"},
};

const struct glyph_group *glyph_groups(size_t *count)
{
	*count = sizeof(groups) / sizeof(groups[0]);
	return groups;
}

/* How well the keys' characters pass for each other (enum likeness), and which keys lie beside
 * each, a bit each; made once. The last is not a key. */
static uint8_t likeness_of[KEY_COUNT + 1][KEY_COUNT + 1];
static uint64_t keys_beside[KEY_COUNT + 1];
static uint64_t groups_begun[KEY_COUNT + 1]; /* by the first seen: a bit for each first meant */
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static unsigned key_number(char c)
{
	if (c >= 'a' && c <= 'z') {
		return (unsigned)(c - 'a');
	}
	return c >= '0' && c <= '9' ? (unsigned)(c - '0') + 26 : KEY_COUNT;
}

static void put_beside(char a, char b)
{
	keys_beside[key_number(a)] |= 1ULL << key_number(b);
	keys_beside[key_number(b)] |= 1ULL << key_number(a);
}

static void lay_out_keys(void)
{
	for (size_t i = 0; i < sizeof(keyboards) / sizeof(keyboards[0]); i++) {
		for (size_t row = 0; row < 4; row++) {
			const char *keys = keyboards[i][row],
				   *below = row < 3 ? keyboards[i][row + 1] : "";

			for (size_t column = 0; keys[column] != '\0'; column++) {
				if (keys[column + 1] != '\0') {
					put_beside(keys[column], keys[column + 1]);
				}
				if (column < strlen(below)) {
					put_beside(keys[column], below[column]);
				}
				if (column > 0 && column - 1 < strlen(below)) {
					put_beside(keys[column], below[column - 1]);
				}
			}
		}
	}
}

static void make_tables(void)
{
	for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++) {
		unsigned a = key_number(alike[i].pair[0]), b = key_number(alike[i].pair[1]);

		likeness_of[a][b] = likeness_of[b][a] = (uint8_t)alike[i].likeness;
	}
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		groups_begun[key_number(groups[i].seen[0])] |= 1ULL
							       << key_number(groups[i].meant[0]);
	}
	lay_out_keys();
}

bool glyph_ready(void)
{
	return pthread_once(&tables_once, make_tables) == 0;
}

enum likeness glyph_likeness(char seen, char meant)
{
	return (enum likeness)likeness_of[key_number(seen)][key_number(meant)];
}

bool glyph_begins_group(char seen, char meant)
{
	return (groups_begun[key_number(seen)] >> key_number(meant) & 1) != 0;
}

bool keys_adjacent(char a, char b)
{
	return (keys_beside[key_number(a)] >> key_number(b) & 1) != 0;
}

bool one_bit_apart(char a, char b)
{
	unsigned difference = (unsigned char)a ^ (unsigned char)b;

	return difference != 0 && (difference & (difference - 1)) == 0;
}

bool is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

#define LETTER(c) [(c) - 'a']

/* What each digit stands for; i and l are the same. */
#define NUMBER(c) ((c) - 'a' + 1)
const uint8_t glyph_letter[128] = {
    ['0'] = NUMBER('o'), ['1'] = NUMBER('l'), ['2'] = NUMBER('z'), ['3'] = NUMBER('e'),
    ['4'] = NUMBER('a'), ['5'] = NUMBER('s'), ['6'] = NUMBER('g'), ['7'] = NUMBER('t'),
    ['8'] = NUMBER('b'), ['9'] = NUMBER('g'), ['a'] = NUMBER('a'), ['b'] = NUMBER('b'),
    ['c'] = NUMBER('c'), ['d'] = NUMBER('d'), ['e'] = NUMBER('e'), ['f'] = NUMBER('f'),
    ['g'] = NUMBER('g'), ['h'] = NUMBER('h'), ['i'] = NUMBER('l'), ['j'] = NUMBER('j'),
    ['k'] = NUMBER('k'), ['l'] = NUMBER('l'), ['m'] = NUMBER('m'), ['n'] = NUMBER('n'),
    ['o'] = NUMBER('o'), ['p'] = NUMBER('p'), ['q'] = NUMBER('q'), ['r'] = NUMBER('r'),
    ['s'] = NUMBER('s'), ['t'] = NUMBER('t'), ['u'] = NUMBER('u'), ['v'] = NUMBER('v'),
    ['w'] = NUMBER('w'), ['x'] = NUMBER('x'), ['y'] = NUMBER('y'), ['z'] = NUMBER('z'),
};

const struct glyph_spelling glyph_spelling[32] = {
    LETTER('a') = {'a' - 'a', 0},         LETTER('b') = {'b' - 'a', 0},
    LETTER('c') = {'c' - 'a', 0},         LETTER('d') = {'c' - 'a', 'l' - 'a'},
    LETTER('e') = {'e' - 'a', 0},         LETTER('f') = {'f' - 'a', 0},
    LETTER('g') = {'g' - 'a', 0},         LETTER('h') = {'h' - 'a', 0},
    LETTER('i') = {'i' - 'a', 0},         LETTER('j') = {'j' - 'a', 0},
    LETTER('k') = {'k' - 'a', 0},         LETTER('l') = {'l' - 'a', 0},
    LETTER('m') = {'r' - 'a', 'n' - 'a'}, LETTER('n') = {'n' - 'a', 0},
    LETTER('o') = {'o' - 'a', 0},         LETTER('p') = {'p' - 'a', 0},
    LETTER('q') = {'q' - 'a', 0},         LETTER('r') = {'r' - 'a', 0},
    LETTER('s') = {'s' - 'a', 0},         LETTER('t') = {'t' - 'a', 0},
    LETTER('u') = {'u' - 'a', 0},         LETTER('v') = {'v' - 'a', 0},
    LETTER('w') = {'v' - 'a', 'v' - 'a'}, LETTER('x') = {'x' - 'a', 0},
    LETTER('y') = {'y' - 'a', 0},         LETTER('z') = {'z' - 'a', 0},
    [GLYPH_OTHER] = {GLYPH_OTHER, 0},
};

const uint8_t glyph_skeleton[32] = {
    LETTER('a') = 'a' - 'a',   LETTER('b') = GLYPH_BOWL,  LETTER('c') = GLYPH_BOWL,
    LETTER('d') = GLYPH_BOWL,  LETTER('e') = GLYPH_BOWL,  LETTER('f') = 'f' - 'a',
    LETTER('g') = 'g' - 'a',   LETTER('h') = 'h' - 'a',   LETTER('i') = GLYPH_SKIP,
    LETTER('j') = GLYPH_SKIP,  LETTER('k') = GLYPH_BOWL,  LETTER('l') = GLYPH_SKIP,
    LETTER('m') = GLYPH_ARCH,  LETTER('n') = GLYPH_ARCH,  LETTER('o') = 'o' - 'a',
    LETTER('p') = 'p' - 'a',   LETTER('q') = 'g' - 'a',   LETTER('r') = GLYPH_ARCH,
    LETTER('s') = 's' - 'a',   LETTER('t') = 't' - 'a',   LETTER('u') = GLYPH_NOTCH,
    LETTER('v') = GLYPH_NOTCH, LETTER('w') = GLYPH_NOTCH, LETTER('x') = 'x' - 'a',
    LETTER('y') = 'y' - 'a',   LETTER('z') = 'z' - 'a',   [GLYPH_OTHER] = GLYPH_OTHER,
};
