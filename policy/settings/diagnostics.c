/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/diagnostics.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

void text_blank_controls(char *text)
{
	const size_t len = strlen(text);
	size_t kept = 0;
	size_t next = 0;
	for (size_t at = 0; at < len; at = next) {
		UChar32 character = 0;
		U8_NEXT((const uint8_t *)text, next, len, character);
		if (character == ' ' || (character >= 0 && u_isgraph(character))) {
			memmove(text + kept, text + at, next - at);
			kept += next - at;
		} else {
			text[kept++] = '?';
		}
	}
	text[kept] = '\0';
}

/* Removes what cutting left of a UTF-8 sequence. */
static void drop_cut_character(char *text)
{
	size_t len = strlen(text);
	size_t tail = 0;
	while (tail < len && tail < 3 && ((unsigned char)text[len - 1 - tail] & 0xc0) == 0x80) {
		tail++;
	}
	if (tail < len && ((unsigned char)text[len - 1 - tail] & 0xc0) == 0xc0) {
		text[len - 1 - tail] = '\0';
	}
}

void diagnostics_add(struct diagnostics *diagnostics, const char *file, unsigned line,
		     unsigned column, const char *format, ...)
{
	if (diagnostics->count == DIAGNOSTICS_MAX) {
		diagnostics->more++;
		return;
	}
	struct diagnostic *item = &diagnostics->items[diagnostics->count++];
	snprintf(item->file, sizeof(item->file), "%s", file);
	text_blank_controls(item->file);
	item->line = line;
	item->column = column;

	va_list args;
	va_start(args, format);
	int len = vsnprintf(item->text, sizeof(item->text), format, args);
	va_end(args);
	if (len >= (int)sizeof(item->text)) {
		drop_cut_character(item->text);
	}
	text_blank_controls(item->text);
}

void diagnostic_text(const struct diagnostic *item, char out[DIAGNOSTIC_TEXT_SIZE])
{
	char place[32] = "";
	if (item->line > 0 && item->column > 0) {
		snprintf(place, sizeof(place), ":%u:%u", item->line, item->column);
	} else if (item->line > 0) {
		snprintf(place, sizeof(place), ":%u", item->line);
	}
	snprintf(out, DIAGNOSTIC_TEXT_SIZE, "%s%s: %s", item->file, place, item->text);
}

void diagnostics_print(const struct diagnostics *diagnostics, FILE *out)
{
	for (size_t i = 0; i < diagnostics->count; i++) {
		char text[DIAGNOSTIC_TEXT_SIZE];
		diagnostic_text(&diagnostics->items[i], text);
		fprintf(out, "%s\n", text);
	}
	if (diagnostics->more > 0) {
		fprintf(out, "and %zu more\n", diagnostics->more);
	}
}
