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

_Static_assert(WORD_LEN_MAX < 31, "lengths are bits");

/* A bit for each length that some word with these letters in front has, len or less. */
static uint32_t lengths_of(const uint32_t *lengths, const char *text, size_t len)
{
	if (len < WORD_LEN_MIN || !is_letter(text[0]) || !is_letter(text[1]) ||
	    !is_letter(text[2])) {
		return 0;
	}
	const uint32_t all = lengths[word_prefix(text)];

	return len > WORD_LEN_MAX ? all : all & ((2U << len) - 1);
}

/* One of the made tables, as words_table.h has it. */
struct word_table {
	const uint32_t *words, *start, *lengths;
};

static const struct word_table common = {common_words, common_words_start, common_words_lengths};
static const struct word_table proper = {proper_words, proper_words_start, proper_words_lengths};

/* Most texts end at their lengths, unhashed. */
static bool has(const struct word_table *table, const char *text, size_t len)
{
	return len <= WORD_LEN_MAX && (lengths_of(table->lengths, text, len) >> len & 1) != 0 &&
	       contains(table->words, table->start, word_hash(text, len));
}

/* A bit for each length of a word that begins the text. */
static uint32_t words_from(const struct word_table *table, const char *text, size_t len)
{
	uint32_t found = 0;

	for (uint32_t left = lengths_of(table->lengths, text, len); left != 0; left &= left - 1) {
		const unsigned n = (unsigned)__builtin_ctz(left);

		if (contains(table->words, table->start, word_hash(text, n))) {
			found |= 1U << n;
		}
	}
	return found;
}

bool word_is_common(const char *text, size_t len)
{
	return has(&common, text, len);
}

uint32_t words_common_from(const char *text, size_t len)
{
	return words_from(&common, text, len);
}

uint32_t words_known_from(const char *text, size_t len)
{
	return words_from(&common, text, len) | words_from(&proper, text, len);
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
	return has(&common, text, len) || has(&proper, text, len);
}

/* Letters side by side as they lie in memory, for one comparison; up to 8, NUL behind them. */
static inline uint64_t packed(const char *text, size_t len)
{
	uint64_t letters = 0;

	memcpy(&letters, text, len < sizeof(letters) ? len : sizeof(letters));
	return letters;
}

/* Initials and rimes of Vietnamese without tone marks and diacritics (Thompson, A Vietnamese
 * Reference Grammar, 1965, chapter 2). */
static const char initials[][8] = {"ngh", "ng", "nh", "gh", "gi", "kh", "ph", "qu", "th",
				   "tr",  "ch", "b",  "c",  "d",  "g",  "h",  "k",  "l",
				   "m",   "n",  "p",  "r",  "s",  "t",  "v",  "x"};
static const char rimes_a[][8] = {"a",   "ac", "ach", "ai", "am", "an", "ang",
				  "anh", "ao", "ap",  "at", "au", "ay"};
static const char rimes_e[][8] = {"e",   "ec", "ech", "em", "en", "eng",
				  "enh", "eo", "ep",  "et", "eu"};
static const char rimes_i[][8] = {"i",   "ia",  "ich", "iec", "iem", "ien", "ieng", "iep",
				  "iet", "ieu", "im",  "in",  "inh", "ip",  "it",   "iu"};
static const char rimes_o[][8] = {"o",   "oa",  "oac", "oach", "oai",  "oam", "oan", "oang", "oanh",
				  "oao", "oap", "oat", "oay",  "oc",   "oe",  "oen", "oeo",  "oet",
				  "oi",  "om",  "on",  "ong",  "oong", "op",  "ot"};
static const char rimes_u[][8] = {
    "u",  "ua", "uan", "uang", "uanh", "uat", "uay",  "uc",    "ue",   "uech", "ueng", "uenh", "ui",
    "um", "un", "ung", "uo",   "uoc",  "uoi", "uom",  "uon",   "uong", "uop",  "uot",  "uou",  "up",
    "ut", "uu", "uy",  "uya",  "uych", "uye", "uyen", "uyenh", "uyet", "uynh", "uyt",  "uyu"};
static const char rimes_y[][8] = {"y", "yem", "yen", "yeng", "yet", "yeu"};
#define RIME_LEN_MAX 5

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool begins_rime(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

static bool is_in(const char (*table)[8], size_t count, uint64_t letters)
{
	for (size_t i = 0; i < count; i++) {
		if (packed(table[i], sizeof(table[i])) == letters) {
			return true;
		}
	}
	return false;
}

static bool is_rime(char first, uint64_t letters)
{
	switch (first) {
	case 'a':
		return is_in(rimes_a, COUNT(rimes_a), letters);
	case 'e':
		return is_in(rimes_e, COUNT(rimes_e), letters);
	case 'i':
		return is_in(rimes_i, COUNT(rimes_i), letters);
	case 'o':
		return is_in(rimes_o, COUNT(rimes_o), letters);
	case 'u':
		return is_in(rimes_u, COUNT(rimes_u), letters);
	default:
		return is_in(rimes_y, COUNT(rimes_y), letters);
	}
}

/* Whether a rime stands from `from` on, of one letter at least or two, with syllables behind it. */
static bool rime_from(const char *text, size_t from, size_t len, size_t least,
		      const bool *splits_behind)
{
	if (from >= len || !begins_rime(text[from])) {
		return false;
	}
	for (size_t n = least; n <= RIME_LEN_MAX && from + n <= len; n++) {
		if (splits_behind[from + n] && is_rime(text[from], packed(text + from, n))) {
			return true;
		}
	}
	return false;
}

/* Whether some initial and rime stand from `from` on and end at some of the positions marked. */
static bool syllables_from(const char *text, size_t from, size_t len, const bool *splits_behind)
{
	if (rime_from(text, from, len, 2, splits_behind)) {
		return true;
	}
	for (size_t n = 1; n <= 3 && from + n < len; n++) {
		if (begins_rime(text[from + n]) &&
		    is_in(initials, COUNT(initials), packed(text + from, n)) &&
		    rime_from(text, from + n, len, 1, splits_behind)) {
			return true;
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
