/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/line_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static ssize_t take(const struct line_reader *reader, char *out, size_t size)
{
	if (reader->compressed == NULL) {
		return read(reader->descriptor, out, size);
	}
	errno = EBADMSG; /* what zlib leaves it at when the file is no longer whole */
	return gzread(reader->compressed, out, (unsigned)size);
}

static bool fill(struct line_reader *reader)
{
	ssize_t count;

	memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
	reader->end -= reader->start;
	reader->start = 0;
	do {
		count = take(reader, reader->buffer + reader->end,
			     sizeof(reader->buffer) - reader->end);
	} while (count < 0 && errno == EINTR);
	if (count < 0) {
		return false;
	}
	reader->at_end = count == 0;
	reader->end += (size_t)count;
	return true;
}

/* Hands out len octets, which consumed octets of the buffer stand for. */
static enum line_result hand_out(struct line_reader *reader, size_t line_len, size_t consumed,
				 const char **line, size_t *len)
{
	const char *first = reader->buffer + reader->start;
	bool too_long = reader->discarding;

	reader->start += consumed;
	reader->discarding = false;
	reader->number++;
	if (too_long) {
		return LINE_TOO_LONG;
	}
	if (line_len > 0 && first[line_len - 1] == '\r') {
		line_len--;
	}
	*line = first;
	*len = line_len;
	return LINE_READ;
}

enum line_result line_reader_next(struct line_reader *reader, const char **line, size_t *len)
{
	for (;;) {
		char *first = reader->buffer + reader->start;
		size_t waiting = reader->end - reader->start;
		const char *newline = memchr(first, '\n', waiting);

		if (newline != NULL) {
			size_t line_len = (size_t)(newline - first);
			return hand_out(reader, line_len, line_len + 1, line, len);
		}
		if (reader->at_end && waiting == 0 && !reader->discarding) {
			return LINE_END;
		}
		if (reader->at_end) {
			return hand_out(reader, waiting, waiting, line, len);
		}
		if (waiting == sizeof(reader->buffer) || reader->discarding) {
			reader->discarding = true;
			reader->start = reader->end;
		}
		if (!fill(reader)) {
			return LINE_FAILED;
		}
	}
}

/* \returns false with errno set. */
static bool read_each(int descriptor, gzFile compressed, line_fn *take_line, void *ctx)
{
	struct line_reader *reader = calloc(1, sizeof(*reader));
	enum line_result result = LINE_READ;

	if (reader == NULL) {
		return false;
	}
	reader->descriptor = descriptor;
	reader->compressed = compressed;
	while (result == LINE_READ || result == LINE_TOO_LONG) {
		const char *line = NULL;
		size_t len = 0;

		result = line_reader_next(reader, &line, &len);
		if ((result == LINE_READ || result == LINE_TOO_LONG) &&
		    !take_line(ctx, reader->number, line, len)) {
			result = LINE_END;
		}
	}
	free(reader);
	return result == LINE_END;
}

/* zlib hands out what is not compressed as it is. \returns false with errno set. */
static bool read_file(const char *path, line_fn *take_line, void *ctx)
{
	/* A descriptor of its own, since zlib closes what it read from. */
	int input = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : -1;
	gzFile file = input >= 0 ? gzdopen(input, "r") : gzopen(path, "re");
	bool whole = file != NULL && read_each(-1, file, take_line, ctx);
	int reason = errno;

	/* A compressed file that was cut is found out at its end. */
	if (file != NULL && gzclose_r(file) != Z_OK && whole) {
		whole = false;
		reason = EBADMSG;
	}
	errno = reason;
	return whole;
}

static bool each(const char *path, const char *program, bool unpack, line_fn *take_line, void *ctx)
{
	bool standard = strcmp(path, "-") == 0;

	errno = ENOMEM; /* of which zlib says nothing */
	if (standard && !unpack ? read_each(STDIN_FILENO, NULL, take_line, ctx)
				: read_file(path, take_line, ctx)) {
		return true;
	}
	fprintf(stderr, "%s: cannot read %s: %s\n", program, standard ? "standard input" : path,
		strerror(errno));
	return false;
}

bool line_reader_each(const char *path, const char *program, line_fn *take_line, void *ctx)
{
	return each(path, program, false, take_line, ctx);
}

bool line_reader_each_unpacked(const char *path, const char *program, line_fn *take_line, void *ctx)
{
	return each(path, program, true, take_line, ctx);
}
