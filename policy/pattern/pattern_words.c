/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/pattern/pattern_words.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parser {
	const char *pattern, *at;
	char *why;
	size_t why_size;
	unsigned depth;
};

/* The first fault is the one that is told. \returns false. */
__attribute__((format(printf, 2, 3))) static bool refuse(const struct parser *parser,
							 const char *format, ...)
{
	if (parser->why[0] == '\0') {
		va_list arguments;
		va_start(arguments, format);
		vsnprintf(parser->why, parser->why_size, format, arguments);
		va_end(arguments);
	}
	return false;
}

/* The character at the parser, from 1. */
static size_t position(const struct parser *parser)
{
	return (size_t)(parser->at - parser->pattern) + 1;
}

static bool add(const struct parser *parser, struct pattern_words *words, const char *first,
		const char *second)
{
	char word[2 * PATTERN_LEN_MAX + 1];
	snprintf(word, sizeof(word), "%s%s", first, second);
	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->items[i], word) == 0) {
			return true;
		}
	}
	if (words->count == PATTERN_WORDS_MAX) {
		return refuse(parser, "stands for more than %d words; write it as several entries",
			      PATTERN_WORDS_MAX);
	}
	/* No word is longer than its pattern. */
	assert(strlen(word) <= PATTERN_LEN_MAX);
	memcpy(words->items[words->count++], word, strlen(word) + 1);
	return true;
}

/* Has every word of `words` be followed by each of `more`. */
static bool multiply(const struct parser *parser, struct pattern_words *words,
		     const struct pattern_words *more)
{
	struct pattern_words *before = malloc(sizeof(*before));
	if (before == NULL) {
		return refuse(parser, "could not be read: out of memory");
	}
	memcpy(before, words, sizeof(*before));
	words->count = 0;
	bool fits = true;
	for (size_t i = 0; fits && i < before->count; i++) {
		for (size_t j = 0; fits && j < more->count; j++) {
			fits = add(parser, words, before->items[i], more->items[j]);
		}
	}
	free(before);
	return fits;
}

static bool read_alternatives(struct parser *parser, struct pattern_words *out);

/* A character that stands for itself, in lower case; 0 for another. */
static char literal(const struct parser *parser, size_t *len)
{
	const char *at = parser->at;
	*len = 1;
	if (at[0] == '\\' && (at[1] == '.' || at[1] == '-')) {
		*len = 2;
		return at[1];
	}
	if (*at >= 'A' && *at <= 'Z') {
		return (char)(*at - 'A' + 'a');
	}
	const bool plain = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '-';
	return (char)(plain ? *at : '\0');
}

static bool read_group(struct parser *parser, struct pattern_words *out)
{
	const size_t open = position(parser);
	if (parser->depth == PATTERN_DEPTH_MAX) {
		return refuse(parser, "has too many brackets in one another at character %zu",
			      open);
	}
	parser->depth++;
	parser->at += strncmp(parser->at, "(?:", 3) == 0 ? 3 : 1;
	if (!read_alternatives(parser, out)) {
		return false;
	}
	if (*parser->at != ')') {
		return refuse(parser, "has a bracket at character %zu that is never closed", open);
	}
	parser->at++;
	parser->depth--;
	return true;
}

/* "[ei]": one of a few letters, each written out. */
static bool read_letters(struct parser *parser, struct pattern_words *out)
{
	const size_t open = position(parser);
	out->count = 0;
	parser->at++;
	while (*parser->at != ']') {
		size_t len = 0;
		const char character = literal(parser, &len);
		const bool is_letter = character != '\0' && character != '-' && character != '.';
		if (!is_letter || out->count == PATTERN_LETTERS_MAX) {
			return refuse(parser,
				      "has [ ] at character %zu that is not a list of at most %d "
				      "letters, such as [ei]; write the words as (this|that)",
				      open, PATTERN_LETTERS_MAX);
		}
		parser->at += len;
		if (!add(parser, out, (const char[]){character, '\0'}, "")) {
			return false;
		}
	}
	parser->at++;
	return out->count > 0 ||
	       refuse(parser, "has [ ] at character %zu with nothing in it", open);
}

static bool read_item(struct parser *parser, struct pattern_words *out)
{
	size_t len = 0;
	const char character = literal(parser, &len);
	out->count = 0;
	if (character != '\0') {
		parser->at += len;
		return add(parser, out, (const char[]){character, '\0'}, "");
	}
	if (*parser->at == '(') {
		return read_group(parser, out);
	}
	if (*parser->at == '[') {
		return read_letters(parser, out);
	}
	if (*parser->at == '.') {
		return refuse(
		    parser,
		    "has a dot at character %zu that would stand for any character; write "
		    "\\. for a dot",
		    position(parser));
	}
	return refuse(parser,
		      "character %zu is not allowed; a pattern is a list of words: use only "
		      "letters, digits, - ? | ( ) and \\.",
		      position(parser));
}

static bool read_sequence(struct parser *parser, struct pattern_words *out)
{
	struct pattern_words *item = malloc(sizeof(*item));
	if (item == NULL) {
		return refuse(parser, "could not be read: out of memory");
	}
	out->count = 0;
	bool read = add(parser, out, "", "");
	while (read && *parser->at != '\0' && *parser->at != '|' && *parser->at != ')') {
		read = read_item(parser, item);
		if (read && *parser->at == '?') {
			parser->at++;
			read = add(parser, item, "", "");
		}
		read = read && multiply(parser, out, item);
	}
	free(item);
	return read;
}

static bool read_alternatives(struct parser *parser, struct pattern_words *out)
{
	struct pattern_words *sequence = malloc(sizeof(*sequence));
	if (sequence == NULL) {
		return refuse(parser, "could not be read: out of memory");
	}
	out->count = 0;
	sequence->count = 0;
	bool read = true;
	for (bool more = true; read && more; parser->at += more ? 1 : 0) {
		read = read_sequence(parser, sequence);
		for (size_t i = 0; read && i < sequence->count; i++) {
			read = add(parser, out, sequence->items[i], "");
		}
		more = read && *parser->at == '|';
	}
	free(sequence);
	return read;
}

bool pattern_words_list(const char *pattern, struct pattern_words *out, char *why, size_t why_size)
{
	struct parser parser = {
	    .pattern = pattern, .at = pattern, .why = why, .why_size = why_size};
	why[0] = '\0';
	const size_t len = strlen(pattern);
	if (len == 0) {
		return refuse(&parser, "is empty; leave it out");
	}
	if (len > PATTERN_LEN_MAX) {
		return refuse(&parser, "has %zu octets; write a pattern of at most %d", len,
			      PATTERN_LEN_MAX);
	}
	if (!read_alternatives(&parser, out)) {
		return false;
	}
	if (*parser.at != '\0') {
		return refuse(&parser, "has a bracket at character %zu that closes nothing",
			      position(&parser));
	}
	for (size_t i = 0; i < out->count; i++) {
		if (out->items[i][0] == '\0') {
			return refuse(
			    &parser,
			    "matches the empty text; make at least one character of it required");
		}
	}
	return true;
}
