/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/parsed_patterns.h"

#include <stdlib.h>
#include <string.h>

#include "policy/name/domain_name.h"
#include "policy/name/suffix.h"
#include "policy/pattern/decorations.h"
#include "policy/pattern/exceptions.h"
#include "policy/pattern/pattern.h"
#include "policy/pattern/pattern_words.h"

/* Decorations of two letters, as "ib" for internet banking: a few of them are words, many of them
 * are any text at all. */
#define SHORT_WORDS_MAX 32

/* Words of all the decorations together. */
#define DECORATION_WORDS_MAX 1024

/* The words of a pattern, which the caller frees, or NULL after a message. */
static struct pattern_words *list_words(struct config_reader *reader, const struct setting *at,
					const char *what)
{
	struct pattern_words *words = malloc(sizeof(*words));
	char why[256];
	if (words == NULL) {
		config_reader_no_memory(reader);
	} else if (!pattern_words_list(setting_text(at), words, why, sizeof(why))) {
		config_reader_error(reader, at, "%s \"%.100s\" %s", what, setting_text(at), why);
		free(words);
		words = NULL;
	}
	return words;
}

/* Reads a host name that is excepted. \returns false after a message. */
static bool read_host(struct config_reader *reader, const struct setting *at, const char *written,
		      char name[HOST_NAME_SIZE])
{
	const char *fault = domain_name_normalise(written, name);
	if (fault != NULL) {
		config_reader_error(reader, at, "exception \"%.100s\" %s", written, fault);
		return false;
	}
	if (suffix_offset(name) == 0) {
		config_reader_error(
		    reader, at,
		    "exception \"%.100s\" is a public suffix and would except every name under it; "
		    "write one name, such as \"example.%.100s\"",
		    written, name);
		return false;
	}
	return true;
}

static char *read_exception(struct config_reader *reader, const struct setting *setting,
			    struct pattern_keys *keys)
{
	(void)keys;
	const char *written = setting_text(setting);
	char name[HOST_NAME_SIZE];
	if (exception_is_host(written)) {
		return read_host(reader, setting, written, name) ? strdup(name) : NULL;
	}
	struct pattern_words *words = list_words(reader, setting, "exception");
	bool good = words != NULL;
	for (size_t i = 0; good && i < words->count; i++) {
		good = read_host(reader, setting, words->items[i], name);
	}
	free(words);
	return good ? strdup(written) : NULL;
}

static size_t count_letters(const char *word)
{
	size_t letters = 0;
	for (; *word != '\0'; word++) {
		letters += *word >= 'a' && *word <= 'z' ? 1 : 0;
	}
	return letters;
}

/* What of a decoration no imitation adds; NULL when there is nothing. */
static const char *decoration_fault(const struct pattern_words *words, struct pattern_keys *keys)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];
		if (strchr(word, '.') != NULL) {
			return "has a dot; write the words of one label";
		}
		if (count_letters(word) < 2) {
			return "stands for a word with fewer than two letters; write the word that "
			       "imitations add";
		}
		keys->short_words += strlen(word) == 2 ? 1 : 0;
	}
	keys->words += words->count;
	return NULL;
}

static char *read_decoration(struct config_reader *reader, const struct setting *setting,
			     struct pattern_keys *keys)
{
	const char *written = setting_text(setting);
	struct pattern_words *words = list_words(reader, setting, "decoration");
	if (words == NULL) {
		return NULL;
	}
	const char *fault = decoration_fault(words, keys);
	free(words);
	if (fault != NULL) {
		config_reader_error(reader, setting, "decoration \"%.100s\" %s", written, fault);
		return NULL;
	}
	return strdup(written);
}

typedef char *read_entry_fn(struct config_reader *reader, const struct setting *setting,
			    struct pattern_keys *keys);

/* Adds a list whose entries stand for themselves, or what was read of them after a message. */
static void read_entries(struct config_reader *reader, const struct setting *list, const char *what,
			 read_entry_fn *read_entry, char ***entries, size_t *count,
			 struct config_reader_keys *entry_keys, struct pattern_keys *keys)
{
	const struct setting **texts = NULL;
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
		char *entry = read_entry(reader, texts[i], keys);
		if (entry == NULL && !reader->failed) {
			config_reader_no_memory(reader);
		}
		if (entry != NULL) {
			room[(*count)++] = entry;
			config_reader_add_key(reader, entry_keys, entry, texts[i]);
		}
	}
	free(texts);
}

void parsed_patterns_read_exceptions(struct config_reader *reader, const struct setting *list,
				     char ***exceptions, size_t *count)
{
	struct config_reader_keys keys = {0};
	read_entries(reader, list, "exceptions", read_exception, exceptions, count, &keys, NULL);
	config_reader_refuse_twice(reader, &keys, "exception");
	free(keys.items);
}

static char *read_search(struct config_reader *reader, const struct setting *setting,
			 struct pattern_keys *keys)
{
	(void)keys;
	const char *written = setting_text(setting);
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

void parsed_patterns_read_search(struct config_reader *reader, const struct setting *list,
				 char ***search, size_t *count)
{
	struct config_reader_keys keys = {0};
	read_entries(reader, list, "search", read_search, search, count, &keys, NULL);
	config_reader_refuse_twice(reader, &keys, "search suffix");
	free(keys.items);
}

void parsed_policy_read_patterns(struct config_reader *reader, const struct setting *root,
				 struct parsed_policy *parsed, struct pattern_keys *keys)
{
	read_entries(reader, setting_member(root, "exceptions"), "exceptions", read_exception,
		     &parsed->exceptions, &parsed->exception_count, &keys->exceptions, keys);
	read_entries(reader, setting_member(root, "decorations"), "decorations", read_decoration,
		     &parsed->decorations, &parsed->decoration_count, &keys->decorations, keys);
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
static const struct setting *list_of(const struct config_reader_keys *keys)
{
	return keys->count > 0 ? keys->items[0].at->parent : NULL;
}

static void check_exceptions(struct config_reader *reader, const struct parsed_policy *parsed,
			     const struct setting *list)
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
			      const struct setting *list)
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
	if (keys->words > DECORATION_WORDS_MAX) {
		config_reader_error(reader, list_of(&keys->decorations),
				    "decorations stand for %zu words; write at most %d",
				    keys->words, DECORATION_WORDS_MAX);
	}
	if (keys->short_words > SHORT_WORDS_MAX) {
		config_reader_error(reader, list_of(&keys->decorations),
				    "decorations stand for %zu words of two letters; write at most "
				    "%d, or longer ones",
				    keys->short_words, SHORT_WORDS_MAX);
	}
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
