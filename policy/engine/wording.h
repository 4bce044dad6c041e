/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The phrases of which a finding's `why` is made, one set for each language. Internal to policy/.
 */
#ifndef POLICY_ENGINE_WORDING_H
#define POLICY_ENGINE_WORDING_H

#include "policy/engine/alignment.h"

/* UTF-8; $1, $2 and $3 are what is put in, as the comments say. */
struct wording {
	const char *edits[EDIT_KIND_COUNT]; /* letters seen, letters meant; of a transposition the
					       two that are swapped */
	const char *next;                   /* between two edits */
	const char *more;                   /* how many edits are not shown */
	const char *of_token;               /* behind the edits, the token */
	const char *with;                   /* what stands beside the token, */
	const char *and_with;               /* and on its other side */
	const char *hyphen_splits;          /* the token */
	const char *dot_splits;             /* the token */
	const char *other_suffix;           /* the token, the name's suffix, the site's suffix */
	const char *own_suffix;             /* behind the token and what stands beside it */
	const char *in_front; /* the token or domain, the domain that it stands before */
};

extern const struct wording wording_english, wording_vietnamese;

#endif
