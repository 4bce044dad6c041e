/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sites of a parsed policy. Internal to policy/; for loading only.
 */
#ifndef POLICY_FILE_PARSED_SITES_H
#define POLICY_FILE_PARSED_SITES_H

#include "policy/file/parsed_policy.h"
#include "policy/settings/config_reader.h"

/* What is held against each other over all the sites together; zero-initialise it. */
struct site_keys {
	struct config_reader_keys names;
	struct config_reader_keys domains; /* and own */
	struct config_reader_keys labels;
	struct config_reader_keys tokens;
};

/*
 * Adds the `sites` of one file to a parsed policy. What is wrong becomes messages; the parsed
 * policy then holds what was read until there and is good only for parsed_policy_free().
 */
void parsed_policy_read_sites(struct config_reader *reader, const struct setting *list,
			      struct parsed_policy *parsed, struct site_keys *keys);

/* Refuses what stands twice, or is another site's, in all the files. */
void parsed_policy_compare_sites(struct config_reader *reader, struct site_keys *keys);
void site_keys_clear(struct site_keys *keys);

void parsed_policy_free_sites(struct parsed_policy *parsed);

#endif
