/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds, in the registered label of any name and in the one before a host's, tokens with a slip
 * that something is glued to
 * ("discrodgift"), and those that the label is but for two slips, or a slip and look-alikes. The
 * index finds the label that is one slip away as a whole. Internal to policy/.
 *
 * One slip leaves the letters of one half of a token as they are. So each token is known by its
 * first four letters, and by its first and the three from the fifth on, which a slip before them
 * moves by one place at the most; likewise from its end.
 */
#ifndef POLICY_ENGINE_SLIP_SEARCH_H
#define POLICY_ENGINE_SLIP_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/engine/index.h"
#include "policy/engine/token_table.h"
#include "policy/name/name.h"

/* A token of fewer letters is not looked for with a slip and something glued to it; one with a
 * slip and look-alikes needs more. */
#define GLUED_SLIP_LEN_MIN 6
#define SLIP_AND_LOOKALIKE_LEN_MIN 8

struct slip_table;

/* \returns NULL when memory is short. The tokens must outlive it. Free with slip_table_free(). */
struct slip_table *slip_table_new(const struct token_table *tokens);
void slip_table_free(struct slip_table *table);
size_t slip_table_memory(const struct slip_table *table); /* octets */

/*
 * Adds to what index_search() found for the name at most SLIP_CANDIDATES_MAX candidates. What
 * stands in front of the three last labels changes nothing. Of a name that ends as made-up ones do,
 * close_search() finds what begins with a token.
 */
void slip_search(const struct slip_table *table, const struct name *name, bool made_up,
		 struct search *search);

#endif
