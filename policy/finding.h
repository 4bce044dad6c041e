/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What policy/ says of a name: which protected site it imitates, by which technique and why that
 * was concluded. There is no other kind of finding.
 */
#ifndef POLICY_FINDING_H
#define POLICY_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum technique {
	TECHNIQUE_HOMOGLYPH,
	TECHNIQUE_TYPO,
	TECHNIQUE_BITSQUAT,
	TECHNIQUE_HYPHENATION,
	TECHNIQUE_DIACRITICS,
	TECHNIQUE_TLD_SWAP,
	TECHNIQUE_COMBOSQUAT,
	TECHNIQUE_SUBDOMAIN,
};
#define TECHNIQUE_COUNT 8

enum confidence { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH };
#define CONFIDENCE_COUNT 3

/* What to do about it, in rising order of severity. The policy maps each confidence to one. */
enum action { ACTION_OBSERVE, ACTION_WARN, ACTION_BLOCK };
#define ACTION_COUNT 3

/* Longest `why`, with its NUL. */
#define FINDING_WHY_SIZE 160

/*
 * The strings of `imitates` and `site` belong to the policy and live as long as it does. The name
 * that was judged is the caller's and is not repeated here.
 */
struct finding {
	const char *imitates; /* the protected domain, as "vietcombank.com.vn" */
	const char *site;     /* its displayed name, UTF-8 */
	enum technique technique;
	enum confidence confidence;
	enum action action;
	/* One phrase, UTF-8, no full stop: "0 stands for o"; and the same in Vietnamese. */
	char why[FINDING_WHY_SIZE];
	char why_vi[FINDING_WHY_SIZE];
	/*
	 * How many of the name's last labels take part: the first one that resembles the site, and
	 * all right of it. Whatever stands in front tells of the visitor, not of the fake, so only
	 * these are written anywhere.
	 */
	uint8_t labels;
};

/* The words of DESIGN.md: "homoglyph", "tld-swap"; "high"; "block". Never NULL for a listed value.
 */
const char *technique_text(enum technique technique);
const char *confidence_text(enum confidence confidence);
const char *action_text(enum action action);

/* Reads an action's word. \returns false when it is none. */
bool action_parse(const char *text, enum action *out);

#endif
