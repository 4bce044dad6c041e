/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/command/command.h"
#include "daemon/command/line_reader.h"
#include "daemon/command/options.h"
#include "daemon/command/reload.h"
#include "daemon/config/config.h"
#include "daemon/store/established_file.h"
#include "policy/engine/established_list.h"

/* Longer than any list: what never ends is noticed. */
#define LINES_MAX 10000000

static const char program[] = "truegate established import";

static const char help[] =
    "usage: truegate established import [--config FILE] FILE\n"
    "\n"
    "Takes the names of a public list of much visited sites, in the place of those taken\n"
    "before, and has the daemon load them. Such a name is not flagged above observe for\n"
    "its own label; what stands in front of it is judged as ever. Needs root.\n"
    "\n"
    "  FILE            a list of Tranco, Umbrella or Majestic as it is published (CSV), or\n"
    "                  one name a line; also compressed by gzip; '-' is standard input.\n"
    "                  Of each name the registrable domain is taken, up to 1,000,000\n"
    "  --config FILE   the daemon's configuration (default " LIVE_CONFIG_PATH ")\n"
    "\n"
    "Exits with 0 when they are taken, with 2 when they are not.\n";

struct import {
	struct established_list *list;
	struct established_file *file;
	size_t column;   /* of the name, from 0, where a header says it */
	bool has_header; /* one does */
	bool begun;      /* a line with something in it was seen */
	int failed;      /* errno when what is taken cannot be written */
	bool endless;    /* LINES_MAX were read */
	uint64_t repeated, no_name, full;
};

struct text {
	const char *at;
	size_t len;
};

/* Without blanks at both ends, and without one pair of quotes. */
static struct text trimmed(struct text text)
{
	while (text.len > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) {
		text.at++;
		text.len--;
	}
	while (text.len > 0 && (text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '\t')) {
		text.len--;
	}
	if (text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"') {
		text.at++;
		text.len -= 2;
	}
	return text;
}

/* A column of a line, from 0. \returns false when it has fewer. */
static bool column_of(struct text line, size_t column, struct text *out)
{
	for (;; column--) {
		const char *comma = memchr(line.at, ',', line.len);
		const size_t len = comma != NULL ? (size_t)(comma - line.at) : line.len;
		if (column == 0) {
			*out = trimmed((struct text){line.at, len});
			return true;
		}
		if (comma == NULL) {
			return false;
		}
		line.at += len + 1;
		line.len -= len + 1;
	}
}

static bool is_number(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9') {
			return false;
		}
	}
	return text.len > 0;
}

/* Whether a line is a header that names the column of the domain, as Majestic's does. */
static bool read_header(struct import *import, struct text line)
{
	static const char wanted[] = "domain";
	struct text field;
	for (size_t column = 0; column_of(line, column, &field); column++) {
		if (field.len == strlen(wanted) && strncasecmp(field.at, wanted, field.len) == 0) {
			import->column = column;
			import->has_header = true;
			return true;
		}
	}
	return false;
}

/* Where the name stands: the header's column, or behind a rank, or first. */
static bool find_name(const struct import *import, struct text line, struct text *out)
{
	if (import->has_header) {
		return column_of(line, import->column, out);
	}
	struct text second;
	if (!column_of(line, 0, out)) {
		return false;
	}
	if (is_number(*out) && column_of(line, 1, &second)) {
		*out = second;
	}
	return true;
}

static bool take_line(void *ctx, uint64_t number, const char *octets, size_t len)
{
	struct import *import = ctx;
	if (number > LINES_MAX) {
		import->endless = true;
		return false;
	}
	if (octets == NULL) {
		import->no_name++;
		return true;
	}
	struct text line = {octets, len};
	if (number == 1 && len >= 3 && memcmp(octets, "\xef\xbb\xbf", 3) == 0) {
		line = (struct text){octets + 3, len - 3}; /* byte order mark */
	}
	line.len -= line.len > 0 && line.at[line.len - 1] == '\r';
	const struct text content = trimmed(line);
	if (content.len == 0 || content.at[0] == '#') {
		return true;
	}
	const bool is_first = !import->begun;
	import->begun = true;
	if (is_first && read_header(import, line)) {
		return true;
	}
	char domain[NAME_OCTETS_MAX + 1];
	struct text name;
	if (!find_name(import, line, &name)) {
		import->no_name++;
		return true;
	}
	switch (established_list_add(import->list, name.at, name.len, domain)) {
	case ESTABLISHED_TAKEN:
		errno = EIO; /* unless zlib's write says more */
		if (!established_file_add(import->file, domain)) {
			import->failed = errno;
		}
		break;
	case ESTABLISHED_REPEATED:
		import->repeated++;
		break;
	case ESTABLISHED_NO_NAME:
		import->no_name++;
		break;
	case ESTABLISHED_FULL:
		import->full++;
		break;
	}
	return import->failed == 0;
}

static void tell_skipped(uint64_t count, const char *why)
{
	if (count > 0) {
		printf("  skipped: %" PRIu64 " %s\n", count, why);
	}
}

static void tell_counts(const struct import *import)
{
	printf("%zu established names are taken.\n", established_list_count(import->list));
	tell_skipped(import->repeated, "of a registrable domain that was taken before");
	tell_skipped(import->no_name, "that are not a host name below a public suffix");
	tell_skipped(import->full, "beyond the first 1,000,000");
}

/* Puts what was read in its place. \returns false after a message. */
static bool finish(struct import *import, const char *path, const char *from)
{
	if (established_list_count(import->list) == 0) {
		fprintf(stderr,
			"%s: %s has no host names; give a list of Tranco, Umbrella or Majestic, or "
			"one name a line\n",
			program, from);
		return false;
	}
	size_t len = 0;
	char *octets = established_list_file(import->list, &len);
	errno = ENOMEM;
	const bool written = octets != NULL && established_file_replace(import->file, octets, len);
	if (!written) {
		fprintf(stderr, "%s: %s cannot be written: %s\n", program, path, strerror(errno));
	}
	free(octets);
	return written;
}

/* \returns false after a message. */
static bool import_list(struct import *import, const char *path, const char *from)
{
	import->list = established_list_new();
	if (import->list == NULL) {
		fprintf(stderr, "%s: out of memory\n", program);
		return false;
	}
	import->file = established_file_new(path);
	if (import->file == NULL) {
		fprintf(stderr, "%s: %s cannot be written: %s\n", program, path, strerror(errno));
		return false;
	}
	if (!line_reader_each_unpacked(from, program, take_line, import)) {
		return false;
	}
	if (import->failed != 0) {
		fprintf(stderr, "%s: %s cannot be written: %s\n", program, path,
			strerror(import->failed));
		return false;
	}
	if (import->endless) {
		fprintf(stderr, "%s: %s has more than %d lines; give a list\n", program, from,
			LINES_MAX);
		return false;
	}
	return finish(import, path, from);
}

static enum status import_command(int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {0},
	};
	static const struct command_line line = {
	    .program = program,
	    .help = help,
	    .options = options,
	    .operands_min = 1,
	    .operands_max = 1,
	    .wrong_operands = "give one list",
	};
	const char *named = NULL;
	enum options_result result;
	enum status status;
	while (options_next(&line, argc, argv, &result) != 0) {
		named = optarg;
	}
	if (!options_go_on(result, &status)) {
		return status;
	}
	struct diagnostics diagnostics = {0};
	struct config config;
	const bool loaded = config_load_usual(named, &config, &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	if (!loaded) {
		return STATUS_ERROR;
	}
	struct import import = {0};
	status = STATUS_ERROR;
	if (import_list(&import, config.established, argv[optind])) {
		tell_counts(&import);
		reload_after_change(program, &config);
		status = STATUS_NOTHING;
	} else {
		fprintf(stderr, "%s: nothing was changed\n", program);
	}
	established_file_free(import.file);
	established_list_free(import.list);
	config_release(&config);
	return status;
}

enum status established_command(int argc, char **argv)
{
	static const struct command commands[] = {
	    {"import", "take the names of a public list of much visited sites", import_command},
	    {0},
	};

	return command_run("truegate established", commands, argc, argv);
}
