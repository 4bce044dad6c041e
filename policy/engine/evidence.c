/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/evidence.h"

#include <stddef.h>
#include <string.h>

static const struct {
	int16_t points;
	const char *reason;
} weights[EVIDENCE_COUNT] = {
    [EVIDENCE_LETTERS_2] = {0, "two letters are everywhere"},
    [EVIDENCE_LETTERS_3] = {12, "three letters are many people's initials"},
    [EVIDENCE_LETTERS_4] = {16, "most four-letter labels are taken by somebody"},
    [EVIDENCE_LETTERS_5] = {28, "five letters meet by chance now and then"},
    [EVIDENCE_LETTERS_6] = {34, "six letters seldom meet by chance"},
    [EVIDENCE_LETTERS_7] = {40, "seven letters hardly meet by chance"},
    [EVIDENCE_LETTERS_8] = {46, "eight letters and more do not meet by chance"},
    [EVIDENCE_TOKEN_IS_WORD] = {-4, "a common word has honest uses of its own"},

    [EVIDENCE_DISGUISED_SCRIPT] = {30, "nobody writes a look-alike script by accident"},
    [EVIDENCE_DISGUISED_VIETNAMESE] = {24, "the site's name, with its marks, is not its domain"},
    [EVIDENCE_DISGUISED_DIGIT] = {18, "a digit in a letter's place is put there"},
    [EVIDENCE_DISGUISED_LETTER] = {16, "rn for m, l for i: chosen for the eye"},
    [EVIDENCE_DISGUISED_GLANCE] = {8, "b for d: like at a glance, but also another word"},
    [EVIDENCE_HYPHENS_INSIDE] = {14, "a hyphen inside the site's own label"},
    [EVIDENCE_DOTS_INSIDE] = {14, "a dot inside the site's own label"},
    [EVIDENCE_SLIP] = {10, "what a finger or a bit does by mistake, and squatters wait for"},
    [EVIDENCE_SLIP_UNTYPICAL] = {-6, "no finger slips so far: likelier another name"},
    [EVIDENCE_SLIP_AND_DISGUISE] = {-6, "each further change explains less"},
    [EVIDENCE_SLIP_AND_DIGITS] = {-20, "the nearly same name of another comes in series, too"},

    [EVIDENCE_WHOLE_LABEL] = {45, "the very label, registered by somebody else"},
    [EVIDENCE_WHOLE_LABEL_SLIP] = {24, "nearly the label, registered by somebody else"},
    [EVIDENCE_WHOLE_SUBDOMAIN] = {14, "the label in front of somebody else's domain"},
    [EVIDENCE_PART_BETWEEN_HYPHENS] = {16, "set apart by hyphens, to be read by itself"},
    [EVIDENCE_PART_GLUED] = {16, "begins or ends a longer label"},
    [EVIDENCE_PART_INSIDE] = {4, "in the midst of a longer label"},
    [EVIDENCE_PART_OF_SUBDOMAIN] = {-6, "within a label that its owner need not register"},
    [EVIDENCE_DOMAIN_IN_FRONT] = {50, "the whole domain in front of another: made to be misread"},

    [EVIDENCE_DECORATION] = {30, "the policy says that imitations add this"},
    [EVIDENCE_DIGITS] = {30, "numbered names come in series"},
    [EVIDENCE_OWN_SUFFIX] = {18, "the site's own suffix, moved into the label"},
    [EVIDENCE_WORDS] = {16, "with words: made to be read as the site's"},
    [EVIDENCE_DECORATION_ELSEWHERE] = {10, "a decoration in another label"},
    [EVIDENCE_STRANGE_SHORT] = {0, "a few letters tell nothing"},
    [EVIDENCE_STRANGE_LONG] = {0, "letters that are no words tell nothing"},

    [EVIDENCE_CHEAP_SUFFIX] = {14, "a suffix where names cost next to nothing"},
    [EVIDENCE_HOSTED] = {10, "a host of anybody's sites, free of charge"},
    [EVIDENCE_SAME_SUFFIX] = {6, "a slip of the finger keeps the suffix"},
    [EVIDENCE_SAME_NATIONAL_SUFFIX] = {12, "likewise, and few names share it"},

    [EVIDENCE_OTHER_WORD] = {-60,
			     "the letters are a word of their own, or fall into words otherwise"},
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
 * 2025. It is evidence beside a resemblance and means nothing alone.
 */
static const char *const cheap_suffixes[] = {
    "top",     "xyz",     "online", "shop",    "site",  "club",    "vip",   "live",  "icu",
    "buzz",    "cyou",    "sbs",    "cfd",     "rest",  "bond",    "click", "link",  "win",
    "loan",    "work",    "fun",    "store",   "space", "website", "info",  "cc",    "tk",
    "ml",      "ga",      "cf",     "gq",      "asia",  "pw",      "life",  "today", "world",
    "monster", "quest",   "lol",    "support", "ltd",   "group",   "wang",  "fit",   "ooo",
    "biz",     "autos",   "beauty", "hair",    "skin",  "makeup",  "mom",   "pics",  "lat",
    "digital", "finance", "gdn",    "men",     "bid",   "trade",
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
	for (size_t i = 0; i < sizeof(cheap_suffixes) / sizeof(cheap_suffixes[0]); i++) {
		if (last_label[0] == cheap_suffixes[i][0] &&
		    strcmp(last_label, cheap_suffixes[i]) == 0) {
			return true;
		}
	}
	return false;
}

bool suffix_is_national(const char *suffix)
{
	const char *dot = strrchr(suffix, '.');

	return strlen(dot != NULL ? dot + 1 : suffix) == 2;
}
