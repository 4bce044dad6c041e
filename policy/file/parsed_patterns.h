/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The exceptions and decorations of a parsed policy. Internal to policy/; for loading only.
 */
#ifndef POLICY_FILE_PARSED_PATTERNS_H
#define POLICY_FILE_PARSED_PATTERNS_H

#include "policy/file/parsed_policy.h"
#include "policy/settings/config_reader.h"

/* What is held against each other over all the files; zero-initialise it. */
struct pattern_keys {
	struct config_reader_keys exceptions;
	struct config_reader_keys decorations;
	size_t words, short_words; /* of the decorations; those of two letters */
};

/*
 * Adds the lists of one file (a file may have none) to a parsed policy. What is wrong becomes
 * messages; the parsed policy then holds what was read until there and is good only for
 * parsed_policy_free().
 */
void parsed_policy_read_patterns(struct config_reader *reader, const struct setting *root,
				 struct parsed_policy *parsed, struct pattern_keys *keys);

/* Refuses what stands twice in all the files, and what is too much together. */
void parsed_policy_check_patterns(struct config_reader *reader, const struct parsed_policy *parsed,
				  struct pattern_keys *keys);
void pattern_keys_clear(struct pattern_keys *keys);

/*
 * Read lists of the office's own file: exceptions, and DNS search suffixes. What is wrong becomes
 * messages; free what was read with parsed_patterns_free() either way.
 *
 * \param list  may be NULL: the file has none.
 */
void parsed_patterns_read_exceptions(struct config_reader *reader, const struct setting *list,
				     char ***exceptions, size_t *count);
void parsed_patterns_read_search(struct config_reader *reader, const struct setting *list,
				 char ***search, size_t *count);
void parsed_patterns_free(char **entries, size_t count);

void parsed_policy_free_patterns(struct parsed_policy *parsed);

#endif
