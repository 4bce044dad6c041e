/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/local_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/file/parsed_patterns.h"
#include "policy/file/shown_text.h"
#include "policy/settings/config_file.h"
#include "policy/settings/config_reader.h"
#include "policy/settings/text_file.h"

void local_file_init(struct local_file *out)
{
	*out = (struct local_file){0};
	for (size_t i = 0; i < CONFIDENCE_COUNT; i++) {
		out->at_most[i] = ACTION_BLOCK;
	}
}

static void read_actions(struct config_reader *reader, const struct setting *group,
			 struct local_file *out)
{
	static const char *const known[] = {"high", "medium", "low", NULL};
	if (group->kind != SETTING_GROUP) {
		config_reader_error(reader, group,
				    "actions must be in braces, such as actions = { high = "
				    "\"warn\"; };");
		return;
	}
	config_reader_refuse_unknown(reader, group, known, "actions has only high, medium and low");
	for (size_t i = 0; i < CONFIDENCE_COUNT; i++) {
		const char *confidence = confidence_text((enum confidence)i);
		const struct setting *setting = setting_member(group, confidence);
		const char *text = setting != NULL ? setting_text(setting) : NULL;
		if (setting != NULL && (text == NULL || !action_parse(text, &out->at_most[i]))) {
			config_reader_error(reader, setting,
					    "%s must be \"observe\", \"warn\" or \"block\"",
					    confidence);
		}
	}
	/* What is milder for the surer finding is milder for the less sure one. */
	for (size_t i = CONFIDENCE_COUNT - 1; i > 0; i--) {
		if (out->at_most[i - 1] > out->at_most[i]) {
			out->at_most[i - 1] = out->at_most[i];
		}
	}
}

static void read_tree(struct config_reader *reader, const struct setting *root,
		      struct local_file *out)
{
	static const char *const known[] = {"contact", "actions", "exceptions", "search", NULL};
	config_reader_refuse_unknown(
	    reader, root, known,
	    "this file has only contact, actions, exceptions and search; it cannot add sites");
	const struct setting *contact = setting_member(root, "contact");
	const struct setting *actions = setting_member(root, "actions");
	if (contact != NULL) {
		out->contact = config_reader_text(reader, contact, "contact", contact_fault);
	}
	if (actions != NULL) {
		read_actions(reader, actions, out);
	}
	parsed_patterns_read_exceptions(reader, setting_member(root, "exceptions"),
					&out->exceptions, &out->exception_count);
	parsed_patterns_read_search(reader, setting_member(root, "search"), &out->search,
				    &out->search_count);
}

bool local_file_read_text(const char *text, const char *name, struct local_file *out,
			  struct diagnostics *diagnostics)
{
	local_file_init(out);
	struct config_reader reader = {.diagnostics = diagnostics};
	struct config_file tree = {.file = {.name = name}};
	if (config_file_open(&tree, &reader, text)) {
		read_tree(&reader, tree.root, out);
	}
	config_file_close(&tree);
	if (reader.failed) {
		local_file_clear(out);
	}
	return !reader.failed;
}

bool local_file_read(const char *path, struct local_file *out, struct diagnostics *diagnostics)
{
	local_file_init(out);
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		return true;
	}
	char *text =
	    text_file_read(path, path, LOCAL_FILE_OCTETS_MAX, "local file", NULL, diagnostics);
	if (text == NULL) {
		return false;
	}
	const bool read = local_file_read_text(text, path, out, diagnostics);
	free(text);
	return read;
}

void local_file_clear(struct local_file *local)
{
	free(local->contact);
	parsed_patterns_free(local->exceptions, local->exception_count);
	parsed_patterns_free(local->search, local->search_count);
	local_file_init(local);
}
