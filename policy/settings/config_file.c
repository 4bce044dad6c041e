/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/config_file.h"

#include <string.h>

bool config_file_open(struct config_file *tree, struct config_reader *reader, const char *text)
{
	struct setting_fault fault = {0};
	reader->file = &tree->file;
	/* Some editors put a byte order mark first; libconfig knows none. */
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
	}
	tree->root = setting_parse(text, &fault);
	if (tree->root == NULL) {
		diagnostics_add(reader->diagnostics, tree->file.name, fault.line, fault.column,
				"%s", fault.why);
		reader->failed = true;
		return false;
	}
	tree->root->file = &tree->file;
	return true;
}

void config_file_close(struct config_file *tree)
{
	setting_free(tree->root);
	tree->root = NULL;
}
