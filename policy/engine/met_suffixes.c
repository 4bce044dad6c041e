/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/met_suffixes.h"

#include <string.h>

void met_suffixes_begin(struct met_suffixes *met)
{
	met->count = 0;
	met->has_pairs = false;
}

static uint32_t pair_bit(char c)
{
	return UINT32_C(1) << ((unsigned char)c & 31);
}

/* Most texts end here: their first two characters stand nowhere side by side. */
static bool may_stand_in(struct met_suffixes *met, const struct name *name, const char *text,
			 size_t len)
{
	if (!met->has_pairs) {
		met->has_pairs = true;
		memset(met->pairs, 0, sizeof(met->pairs));
		for (size_t i = 0; i + 1 < name->text_len; i++) {
			met->pairs[(unsigned char)name->text[i] & 31] |=
			    pair_bit(name->text[i + 1]);
		}
	}
	return len < 2 || (met->pairs[(unsigned char)text[0] & 31] & pair_bit(text[1])) != 0;
}

/* Whether the text stands in the name, not counting "co" within "com". */
static bool stands_in(struct met_suffixes *met, const struct name *name, const char *text,
		      size_t len)
{
	const char *at = name->text;

	if (!may_stand_in(met, name, text, len)) {
		return false;
	}
	while ((at = memmem(at, name->text_len - (size_t)(at - name->text), text, len)) != NULL) {
		if (len != 2 || memcmp(at, "com", 3) != 0) {
			return true;
		}
		at++;
	}
	return false;
}

static bool has_suffix_label(struct met_suffixes *met, const struct name *name, const char *suffix)
{
	const char *last = strrchr(suffix, '.');

	return (last != NULL && stands_in(met, name, last + 1, strlen(last + 1))) ||
	       stands_in(met, name, suffix, strcspn(suffix, "."));
}

bool met_suffixes_have(struct met_suffixes *met, const struct name *name, const char *suffix)
{
	for (size_t i = 0; i < met->count; i++) {
		if (strcmp(met->items[i].suffix, suffix) == 0) {
			return met->items[i].may_meet;
		}
	}
	const bool may_meet = has_suffix_label(met, name, suffix);

	if (met->count < MET_SUFFIXES) {
		met->items[met->count].suffix = suffix;
		met->items[met->count].may_meet = may_meet;
		met->count++;
	}
	return may_meet;
}
