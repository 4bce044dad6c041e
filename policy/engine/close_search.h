/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that end as made-up ones do are searched for more than the index finds in each name: a
 * slip with other letters behind it, a slip in five letters, two slips in ten. Elsewhere these are
 * other people's names far more often than fakes. Internal to policy/.
 */
#ifndef POLICY_ENGINE_CLOSE_SEARCH_H
#define POLICY_ENGINE_CLOSE_SEARCH_H

#include <stdbool.h>

#include "policy/engine/index.h"
#include "policy/engine/token_table.h"
#include "policy/name/name.h"

/*
 * Whether the name ends in a suffix that costs nothing or is often reported, stands under a label
 * that no word is seen in, has a suffix in its midst ("co.jp.x.com"), or has a label in front that
 * ends as a domain does ("eki-nwtcom.x.com").
 */
bool name_ends_made_up(const struct name *name);

/*
 * Adds to the candidates of such a name: of each label and each of its pieces between hyphens,
 * tokens that begin with its first letter.
 */
void close_search(const struct token_table *tokens, const struct name *name, struct search *search);

#endif
