/*
 * The exceptions and decorations of a rulebook. Internal to policy/; for loading only.
 */
#ifndef POLICY_FILE_PARSED_PATTERNS_H
#define POLICY_FILE_PARSED_PATTERNS_H

#include <libconfig.h>

#include "policy/settings/config_reader.h"
#include "policy/file/parsed_policy.h"

/* What is held against each other over all the files; zero-initialise it. */
struct pattern_keys {
	struct reader_keys exceptions;
	struct reader_keys decorations;
};

/*
 * Adds the lists of one file (a file may have none) to a rulebook. What is wrong becomes messages;
 * the rulebook then holds what was read until there and is good for rulebook_free() alone.
 */
void rulebook_read_patterns(struct reader *reader, const config_setting_t *root,
			    struct rulebook *rulebook, struct pattern_keys *keys);

/* Refuses what stands twice in all the files, and what is too much together. */
void rulebook_check_patterns(struct reader *reader, const struct rulebook *rulebook,
			     struct pattern_keys *keys);
void pattern_keys_clear(struct pattern_keys *keys);

void rulebook_free_patterns(struct rulebook *rulebook);

#endif
