/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Built-in words that imitations add to a site's name, beside a policy's decorations, and words
 * by which operators name their own machines. They mean nothing without a resemblance: no word of
 * either list makes a finding. Internal to policy/.
 */
#ifndef POLICY_ENGINE_BAIT_WORDS_H
#define POLICY_ENGINE_BAIT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum bait {
	BAIT_NONE,
	BAIT_PLAIN, /* also in many names of honest sites: "shop", "online" */
	BAIT_LURE,  /* asks the person to act: "login", "xacthuc", "verify" */
};

/*
 * Makes what the questions below are answered from. Call it before them; any thread, any number of
 * times. \returns false when the system has no means to make it once.
 */
bool bait_words_ready(void);

/*
 * What a piece of a label is made of, given as len characters 'a'-'z', '0'-'9' and '-': wholly of
 * words of the list, digits and hyphens. A lure beside plain words is a lure.
 */
enum bait bait_of(const char *text, size_t len);

/* Each word of the list, lures and plain ones, i counting from 0; NULL behind the last. */
const char *bait_word(size_t i);

/* Letters that a lure has at the least to be seen in others. */
#define LURE_EDGE_MIN 5

/* Whether a piece without hyphens begins or ends in a lure, and is not one. */
bool is_edged_by_lure(const char *text, size_t len);

/* Likewise of words for machines: "cdn", "usercontent-2". */
bool is_machine_words(const char *text, size_t len);

/* Whether a label has a word that only delivery networks and name servers have: "qlivecdn". */
bool names_delivery(const char *text, size_t len);

#endif
