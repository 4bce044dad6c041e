/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/words.h"

#include <string.h>

#include "policy/name/words_table.h"

static bool contains(const uint32_t *table, const uint32_t *start, uint32_t item)
{
	uint32_t bucket = item >> WORD_BUCKET_SHIFT;

	for (uint32_t i = start[bucket]; i < start[bucket + 1]; i++) {
		if (table[i] == item) {
			return true;
		}
	}
	return false;
}

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Whether some word has these letters in front and this length: most texts end here, unhashed. */
static bool has_length(const uint32_t *lengths, const char *text, size_t len)
{
	return len >= WORD_LEN_MIN && len <= WORD_LEN_MAX && is_letter(text[0]) &&
	       is_letter(text[1]) && is_letter(text[2]) &&
	       (lengths[word_prefix(text)] >> len & 1) != 0;
}

bool word_is_common(const char *text, size_t len)
{
	return has_length(common_words_lengths, text, len) &&
	       contains(common_words, common_words_start, word_hash(text, len));
}

/* What addresses are made of everywhere, in no dictionary. */
static const char address_words[][8] = {
    "www",  "ww",    "http",  "https", "ssl",    "cdn",    "web",   "api",   "app",  "apps",
    "auth", "login", "email", "wifi",  "signin", "signup", "admin", "blog",  "info", "vpn",
    "sms",  "otp",   "faq",   "intl",  "id",     "my",     "go",    "the",   "vn",   "pro",
    "corp", "inc",   "cl",    "cskh",  "ctv",    "hotro",  "cong",  "video", "link", "tech",
};

bool word_is_of_addresses(const char *text, size_t len)
{
	for (size_t i = 0; len > 0 && i < sizeof(address_words) / sizeof(address_words[0]); i++) {
		if (address_words[i][0] == text[0] && strlen(address_words[i]) == len &&
		    memcmp(address_words[i], text, len) == 0) {
			return true;
		}
	}
	return false;
}

bool word_is_known(const char *text, size_t len)
{
	return word_is_common(text, len) ||
	       (has_length(proper_words_lengths, text, len) &&
		contains(proper_words, proper_words_start, word_hash(text, len)));
}

/* Initials and rimes of Vietnamese without tone marks and diacritics (Thompson, A Vietnamese
 * Reference Grammar, 1965, chapter 2), longest first where one begins another. */
static const char *const initials[] = {"ngh", "ng", "nh", "gh", "gi", "kh", "ph", "qu", "th",
				       "tr",  "ch", "b",  "c",  "d",  "g",  "h",  "k",  "l",
				       "m",   "n",  "p",  "r",  "s",  "t",  "v",  "x",  ""};
static const char rimes[][6] = {
    "uyenh", "uyen", "uyet", "uong", "uong", "uoi",  "uou",  "uon",  "uom",  "uoc",  "uot",
    "uop",   "ieng", "ieu",  "iec",  "iem",  "ien",  "iep",  "iet",  "yeng", "yeu",  "yem",
    "yen",   "yet",  "oang", "oanh", "oach", "oac",  "oai",  "oam",  "oan",  "oao",  "oap",
    "oat",   "oay",  "oeo",  "oen",  "oet",  "uang", "uay",  "uan",  "uat",  "uanh", "uych",
    "uynh",  "uya",  "uyt",  "uyu",  "uye",  "ueng", "uech", "uenh", "ach",  "ang",  "anh",
    "eng",   "ech",  "enh",  "ich",  "inh",  "ong",  "oong", "ung",  "ac",   "ai",   "am",
    "an",    "ao",   "ap",   "at",   "au",   "ay",   "ec",   "em",   "en",   "eo",   "ep",
    "et",    "eu",   "ia",   "im",   "in",   "ip",   "it",   "iu",   "oa",   "oc",   "oe",
    "oi",    "om",   "on",   "op",   "ot",   "ua",   "uc",   "ue",   "ui",   "um",   "un",
    "uo",    "up",   "ut",   "uu",   "uy",   "a",    "e",    "i",    "o",    "u",    "y"};

static bool begins_rime(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

/* Whether some initial and rime begin at text + from and end at some of the positions marked in
 * ends. */
static bool syllables_from(const char *text, size_t from, size_t len, const bool *splits_behind)
{
	for (size_t i = 0; i < sizeof(initials) / sizeof(initials[0]); i++) {
		size_t initial_len, rest;

		if (initials[i][0] != '\0' && initials[i][0] != text[from]) {
			continue;
		}
		initial_len = strlen(initials[i]);
		rest = from + initial_len;
		if (rest >= len || !begins_rime(text[rest]) ||
		    memcmp(text + from, initials[i], initial_len) != 0) {
			continue;
		}
		for (size_t j = 0; j < sizeof(rimes) / sizeof(rimes[0]); j++) {
			size_t rime_len;

			if (rimes[j][0] != text[rest]) {
				continue;
			}
			rime_len = strlen(rimes[j]);
			if (rime_len <= len - rest && initial_len + rime_len >= 2 &&
			    splits_behind[rest + rime_len] &&
			    memcmp(text + rest, rimes[j], rime_len) == 0) {
				return true;
			}
		}
	}
	return false;
}

/* A rime ends in a vowel, c, ch, m, n, ng, nh, p or t. */
static bool ends_in_rime(const char *text, size_t len)
{
	char last = text[len - 1];

	if (last == 'g') {
		return text[len - 2] == 'n';
	}
	if (last == 'h') {
		return text[len - 2] == 'c' || text[len - 2] == 'n';
	}
	return last != '\0' && strchr("aeiouycmnpt", last) != NULL;
}

bool word_is_vietnamese(const char *text, size_t len)
{
	bool splits[WORD_LEN_MAX + 1] = {false}; /* from here on, syllables to the end */

	if (len < 2 || len > WORD_LEN_MAX || !ends_in_rime(text, len)) {
		return false;
	}
	splits[len] = true;
	for (size_t from = len; from-- > 0;) {
		splits[from] = syllables_from(text, from, len, splits);
	}
	return splits[0];
}
