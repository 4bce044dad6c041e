/*
 * The sites of a rulebook. Internal to policy/; for loading only.
 */
#ifndef POLICY_RULEBOOK_SITES_H
#define POLICY_RULEBOOK_SITES_H

#include <libconfig.h>

#include "policy/reader.h"
#include "policy/rulebook.h"

/*
 * Reads `sites` into a rulebook. What is wrong becomes messages; the rulebook then holds what was
 * read until there and is good for rulebook_free() alone.
 */
void rulebook_read_sites(struct reader *reader, const config_setting_t *list,
			 struct rulebook *rulebook);

void rulebook_free_sites(struct rulebook *rulebook);

#endif
