/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings on standard output, in the format that was asked for.
 */
#ifndef DAEMON_COMMAND_OUTPUT_H
#define DAEMON_COMMAND_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "dpi/observation.h"
#include "policy/finding.h"

enum output_format { OUTPUT_TEXT, OUTPUT_JSONL };

struct output {
	enum output_format format;
	bool colour;
};

/* Reads "text" or "jsonl". \returns false when it is neither. */
bool output_format_parse(const char *word, enum output_format *out);

/*
 * Sets standard output up: written in blocks, or by the line to a terminal, where text has colours
 * unless NO_COLOR is set (https://no-color.org). Call before anything is written.
 */
void output_open(struct output *output, enum output_format format);

/*
 * Writes one finding.
 *
 * \param via  NULL when the name was not seen in traffic.
 * \returns false when it could not be written; stop then. A message was printed, unless the reader
 * of a pipe went away.
 */
bool output_finding(const struct output *output, const char *host, size_t host_len,
		    const struct finding *finding, const enum via *via);

/*
 * Writes out what is buffered.
 * \returns false when that, or any write before, failed; messages as above.
 */
bool output_flush(void);

#endif
