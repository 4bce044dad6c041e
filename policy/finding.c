/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/finding.h"

#include <string.h>

static const char *const technique_words[TECHNIQUE_COUNT] = {
    [TECHNIQUE_HOMOGLYPH] = "homoglyph",   [TECHNIQUE_TYPO] = "typo",
    [TECHNIQUE_BITSQUAT] = "bitsquat",     [TECHNIQUE_HYPHENATION] = "hyphenation",
    [TECHNIQUE_DIACRITICS] = "diacritics", [TECHNIQUE_TLD_SWAP] = "tld-swap",
    [TECHNIQUE_COMBOSQUAT] = "combosquat", [TECHNIQUE_SUBDOMAIN] = "subdomain",
};

static const char *const confidence_words[CONFIDENCE_COUNT] = {
    [CONFIDENCE_LOW] = "low",
    [CONFIDENCE_MEDIUM] = "medium",
    [CONFIDENCE_HIGH] = "high",
};

static const char *const action_words[ACTION_COUNT] = {
    [ACTION_OBSERVE] = "observe",
    [ACTION_WARN] = "warn",
    [ACTION_BLOCK] = "block",
};

const char *technique_text(enum technique technique)
{
	return technique_words[technique];
}

const char *confidence_text(enum confidence confidence)
{
	return confidence_words[confidence];
}

const char *action_text(enum action action)
{
	return action_words[action];
}

bool action_parse(const char *text, enum action *out)
{
	for (unsigned i = 0; i < ACTION_COUNT; i++) {
		if (strcmp(text, action_words[i]) == 0) {
			*out = (enum action)i;
			return true;
		}
	}
	return false;
}
