/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages to the person who wrote a policy or a configuration, each pointing at file:line:column.
 */
#ifndef POLICY_SETTINGS_DIAGNOSTICS_H
#define POLICY_SETTINGS_DIAGNOSTICS_H

#include <stddef.h>
#include <stdio.h>

/* At most this many are kept; the rest are counted. */
#define DIAGNOSTICS_MAX 20

struct diagnostic {
	char file[256];
	unsigned line;   /* from 1; 0 when the message is about the file as a whole */
	unsigned column; /* from 1; 0 when not known */
	char text[384]; /* what is wrong and what to write instead; one line, no full stop needed */
};

/* Zero-initialise it: struct diagnostics d = {0}; */
struct diagnostics {
	struct diagnostic items[DIAGNOSTICS_MAX];
	size_t count; /* of items filled */
	size_t more;  /* messages beyond DIAGNOSTICS_MAX */
};

/* Adds a message; text is cut to what fits, and what could steer a terminal becomes '?'. */
__attribute__((format(printf, 5, 6))) void diagnostics_add(struct diagnostics *diagnostics,
							   const char *file, unsigned line,
							   unsigned column, const char *format,
							   ...);

/*
 * Makes a text from elsewhere safe to print: controls (U+009B as well as ESC), what turns the
 * direction of writing, and what is not UTF-8 must not reach a terminal; each becomes a '?'.
 */
void text_blank_controls(char *text);

/* Room for a message with its place, with the NUL. */
#define DIAGNOSTIC_TEXT_SIZE 704

/* A message as "file:line:column: text", without the parts that are 0. */
void diagnostic_text(const struct diagnostic *item, char out[DIAGNOSTIC_TEXT_SIZE]);

/* Writes each on a line of its own, then how many more there were. */
void diagnostics_print(const struct diagnostics *diagnostics, FILE *out);

#endif
