/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/config_reader.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A misspelling is taken for a known name up to this many edits. */
#define NEAR_EDITS 2
#define NEAR_NAME_MAX 32

static const struct config_reader_file *file_of(const struct setting *setting)
{
	while (setting->parent != NULL) {
		setting = setting->parent;
	}
	return setting->file;
}

void config_reader_error(struct config_reader *reader, const struct setting *at, const char *format,
			 ...)
{
	reader->failed = true;
	char text[sizeof(reader->diagnostics->items[0].text)];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	const struct config_reader_file *file = at != NULL ? file_of(at) : reader->file;
	diagnostics_add(reader->diagnostics, file->name, at != NULL ? at->line : 0,
			at != NULL ? at->column : 0, "%s", text);
}

void config_reader_no_memory(struct config_reader *reader)
{
	if (!reader->short_of_memory) {
		config_reader_error(reader, NULL, "out of memory");
	}
	reader->short_of_memory = true;
}

const char *config_reader_place(const struct setting *setting, char out[READER_PLACE_SIZE])
{
	snprintf(out, READER_PLACE_SIZE, "%.220s:%u:%u", file_of(setting)->name, setting->line,
		 setting->column);
	return out;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;
	return least < c ? least : c;
}

/* Levenshtein distance; a name too long for it is far from every known one. */
static size_t edits(const char *a, const char *b)
{
	size_t row[NEAR_NAME_MAX + 1];
	size_t b_len = strlen(b);
	if (b_len > NEAR_NAME_MAX || strlen(a) > NEAR_NAME_MAX) {
		return SIZE_MAX;
	}
	for (size_t j = 0; j <= b_len; j++) {
		row[j] = j;
	}
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];
			size_t replaced = diagonal + (a[i - 1] != b[j - 1] ? 1 : 0);
			row[j] = smallest(above + 1, row[j - 1] + 1, replaced);
			diagonal = above;
		}
	}
	return row[b_len];
}

static bool is_known(const char *name, const char *const *known, const char **near)
{
	size_t least = NEAR_EDITS + 1;
	*near = NULL;
	for (; *known != NULL; known++) {
		size_t distance = edits(name, *known);
		if (distance == 0) {
			return true;
		}
		if (distance < least) {
			least = distance;
			*near = *known;
		}
	}
	return false;
}

void config_reader_refuse_unknown(struct config_reader *reader, const struct setting *group,
				  const char *const *known, const char *advice)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct setting *member = group->children[i];
		const char *near = NULL;
		if (is_known(member->name, known, &near)) {
			continue;
		}
		if (near != NULL) {
			config_reader_error(reader, member,
					    "unknown setting \"%.40s\"; did you mean \"%s\"?",
					    member->name, near);
		} else {
			config_reader_error(reader, member, "unknown setting \"%.40s\"; %s",
					    member->name, advice);
		}
	}
}

char *config_reader_text(struct config_reader *reader, const struct setting *setting,
			 const char *what, const char *(*fault_of)(const char *))
{
	const char *text = setting_text(setting);
	if (text == NULL) {
		config_reader_error(reader, setting,
				    "%s must be a quoted string, such as %s = \"...\";", what,
				    what);
		return NULL;
	}
	const char *fault = fault_of(text);
	if (fault != NULL) {
		config_reader_error(reader, setting, "%s %s", what, fault);
		return NULL;
	}
	char *copy = strdup(text);
	if (copy == NULL) {
		config_reader_no_memory(reader);
	}
	return copy;
}

size_t config_reader_texts(struct config_reader *reader, const struct setting *list,
			   const char *what, const struct setting ***out)
{
	*out = NULL;
	if (list == NULL) {
		return 0;
	}
	if (!setting_is_list(list)) {
		config_reader_error(
		    reader, list,
		    "%s must be quoted strings in brackets, such as %s = [ \"...\" ];", what, what);
		return 0;
	}
	if (list->count == 0) {
		return 0;
	}
	const struct setting **texts = calloc(list->count, sizeof(const struct setting *));
	if (texts == NULL) {
		config_reader_no_memory(reader);
		return 0;
	}
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct setting *element = list->children[i];
		if (setting_text(element) != NULL) {
			texts[count++] = element;
		} else {
			config_reader_error(reader, element,
					    "%s contains a value that is not a quoted string",
					    what);
		}
	}
	*out = texts;
	return count;
}

static int compare_keys(const void *a, const void *b)
{
	const struct config_reader_key *left = a;
	const struct config_reader_key *right = b;
	int order = strcmp(left->key, right->key);
	if (order != 0) {
		return order;
	}
	size_t left_file = file_of(left->at)->number;
	size_t right_file = file_of(right->at)->number;
	if (left_file != right_file) {
		return left_file < right_file ? -1 : 1;
	}
	if (left->at->line != right->at->line) {
		return left->at->line < right->at->line ? -1 : 1;
	}
	return (left->at->column > right->at->column) - (left->at->column < right->at->column);
}

bool config_reader_add_key(struct config_reader *reader, struct config_reader_keys *keys,
			   const char *key, const struct setting *at)
{
	if (keys->count == keys->room) {
		size_t room = keys->room > 0 ? 2 * keys->room : 64;
		struct config_reader_key *items = reallocarray(keys->items, room, sizeof(*items));
		if (items == NULL) {
			config_reader_no_memory(reader);
			return false;
		}
		keys->items = items;
		keys->room = room;
	}
	keys->items[keys->count++] = (struct config_reader_key){key, at};
	return true;
}

void config_reader_refuse_twice(struct config_reader *reader, struct config_reader_keys *keys,
				const char *what)
{
	if (keys->count < 2) {
		return;
	}
	qsort(keys->items, keys->count, sizeof(*keys->items), compare_keys);
	const struct config_reader_key *first = &keys->items[0];
	for (size_t i = 1; i < keys->count; i++) {
		const struct config_reader_key *key = &keys->items[i];
		if (strcmp(first->key, key->key) != 0) {
			first = key;
			continue;
		}
		char place[READER_PLACE_SIZE];
		config_reader_error(reader, key->at, "%s \"%.200s\" appears twice; first at %s",
				    what, key->key, config_reader_place(first->at, place));
	}
}
