/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/ascii_fold.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

/* In UTF-16 code units; a displayed name is shorter, and what comes beyond it is not folded. */
#define FOLD_UNITS 1024

struct ascii_folder {
	UTransliterator *transliterator; /* NULL until needed */
};

struct ascii_folder *ascii_folder_new(void)
{
	return calloc(1, sizeof(struct ascii_folder));
}

void ascii_folder_free(struct ascii_folder *folder)
{
	if (folder == NULL) {
		return;
	}
	if (folder->transliterator != NULL) {
		utrans_close(folder->transliterator);
	}
	free(folder);
}

static void append_plain(char octet, char *out, size_t size, size_t *len)
{
	if (octet >= 'A' && octet <= 'Z') {
		octet = (char)(octet - 'A' + 'a');
	}
	bool plain = (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9');
	if (plain && *len + 1 < size) {
		out[(*len)++] = octet;
	}
}

static bool open_transliterator(struct ascii_folder *folder)
{
	static const char id[] =
	    "Any-Latin; NFKD; [:Nonspacing Mark:] Remove; Latin-ASCII; Any-Lower";
	if (folder->transliterator == NULL) {
		UErrorCode status = U_ZERO_ERROR;
		UChar id_units[sizeof(id)];
		u_charsToUChars(id, id_units, sizeof(id));
		folder->transliterator =
		    utrans_openU(id_units, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	}
	return folder->transliterator != NULL;
}

/*
 * Folds Latin letters with marks, as Vietnamese has them, without the transliterator, which takes
 * longer to open than all the rest of reading a policy. \returns false for a text that has others.
 */
static bool fold_marked(const UChar *units, int32_t len, char *out, size_t size)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar decomposed[4 * FOLD_UNITS];
	const UNormalizer2 *normalizer = unorm2_getNFKDInstance(&status);
	const int32_t count =
	    unorm2_normalize(normalizer, units, len, decomposed, 4 * FOLD_UNITS, &status);
	size_t out_len = 0;
	if (U_FAILURE(status)) {
		return false;
	}
	for (int32_t i = 0; i < count; i++) {
		const UChar unit = decomposed[i];
		if (unit < 0x80) {
			append_plain((char)unit, out, size, &out_len);
		} else if (unit == 0x111 || unit == 0x110) { /* d with stroke */
			append_plain('d', out, size, &out_len);
		} else if (u_charType(unit) != U_NON_SPACING_MARK) {
			return false;
		}
	}
	out[out_len] = '\0';
	return true;
}

static void fold_unicode(struct ascii_folder *folder, const char *text, char *out, size_t size)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar units[FOLD_UNITS];
	int32_t len = 0;
	out[0] = '\0';
	u_strFromUTF8(units, FOLD_UNITS, &len, text, -1, &status);
	if (U_FAILURE(status) || fold_marked(units, len, out, size)) {
		return;
	}
	out[0] = '\0';
	if (!open_transliterator(folder)) {
		return;
	}
	int32_t limit = len;
	utrans_transUChars(folder->transliterator, units, &len, FOLD_UNITS, 0, &limit, &status);
	if (U_FAILURE(status)) {
		return;
	}
	size_t out_len = 0;
	for (int32_t i = 0; i < limit; i++) {
		if (units[i] < 0x80) {
			append_plain((char)units[i], out, size, &out_len);
		}
	}
	out[out_len] = '\0';
}

void ascii_fold(struct ascii_folder *folder, const char *text, char *out, size_t size)
{
	size_t len = 0;
	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x80) {
			fold_unicode(folder, text, out, size);
			return;
		}
		append_plain(*c, out, size, &len);
	}
	out[len] = '\0';
}
