/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/config_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/settings/config_location.h"
#include "policy/settings/config_syntax.h"

static bool find_fault(struct config_reader *reader, const struct config_reader_file *file)
{
	const char *why = NULL;
	const char *fault = config_syntax_fault(file->text, &why);
	if (fault == NULL) {
		return false;
	}
	unsigned line = 0;
	unsigned column = 0;
	config_location_line_column(file->text, fault, &line, &column);
	diagnostics_add(reader->diagnostics, file->name, line, column, "%s", why);
	reader->failed = true;
	return true;
}

/* What to do about an error of libconfig's. */
static const char *parse_advice(const char *error)
{
	if (strstr(error, "mismatched") != NULL) {
		return "put every entry in quotes";
	}
	return "look here and on the line before";
}

static bool parse(struct config_reader *reader, struct config_file *tree)
{
	/* An @include is refused before it comes to that; this keeps libconfig off the disk. */
	config_set_include_dir(&tree->config, "/dev/null");
	if (config_read_string(&tree->config, tree->file.text) == CONFIG_TRUE) {
		return true;
	}
	reader->failed = true;
	const char *error = config_error_text(&tree->config);
	error = error != NULL ? error : "cannot be read";
	diagnostics_add(reader->diagnostics, tree->file.name,
			(unsigned)config_error_line(&tree->config), 0, "%s; %s", error,
			parse_advice(error));
	return false;
}

bool config_file_open(struct config_file *tree, struct config_reader *reader, const char *text)
{
	config_init(&tree->config);
	reader->file = &tree->file;
	/* Some editors put a byte order mark first; libconfig knows none. */
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
	}
	/* libconfig takes no comment on a last line that has no end. */
	if (asprintf(&tree->file.text, "%s\n", text) < 0) {
		tree->file.text = NULL;
		config_reader_no_memory(reader);
		return false;
	}
	if (find_fault(reader, &tree->file) || !parse(reader, tree)) {
		return false;
	}
	config_location_assign(&tree->config, tree->file.text);
	config_reader_own(&tree->config, &tree->file);
	return true;
}

void config_file_close(struct config_file *tree)
{
	config_destroy(&tree->config);
	free(tree->file.text);
}
