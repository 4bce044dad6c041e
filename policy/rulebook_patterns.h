/*
 * The exceptions and decorations of a rulebook. Internal to policy/; for loading only.
 */
#ifndef POLICY_RULEBOOK_PATTERNS_H
#define POLICY_RULEBOOK_PATTERNS_H

#include <libconfig.h>

#include "policy/reader.h"
#include "policy/rulebook.h"

/*
 * Each reads its list (NULL when the policy has none) into a rulebook. What is wrong becomes
 * messages; the rulebook then holds what was read until there and is good for rulebook_free()
 * alone.
 */
void rulebook_read_exceptions(struct reader *reader, const config_setting_t *list,
			      struct rulebook *rulebook);
void rulebook_read_decorations(struct reader *reader, const config_setting_t *list,
			       struct rulebook *rulebook);

void rulebook_free_patterns(struct rulebook *rulebook);

#endif
