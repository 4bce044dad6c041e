/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Build step: writes the table that policy/name/confusables.c looks characters up in, as the ICU of
 * the build knows them: 38 ms that a start need not take. Pages of 256 characters; page 0 is empty.
 *
 * usage: make_confusables > confusables_table.c
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/ustring.h>

#include "policy/name/confusables.h"

/* Planes 0 and 1 hold every script in use; what lies beyond is Han and unassigned. */
#define TABLE_END CONFUSABLES_END

/* Longest decomposition or skeleton of one character that is of use, in UTF-16 units. */
#define TEXT_MAX 64

/* Han and Hangul look like no Latin letter and make most of plane 0. */
static bool is_ideograph_or_hangul(UChar32 c)
{
	return (c >= 0x3400 && c < 0xa000) || (c >= 0xac00 && c < 0xd7b0);
}

/*
 * Characters that readers take for a Latin letter though neither TR39 nor their name says so. They
 * complete whole-script Cyrillic and Greek forms of a label.
 */
static const struct {
	UChar32 character;
	char ascii;
} extra[] = {
    {0x0185, 'b'}, /* TONE SIX; TR39's prototype of the Cyrillic soft sign */
    {0x0138, 'k'}, /* KRA; TR39's prototype of Cyrillic and Greek ka */
    {0x028d, 'm'}, /* TURNED W; TR39's prototype of Cyrillic em */
    {0x029c, 'h'}, /* SMALL CAPITAL H; prototype of Cyrillic en */
    {0x1d0e, 'n'}, /* REVERSED N; prototype of Cyrillic i */
    {0x01bf, 'p'}, /* WYNN */
    {0x00fe, 'p'}, /* THORN */
    {0x00df, 'b'}, /* SHARP S; prototype of Greek beta */
    {0x0259, 'a'}, /* SCHWA: a turned over */
    {0x01dd, 'a'}, /* TURNED E, the same glyph */
    {0x03c7, 'x'}, /* Greek chi */
    {0x03c9, 'w'}, /* Greek omega */
    {0x03c0, 'n'}, /* Greek pi, and prototype of Cyrillic pe */
    {0x03b7, 'n'}, /* Greek eta */
    {0x03c4, 't'}, /* Greek tau */
    {0x03bc, 'u'}, /* Greek mu */
    {0x00b5, 'u'}, /* micro sign */
};

/* The letter in "LATIN SMALL LETTER D WITH STROKE" or "LATIN LETTER SMALL CAPITAL B", 0 if none. */
static char letter_in_name(UChar32 c)
{
	static const char *const prefixes[] = {"LATIN SMALL LETTER ", "LATIN LETTER SMALL CAPITAL ",
					       "LATIN SMALL LETTER DOTLESS ",
					       "LATIN SMALL LETTER SCRIPT "};
	char name[128];
	UErrorCode error = U_ZERO_ERROR;

	u_charName(c, U_UNICODE_CHAR_NAME, name, (int32_t)sizeof(name), &error);
	if (U_FAILURE(error)) {
		return 0;
	}
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t len = strlen(prefixes[i]);
		const char *rest = name + len;

		if (strncmp(name, prefixes[i], len) != 0 || rest[0] < 'A' || rest[0] > 'Z') {
			continue;
		}
		if (rest[1] == '\0' || strncmp(rest + 1, " WITH ", 6) == 0 ||
		    strcmp(rest + 1, " BAR") == 0) {
			return (char)(rest[0] - 'A' + 'a');
		}
	}
	return 0;
}

static char extra_letter(UChar32 c)
{
	for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]); i++) {
		if (extra[i].character == c) {
			return extra[i].ascii;
		}
	}
	return 0;
}

static bool is_mark(UChar32 c)
{
	int8_t type = u_charType(c);

	return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
	       type == U_COMBINING_SPACING_MARK;
}

/* One ASCII letter or digit for a character of a skeleton or decomposition; 0 if there is none. */
static char single_letter(UChar32 c)
{
	char letter;

	if (c < 0x80) {
		return u_isalnum(c) != 0 ? (char)u_tolower(c) : '\0';
	}
	letter = extra_letter(c);
	return letter != 0 ? letter : letter_in_name(c);
}

/* Folds UTF-16 text to at most three ASCII letters, marks dropped. False when something else is in
 * it. */
static bool fold_text(const UChar *text, int32_t len, char out[3])
{
	UErrorCode error = U_ZERO_ERROR;
	UChar32 characters[TEXT_MAX];
	int32_t character_count = 0;
	size_t count = 0;

	memset(out, 0, 3);
	u_strToUTF32(characters, TEXT_MAX, &character_count, text, len, &error);
	if (U_FAILURE(error)) {
		return false;
	}
	for (int32_t i = 0; i < character_count; i++) {
		char letter;

		if (is_mark(characters[i])) {
			continue;
		}
		letter = single_letter(characters[i]);
		if (letter == 0 || count == 3) {
			return false;
		}
		out[count++] = letter;
	}
	return count > 0;
}

/* Letters of the Vietnamese alphabet: a base of it, with only the marks that Vietnamese writes. */
static bool is_vietnamese(UChar32 c, const UChar *decomposed, int32_t len)
{
	if (c == 0x0111) {
		return true;
	}
	if (len < 2 || decomposed[0] >= 0x80 || strchr("aeiouy", (char)decomposed[0]) == NULL) {
		return false;
	}
	for (int32_t i = 1; i < len; i++) {
		switch (decomposed[i]) {
		case 0x0300: /* huyen */
		case 0x0301: /* sac */
		case 0x0303: /* nga */
		case 0x0309: /* hoi */
		case 0x0323: /* nang */
		case 0x0302: /* circumflex of a, e, o */
		case 0x0306: /* breve of a */
		case 0x031b: /* horn of o, u */
			break;
		default:
			return false;
		}
	}
	return true;
}

static struct confusable fold_character(const USpoofChecker *checker, const UNormalizer2 *nfd,
					UChar32 c)
{
	struct confusable result = {.kind = CONFUSABLE_LOOKALIKE};
	UErrorCode error = U_ZERO_ERROR;
	UChar text[TEXT_MAX], source[2];
	int32_t len, source_len;
	char letter;

	if (is_mark(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
		result.kind = CONFUSABLE_INVISIBLE;
		return result;
	}
	len = unorm2_getDecomposition(nfd, c, text, TEXT_MAX, &error);
	if (U_SUCCESS(error) && len > 0 && fold_text(text, len, result.ascii)) {
		if (is_vietnamese(c, text, len)) {
			result.kind = CONFUSABLE_VIETNAMESE;
		}
		return result;
	}
	letter = single_letter(c);
	if (letter != 0) {
		result.ascii[0] = letter;
		if (is_vietnamese(c, text, 0)) {
			result.kind = CONFUSABLE_VIETNAMESE;
		}
		return result;
	}
	error = U_ZERO_ERROR;
	u_strFromUTF32(source, 2, &source_len, &c, 1, &error);
	len = uspoof_getSkeleton(checker, 0, source, source_len, text, TEXT_MAX, &error);
	if (U_SUCCESS(error) && len > 0 && fold_text(text, len, result.ascii)) {
		return result;
	}
	memset(&result, 0, sizeof(result));
	return result;
}

static bool is_empty(const struct confusable page[256])
{
	for (size_t i = 0; i < 256; i++) {
		if (page[i].kind != CONFUSABLE_NONE) {
			return false;
		}
	}
	return true;
}

static void print_page(const struct confusable page[256])
{
	puts("{");
	for (size_t i = 0; i < 256; i++) {
		printf("{{%d,%d,%d},%d},%s", page[i].ascii[0], page[i].ascii[1], page[i].ascii[2],
		       page[i].kind, i % 8 == 7 ? "\n" : "");
	}
	puts("},");
}

int main(void)
{
	static struct confusable made[TABLE_END];
	unsigned pages = 1;
	UErrorCode error = U_ZERO_ERROR;
	USpoofChecker *checker = uspoof_open(&error);
	const UNormalizer2 *nfd = unorm2_getNFDInstance(&error);

	if (U_FAILURE(error)) {
		fprintf(stderr, "make_confusables: %s\n", u_errorName(error));
		return 1;
	}
	for (UChar32 c = 0x80; c < TABLE_END; c++) {
		if (!is_ideograph_or_hangul(c) && u_isdefined(c)) {
			made[c] = fold_character(checker, nfd, c);
		}
	}
	uspoof_close(checker);
	printf("/* ICU %s, Unicode %s */\n#include \"policy/name/confusables_table.h\"\n\n"
	       "const char confusables_icu[] = \"%s\";\n",
	       U_ICU_VERSION, U_UNICODE_VERSION, U_ICU_VERSION);
	puts("const struct confusable confusable_pages[][256] = {\n{{{0},0}},");
	for (size_t page = 0; page < TABLE_END / 256; page++) {
		if (!is_empty(made + page * 256)) {
			print_page(made + page * 256);
		}
	}
	puts("};\nconst unsigned short confusable_page[] = {");
	for (size_t page = 0; page < TABLE_END / 256; page++) {
		printf("%u,", is_empty(made + page * 256) ? 0U : pages++);
	}
	puts("};");
	return fflush(stdout) == 0 ? 0 : 1;
}
