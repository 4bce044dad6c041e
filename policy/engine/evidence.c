/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/evidence.h"

#include <stddef.h>
#include <string.h>

static const struct {
	int16_t points;
	const char *reason;
	bool deceit;
} weights[EVIDENCE_COUNT] = {
    [EVIDENCE_LETTERS_2] = {0, "two letters are everywhere", false},
    [EVIDENCE_LETTERS_3] = {12, "three letters are many people's initials", false},
    [EVIDENCE_LETTERS_4] = {16, "most four-letter labels are taken by somebody", false},
    [EVIDENCE_LETTERS_5] = {28, "five letters meet by chance now and then", false},
    [EVIDENCE_LETTERS_6] = {34, "six letters seldom meet by chance", false},
    [EVIDENCE_LETTERS_7] = {40, "seven letters hardly meet by chance", false},
    [EVIDENCE_LETTERS_8] = {46, "eight letters and more do not meet by chance", false},
    [EVIDENCE_TOKEN_IS_WORD] = {-5, "a common word has honest uses of its own", false},

    [EVIDENCE_DISGUISED_SCRIPT] = {30, "nobody writes a look-alike script by accident", true},
    [EVIDENCE_DISGUISED_VIETNAMESE] = {24, "the site's name, with its marks, is not its domain",
				       true},
    [EVIDENCE_DISGUISED_DIGIT] = {18, "a digit in a letter's place is put there", true},
    [EVIDENCE_DISGUISED_LETTER] = {16, "rn for m, l for i: chosen for the eye", true},
    [EVIDENCE_DISGUISED_GLANCE] = {8, "b for d: like at a glance, but also another word", false},
    [EVIDENCE_HYPHENS_INSIDE] = {14, "a hyphen inside the site's own label", true},
    [EVIDENCE_DOTS_INSIDE] = {14, "a dot inside the site's own label", true},
    [EVIDENCE_SLIP] = {10, "what a finger or a bit does by mistake, and squatters wait for", false},
    [EVIDENCE_SLIP_UNTYPICAL] = {-6, "no finger slips so far: likelier another name", false},
    [EVIDENCE_SLIP_SOUND] = {4, "said aloud, it is the site's name", false},
    [EVIDENCE_SLIP_MORE] = {-12, "two slips are half as likely one person's", false},
    [EVIDENCE_SLIP_AND_DISGUISE] = {-6, "each further change explains less", false},
    [EVIDENCE_SLIP_AND_DIGITS] = {-20, "the nearly same name of another comes in series, too",
				  false},

    [EVIDENCE_WHOLE_LABEL] = {45, "the very label, registered by somebody else", false},
    [EVIDENCE_WHOLE_LABEL_SLIP] = {24, "nearly the label, registered by somebody else", false},
    [EVIDENCE_OTHER_SUFFIX_ALONE] = {-20, "brands themselves take their label under other suffixes",
				     false},
    [EVIDENCE_WORD_ALONE] = {-12, "a common word is soon taken there", false},
    [EVIDENCE_WHOLE_SUBDOMAIN] = {20, "the label in front of somebody else's domain", false},
    [EVIDENCE_WHOLE_IN_FRONT] = {32, "nobody else's domain needs the site's coined label before it",
				 false},
    [EVIDENCE_PART_BETWEEN_HYPHENS] = {16, "set apart by hyphens, to be read by itself", false},
    [EVIDENCE_PART_GLUED] = {16, "begins or ends a longer label", false},
    [EVIDENCE_PART_INSIDE] = {4, "in the midst of a longer label", false},
    [EVIDENCE_PART_OF_SUBDOMAIN] = {-6, "within a label that its owner need not register", false},
    [EVIDENCE_DOMAIN_IN_FRONT] = {50, "the whole domain in front of another: made to be misread",
				  true},
    [EVIDENCE_DELIVERY_BEHIND] = {-50, "delivery networks have their customers' domains in front",
				  false},
    [EVIDENCE_THROWAWAY_BEHIND] =
	{36, "a domain of no meaning, or of a suffix often reported, stands behind", false},

    [EVIDENCE_DECORATION] = {40, "imitations add this, to make a person act", true},
    [EVIDENCE_DIGITS] = {30, "numbered names come in series", false},
    [EVIDENCE_OWN_SUFFIX] = {18, "the site's own suffix, moved into the label", true},
    [EVIDENCE_GOVERNMENT_SUFFIX] = {18, "nobody but a government has cause to write its suffix",
				    false},
    [EVIDENCE_WORDS] = {16, "with words: made to be read as the site's", false},
    [EVIDENCE_WORD_WITH_WORDS] = {-12, "common words make phrases", false},
    [EVIDENCE_MACHINE_WORDS] =
	{-12, "brands name their own machines so, and a person reads no such name", false},
    [EVIDENCE_DELIVERY_OWN_SUFFIX] = {12,
				      "under the site's own suffix, to be taken for its machines",
				      false},
    [EVIDENCE_DECORATION_ELSEWHERE] = {7, "a decoration in another label", false},
    [EVIDENCE_DECORATION_BEHIND] = {26, "what stands behind the label asks a person to act", true},
    [EVIDENCE_COINED_AND_WHIM] =
	{30,
	 "a coined label registered with letters of no meaning, or with everyday words of the web",
	 false},
    [EVIDENCE_STRANGE_SHORT] = {0, "a few letters tell nothing", false},
    [EVIDENCE_STRANGE_LONG] = {6, "letters that are no words are often made up by a program",
			       false},

    [EVIDENCE_CHEAP_SUFFIX] = {14, "a suffix where names cost next to nothing", false},
    [EVIDENCE_CHEAP_SUFFIX_LONG] = {22, "and a coined label does not get there by chance", false},
    [EVIDENCE_HOSTED] = {10, "a host of anybody's sites, free of charge", false},
    [EVIDENCE_SAME_SUFFIX] = {6, "a slip of the finger keeps the suffix", false},
    [EVIDENCE_SAME_NATIONAL_SUFFIX] = {12, "likewise, and few names share it", false},

    [EVIDENCE_HALF] = {-50, "half of a label with a hyphen is others' word, too", false},
    [EVIDENCE_WORD_IN_PLACE] = {-30, "the slip makes a word of it, but few names share the suffix",
				false},
    [EVIDENCE_OTHER_WORD] = {-60,
			     "the letters are a word of their own, or fall into words otherwise",
			     false},
};

/* Least points of each confidence. */
static const int least_points[CONFIDENCE_COUNT] = {
    [CONFIDENCE_LOW] = 44,
    [CONFIDENCE_MEDIUM] = 79,
    [CONFIDENCE_HIGH] = 90,
};

/*
 * Top-level domains with the most reported names for their size, or free ones. Sources: Interisle,
 * Phishing Landscape 2023 and 2024, tables of phishing by TLD; Spamhaus, most abused TLDs, 2023 to
 * 2025. It is evidence beside a resemblance and means nothing on its own.
 */
/* In alphabetical order. */
static const char cheap_suffixes[][8] = {
    "asia",   "autos",   "beauty", "bid",     "biz",     "bond",    "buzz", "cc",    "cf",
    "cfd",    "click",   "club",   "cyou",    "digital", "finance", "fit",  "fun",   "ga",
    "gdn",    "gq",      "group",  "hair",    "icu",     "info",    "lat",  "life",  "link",
    "live",   "loan",    "lol",    "ltd",     "makeup",  "men",     "ml",   "mom",   "monster",
    "online", "ooo",     "pics",   "pw",      "quest",   "rest",    "sbs",  "shop",  "site",
    "skin",   "space",   "store",  "support", "tk",      "today",   "top",  "trade", "vip",
    "wang",   "website", "win",    "work",    "world",   "xyz",
};

enum evidence evidence_of_length(unsigned len)
{
	return len >= 8 ? EVIDENCE_LETTERS_8
			: (enum evidence)(EVIDENCE_LETTERS_2 + (len < 2 ? 0 : len - 2));
}

int evidence_points(evidence_set set)
{
	int sum = 0;

	for (unsigned i = 0; i < EVIDENCE_COUNT; i++) {
		if (evidence_has(set, (enum evidence)i)) {
			sum += weights[i].points;
		}
	}
	return sum;
}

bool evidence_is_deceit(evidence_set set)
{
	for (unsigned i = 0; i < EVIDENCE_COUNT; i++) {
		if (evidence_has(set, (enum evidence)i) && weights[i].deceit) {
			return true;
		}
	}
	return false;
}

const char *evidence_reason(enum evidence evidence)
{
	return weights[evidence].reason;
}

int evidence_least_points(enum confidence confidence)
{
	return least_points[confidence];
}

bool evidence_confidence(int points, enum confidence *out)
{
	if (points < least_points[CONFIDENCE_LOW]) {
		return false;
	}
	*out = CONFIDENCE_LOW;
	if (points >= least_points[CONFIDENCE_MEDIUM]) {
		*out = CONFIDENCE_MEDIUM;
	}
	if (points >= least_points[CONFIDENCE_HIGH]) {
		*out = CONFIDENCE_HIGH;
	}
	return true;
}

bool suffix_is_cheap(const char *last_label)
{
	size_t low = 0, high = sizeof(cheap_suffixes) / sizeof(cheap_suffixes[0]);

	while (low < high) {
		const size_t middle = (low + high) / 2;
		const char *known = cheap_suffixes[middle];
		/* Each name is asked for, and most steps end at the first letter. */
		const int order = last_label[0] != known[0] ? last_label[0] - known[0]
							    : strcmp(last_label, known);

		if (order == 0) {
			return true;
		}
		if (order < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return false;
}

bool suffix_is_government(const char *suffix)
{
	static const char *const labels[] = {"gov", "go", "gob", "gouv", "gub", "govt", "mil"};
	size_t len = strcspn(suffix, ".");

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		if (strlen(labels[i]) == len && memcmp(labels[i], suffix, len) == 0) {
			return true;
		}
	}
	return false;
}

bool suffix_is_reported(const char *last_label)
{
	return strcmp(last_label, "cn") == 0 || strcmp(last_label, "ru") == 0;
}

enum sort { SORT_CONSONANT, SORT_VOWEL, SORT_DIGIT, SORT_HYPHEN, SORT_COUNT };

static const uint8_t sorts[256] = {
    ['-'] = SORT_HYPHEN, ['a'] = SORT_VOWEL, ['e'] = SORT_VOWEL, ['i'] = SORT_VOWEL,
    ['o'] = SORT_VOWEL,  ['u'] = SORT_VOWEL, ['y'] = SORT_VOWEL, ['0'] = SORT_DIGIT,
    ['1'] = SORT_DIGIT,  ['2'] = SORT_DIGIT, ['3'] = SORT_DIGIT, ['4'] = SORT_DIGIT,
    ['5'] = SORT_DIGIT,  ['6'] = SORT_DIGIT, ['7'] = SORT_DIGIT, ['8'] = SORT_DIGIT,
    ['9'] = SORT_DIGIT,
};

/* Counted side by side, as a label has 63 octets at the most: each name's is looked at. */
#define ONE_LETTER UINT32_C(1)
#define ONE_VOWEL (UINT32_C(1) << 8)
#define ONE_TURN (UINT32_C(1) << 16)

/* What an octet adds, by the sort of the one before and its own. */
static const uint32_t counted[SORT_COUNT][SORT_COUNT] = {
    [SORT_CONSONANT] = {ONE_LETTER, ONE_LETTER + ONE_VOWEL, ONE_TURN, 0},
    [SORT_VOWEL] = {ONE_LETTER, ONE_LETTER + ONE_VOWEL, ONE_TURN, 0},
    [SORT_DIGIT] = {ONE_LETTER + ONE_TURN, ONE_LETTER + ONE_VOWEL + ONE_TURN, 0, 0},
    [SORT_HYPHEN] = {ONE_LETTER, ONE_LETTER + ONE_VOWEL, 0, 0},
};

/* Runs of consonants that no language of Latin letters has, or digits between letters. */
bool label_is_random(const char *text, size_t len)
{
	uint32_t counts = 0;
	size_t run = 0, longest = 0;
	uint8_t before = SORT_HYPHEN;

	for (size_t i = 0; i < len; i++) {
		const uint8_t sort = sorts[(unsigned char)text[i]];

		counts += counted[before][sort];
		run = sort == SORT_CONSONANT ? run + 1 : 0;
		longest = run > longest ? run : longest;
		before = sort;
	}
	const uint32_t letters = counts & 0xff, vowels = counts >> 8 & 0xff, turns = counts >> 16;

	return turns >= 2 || longest >= 5 || (letters >= 4 && vowels == 0) ||
	       (letters >= 6 && vowels * 6 <= letters);
}

bool suffix_is_national(const char *suffix)
{
	const char *dot = strrchr(suffix, '.');

	return strlen(dot != NULL ? dot + 1 : suffix) == 2;
}
