/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One entry of a site's `tokens`: a short form of the site's own name, and nothing else. Internal
 * to policy/; for loading only.
 */
#ifndef POLICY_FILE_SITE_TOKEN_H
#define POLICY_FILE_SITE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/file/parsed_policy.h"
#include "policy/name/ascii_fold.h"

/* Longest token with its NUL: a label's worth. */
#define TOKEN_SIZE 64

/*
 * Reads a token, letters in either case. It must be one of these:
 * - one of the site's own labels;
 * - a word of the site's displayed name of four letters or more, or that name as a whole, folded to
 *   ASCII;
 * - a shortening of one of its labels: letters and digits of the label in the label's order, the
 *   first one first, at least 2 and fewer than the label has.
 *
 * \param site  name and domains are filled.
 * \param out   gets the token in lower case.
 * \param own   gets whether it is one of the site's labels, so that listing it adds nothing.
 * \param why   on failure, gets what is wrong and what could be written for this site, as a phrase
 * to follow the token.
 */
bool site_token_read(const char *written, const struct site *site, struct ascii_folder *folder,
		     char out[TOKEN_SIZE], bool *own, char *why, size_t why_size);

/* Whether a token starts with the label's first letter, keeps its order and is shorter. */
bool token_shortens(const char *token, const char *label);

#endif
