/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which suffixes of tokens a name has anything of, kept for the rest of the name. Internal to
 * policy/.
 */
#ifndef POLICY_ENGINE_MET_SUFFIXES_H
#define POLICY_ENGINE_MET_SUFFIXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/name/name.h"

/* Suffixes that are kept; what is asked of others is found again each time. */
#define MET_SUFFIXES 32

struct met_suffixes {
	size_t count;
	bool has_pairs; /* `pairs` is known */
	/* By the lower bits of a character, a bit for those of each that stands behind it. */
	uint32_t pairs[32];
	struct {
		const char *suffix;
		bool may_meet;
	} items[MET_SUFFIXES];
};

/* Before the first question about a name. */
void met_suffixes_begin(struct met_suffixes *met);

/*
 * Whether a token's suffix could matter: its first or last label stands somewhere in the name. Of
 * a site's many domains with one label ("amazon.ca", "amazon.co.jp") only those are weighed apart.
 */
bool met_suffixes_have(struct met_suffixes *met, const struct name *name, const char *suffix);

#endif
