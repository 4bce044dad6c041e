/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of a descriptor, in bounded memory however long a line is.
 */
#ifndef DAEMON_COMMAND_LINE_READER_H
#define DAEMON_COMMAND_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest line that is handed out, in octets. */
#define LINE_READER_SIZE 65536

/* Zero-initialise all but the descriptor. */
struct line_reader {
	int descriptor;
	void *compressed; /* gzFile of zlib to read instead of it, or NULL */
	uint64_t number;  /* of the line handed out last, from 1 */
	size_t start;     /* of what is not handed out yet, in buffer */
	size_t end;
	bool at_end;     /* of the input */
	bool discarding; /* the rest of a line that is too long */
	char buffer[LINE_READER_SIZE];
};

enum line_result {
	LINE_READ,
	LINE_TOO_LONG, /* skipped whole */
	LINE_END,
	LINE_FAILED, /* errno says why */
};

/*
 * Takes the next line, without its LF or CR LF. The last one need not end in LF.
 *
 * \param line  valid until the next call; need not end in NUL and may hold NUL.
 */
enum line_result line_reader_next(struct line_reader *reader, const char **line, size_t *len);

/*
 * Takes a line.
 *
 * \param line  NULL for one that is too long.
 * \returns false to stop.
 */
typedef bool line_fn(void *ctx, uint64_t number, const char *line, size_t len);

/*
 * Hands out the lines of a file; of one that gzip compressed, those before it was.
 *
 * \param path     "-" is standard input, whose lines are handed out as they come.
 * \param program  what the user typed, for messages: "truegate report".
 * \returns false after a message on standard error: the file cannot be read, or out of memory.
 */
bool line_reader_each(const char *path, const char *program, line_fn *take, void *ctx);

/* Likewise; what comes by standard input may be compressed, too, and is handed out in blocks. */
bool line_reader_each_unpacked(const char *path, const char *program, line_fn *take, void *ctx);

#endif
