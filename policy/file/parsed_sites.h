/*
 * The sites of a rulebook. Internal to policy/; for loading only.
 */
#ifndef POLICY_FILE_PARSED_SITES_H
#define POLICY_FILE_PARSED_SITES_H

#include <libconfig.h>

#include "policy/settings/config_reader.h"
#include "policy/file/parsed_policy.h"

/* What is held against each other over all the sites together; zero-initialise it. */
struct site_keys {
	struct reader_keys names;
	struct reader_keys domains;
	struct reader_keys labels;
	struct reader_keys tokens;
};

/*
 * Adds the `sites` of one file to a rulebook. What is wrong becomes messages; the rulebook then
 * holds what was read until there and is good for rulebook_free() alone.
 */
void rulebook_read_sites(struct reader *reader, const config_setting_t *list,
			 struct rulebook *rulebook, struct site_keys *keys);

/* Refuses what stands twice, or is another site's, in all the files. */
void rulebook_compare_sites(struct reader *reader, struct site_keys *keys);
void site_keys_clear(struct site_keys *keys);

void rulebook_free_sites(struct rulebook *rulebook);

#endif
