/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/parsed_patterns.h"

#include <stdlib.h>
#include <string.h>

#include "policy/name/domain_name.h"
#include "policy/name/suffix.h"
#include "policy/pattern/decorations.h"
#include "policy/pattern/exceptions.h"
#include "policy/pattern/pattern.h"

/* Whether a pattern matches names that nobody can have meant; pattern was checked. */
static bool excepts_too_much(const char *pattern)
{
	static const char *const meaningless[] = {
	    "qzxjkvw.vn",     "qzxjkvw.com.vn", "qzxjkvw.com",   "qzxjkvw.net",
	    "qzxjkvw.org",    "qzxjkvw.top",    "qzxjkvw.xyz",   "qzxjkvw.info",
	    "qzxjkvw.online", "qzxjkvw.site",   "qzxjkvw.click", "q7-zxj.qzxjkvw.example",
	};
	for (size_t i = 0; i < sizeof(meaningless) / sizeof(*meaningless); i++) {
		if (pattern_matches_whole(pattern, meaningless[i])) {
			return true;
		}
	}
	return false;
}

static char *read_exception(struct config_reader *reader, const config_setting_t *setting)
{
	const char *written = config_setting_get_string(setting);
	if (!exception_is_host(written)) {
		char why[256];
		if (!pattern_check(written, why, sizeof(why))) {
			config_reader_error(reader, setting, "exception \"%.100s\" %s", written,
					    why);
			return NULL;
		}
		if (excepts_too_much(written)) {
			config_reader_error(
			    reader, setting,
			    "exception \"%.100s\" matches names of every kind; write the "
			    "part of the name that is the office's own",
			    written);
			return NULL;
		}
		return strdup(written);
	}
	char name[HOST_NAME_SIZE];
	const char *fault = domain_name_normalise(written, name);
	if (fault != NULL) {
		config_reader_error(reader, setting, "exception \"%.100s\" %s", written, fault);
		return NULL;
	}
	if (suffix_offset(name) == 0) {
		config_reader_error(
		    reader, setting,
		    "exception \"%.100s\" is a public suffix and would except every name "
		    "under it; write one name, as \"example.%.100s\"",
		    written, name);
		return NULL;
	}
	return strdup(name);
}

static char *read_decoration(struct config_reader *reader, const config_setting_t *setting)
{
	const char *written = config_setting_get_string(setting);
	char why[256];
	if (!pattern_check(written, why, sizeof(why))) {
		config_reader_error(reader, setting, "decoration \"%.100s\" %s", written, why);
		return NULL;
	}
	if (pattern_matches_whole(written, "q") || pattern_matches_whole(written, "qzxjkvw")) {
		config_reader_error(
		    reader, setting,
		    "decoration \"%.100s\" matches text of every kind; write the word that "
		    "imitations add",
		    written);
		return NULL;
	}
	return strdup(written);
}

typedef char *read_entry_fn(struct config_reader *reader, const config_setting_t *setting);

/* Adds a list whose entries stand for themselves, or what was read of them after a message. */
static void read_entries(struct config_reader *reader, const config_setting_t *list,
			 const char *what, read_entry_fn *read_entry, char ***entries,
			 size_t *count, struct config_reader_keys *keys)
{
	const config_setting_t **texts = NULL;
	const size_t added = config_reader_texts(reader, list, what, &texts);
	char **room = added > 0 ? reallocarray(*entries, *count + added, sizeof(*room)) : NULL;
	if (added > 0 && room == NULL) {
		config_reader_no_memory(reader);
	}
	if (room == NULL) {
		free(texts);
		return;
	}
	*entries = room;
	for (size_t i = 0; i < added; i++) {
		char *entry = read_entry(reader, texts[i]);
		if (entry == NULL && !reader->failed) {
			config_reader_no_memory(reader);
		}
		if (entry != NULL) {
			room[(*count)++] = entry;
			config_reader_add_key(reader, keys, entry, texts[i]);
		}
	}
	free(texts);
}

void parsed_patterns_read_exceptions(struct config_reader *reader, const config_setting_t *list,
				     char ***exceptions, size_t *count)
{
	struct config_reader_keys keys = {0};
	read_entries(reader, list, "exceptions", read_exception, exceptions, count, &keys);
	config_reader_refuse_twice(reader, &keys, "exception");
	free(keys.items);
}

static char *read_search(struct config_reader *reader, const config_setting_t *setting)
{
	const char *written = config_setting_get_string(setting);
	char name[HOST_NAME_SIZE];
	const char *fault = domain_name_normalise(written, name);
	if (fault != NULL) {
		config_reader_error(reader, setting, "search suffix \"%.100s\" %s", written, fault);
		return NULL;
	}
	if (suffix_offset(name) == 0 && top_level_of(name) == TOP_LEVEL_REAL) {
		config_reader_error(reader, setting,
				    "search suffix \"%.100s\" is a public suffix; write the "
				    "office's own domain, such as \"office.%.100s\"",
				    written, name);
		return NULL;
	}
	return strdup(name);
}

void parsed_patterns_read_search(struct config_reader *reader, const config_setting_t *list,
				 char ***search, size_t *count)
{
	struct config_reader_keys keys = {0};
	read_entries(reader, list, "search", read_search, search, count, &keys);
	config_reader_refuse_twice(reader, &keys, "search suffix");
	free(keys.items);
}

void parsed_policy_read_patterns(struct config_reader *reader, const config_setting_t *root,
				 struct parsed_policy *parsed, struct pattern_keys *keys)
{
	read_entries(reader, config_setting_get_member(root, "exceptions"), "exceptions",
		     read_exception, &parsed->exceptions, &parsed->exception_count,
		     &keys->exceptions);
	read_entries(reader, config_setting_get_member(root, "decorations"), "decorations",
		     read_decoration, &parsed->decorations, &parsed->decoration_count,
		     &keys->decorations);
}

static size_t count_patterns(char *const *entries, size_t count)
{
	size_t patterns = 0;
	for (size_t i = 0; i < count; i++) {
		patterns += exception_is_host(entries[i]) ? 0 : 1;
	}
	return patterns;
}

/* The list that the first entry of them all stands in. */
static const config_setting_t *list_of(const struct config_reader_keys *keys)
{
	return keys->count > 0 ? config_setting_parent(keys->items[0].at) : NULL;
}

static void check_exceptions(struct config_reader *reader, const struct parsed_policy *parsed,
			     const config_setting_t *list)
{
	size_t patterns = count_patterns(parsed->exceptions, parsed->exception_count);
	if (patterns > PATTERN_COUNT_MAX) {
		config_reader_error(
		    reader, list,
		    "exceptions has %zu patterns; write at most %d, and plain host names "
		    "for the rest",
		    patterns, PATTERN_COUNT_MAX);
		return;
	}
	struct exceptions *compiled = exceptions_new(parsed->exceptions, parsed->exception_count);
	if (compiled == NULL) {
		config_reader_error(
		    reader, list,
		    "the patterns of exceptions are too large together; write fewer or "
		    "shorter ones");
	}
	exceptions_free(compiled);
}

static void check_decorations(struct config_reader *reader, const struct parsed_policy *parsed,
			      const config_setting_t *list)
{
	if (parsed->decoration_count > PATTERN_COUNT_MAX) {
		config_reader_error(reader, list, "decorations has %zu patterns; write at most %d",
				    parsed->decoration_count, PATTERN_COUNT_MAX);
		return;
	}
	struct decorations *compiled =
	    decorations_new(parsed->decorations, parsed->decoration_count);
	if (compiled == NULL) {
		config_reader_error(
		    reader, list,
		    "the decorations are too large together; write fewer or shorter ones");
	}
	decorations_free(compiled);
}

void parsed_policy_check_patterns(struct config_reader *reader, const struct parsed_policy *parsed,
				  struct pattern_keys *keys)
{
	check_exceptions(reader, parsed, list_of(&keys->exceptions));
	check_decorations(reader, parsed, list_of(&keys->decorations));
	config_reader_refuse_twice(reader, &keys->exceptions, "exception");
	config_reader_refuse_twice(reader, &keys->decorations, "decoration");
}

void pattern_keys_clear(struct pattern_keys *keys)
{
	free(keys->exceptions.items);
	free(keys->decorations.items);
}

void parsed_patterns_free(char **entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(entries[i]);
	}
	free(entries);
}

void parsed_policy_free_patterns(struct parsed_policy *parsed)
{
	parsed_patterns_free(parsed->exceptions, parsed->exception_count);
	parsed_patterns_free(parsed->decorations, parsed->decoration_count);
}
