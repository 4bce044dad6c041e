/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scoring: one table of what speaks for and against an imitation, each with its weight and
 * reason. Points are summed; the sum decides the confidence. docs/detection.md shows what the
 * figures were measured to yield. Internal to policy/.
 */
#ifndef POLICY_ENGINE_EVIDENCE_H
#define POLICY_ENGINE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/finding.h"

enum evidence {
	/* how many letters the token has: how rarely they meet by chance */
	EVIDENCE_LETTERS_2,
	EVIDENCE_LETTERS_3,
	EVIDENCE_LETTERS_4,
	EVIDENCE_LETTERS_5,
	EVIDENCE_LETTERS_6,
	EVIDENCE_LETTERS_7,
	EVIDENCE_LETTERS_8,
	EVIDENCE_TOKEN_IS_WORD,

	/* how the letters were disguised; none of these when they stand as they are */
	EVIDENCE_DISGUISED_SCRIPT,
	EVIDENCE_DISGUISED_VIETNAMESE,
	EVIDENCE_DISGUISED_DIGIT,
	EVIDENCE_DISGUISED_LETTER,
	EVIDENCE_DISGUISED_GLANCE,
	EVIDENCE_HYPHENS_INSIDE,
	EVIDENCE_DOTS_INSIDE,
	EVIDENCE_SLIP,
	EVIDENCE_SLIP_UNTYPICAL,
	EVIDENCE_SLIP_SOUND,
	EVIDENCE_SLIP_MORE,
	EVIDENCE_SLIP_AND_DISGUISE,
	EVIDENCE_SLIP_AND_DIGITS,

	/* where they stand */
	EVIDENCE_WHOLE_LABEL,
	EVIDENCE_WHOLE_LABEL_SLIP,
	EVIDENCE_OTHER_SUFFIX_ALONE,
	EVIDENCE_WORD_ALONE,
	EVIDENCE_WHOLE_SUBDOMAIN,
	EVIDENCE_WHOLE_IN_FRONT,
	EVIDENCE_PART_BETWEEN_HYPHENS,
	EVIDENCE_PART_GLUED,
	EVIDENCE_PART_INSIDE,
	EVIDENCE_PART_OF_SUBDOMAIN,
	EVIDENCE_DOMAIN_IN_FRONT,
	EVIDENCE_DELIVERY_BEHIND,
	EVIDENCE_THROWAWAY_BEHIND,

	/* what stands beside them */
	EVIDENCE_DECORATION,
	EVIDENCE_DIGITS,
	EVIDENCE_OWN_SUFFIX,
	EVIDENCE_GOVERNMENT_SUFFIX,
	EVIDENCE_WORDS,
	EVIDENCE_WORD_WITH_WORDS,
	EVIDENCE_MACHINE_WORDS,
	EVIDENCE_DELIVERY_OWN_SUFFIX,
	EVIDENCE_DECORATION_ELSEWHERE,
	EVIDENCE_DECORATION_BEHIND,
	EVIDENCE_COINED_AND_WHIM,
	EVIDENCE_STRANGE_SHORT,
	EVIDENCE_STRANGE_LONG,

	/* the suffix */
	EVIDENCE_CHEAP_SUFFIX,
	EVIDENCE_CHEAP_SUFFIX_LONG,
	EVIDENCE_HOSTED,
	EVIDENCE_SAME_SUFFIX,
	EVIDENCE_SAME_NATIONAL_SUFFIX,

	/* against */
	EVIDENCE_HALF,
	EVIDENCE_WORD_IN_PLACE,
	EVIDENCE_OTHER_WORD,
};
#define EVIDENCE_COUNT (EVIDENCE_OTHER_WORD + 1)

/* A set of evidence, bit 1 << evidence each. */
typedef uint64_t evidence_set;

static inline void evidence_add(evidence_set *set, enum evidence evidence)
{
	*set |= (evidence_set)1 << evidence;
}

static inline bool evidence_has(evidence_set set, enum evidence evidence)
{
	return (set >> evidence & 1) != 0;
}

/* How many letters count as evidence; len 2 or more. */
enum evidence evidence_of_length(unsigned len);

/* Sum of the points. */
int evidence_points(evidence_set set);

/* Whether it is a sign of deceit: without one, no finding is of high confidence. */
bool evidence_is_deceit(evidence_set set);

/* Why something counts: a phrase. docs/detection.md lists all, with their points. */
const char *evidence_reason(enum evidence evidence);

/* Least points of a confidence. */
int evidence_least_points(enum confidence confidence);

/* \returns false when the points are too few for a finding. */
bool evidence_confidence(int points, enum confidence *out);

/*
 * A public suffix under which a name costs next to nothing, and of whose names many are reported:
 * the last label, "top".
 */
bool suffix_is_cheap(const char *last_label);

/* A suffix that only a government's offices register under: "gov.vn", "go.jp", "mil". */
bool suffix_is_government(const char *suffix);

/* A country's suffix that criminals register under in bulk, whatever country they aim at. */
bool suffix_is_reported(const char *last_label);

/* A label that no word is seen in, such as those that a program makes up: "zctvb", "7p6eim". */
bool label_is_random(const char *text, size_t len);

/* A suffix that half the world's names have ("com"), or one of a country ("com.vn"). */
bool suffix_is_national(const char *suffix);

#endif
