/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/parsed_policy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/file/parsed_patterns.h"
#include "policy/file/parsed_sites.h"
#include "policy/file/policy_files.h"
#include "policy/file/shown_text.h"
#include "policy/settings/config_file.h"
#include "policy/settings/config_reader.h"

/* Longest name of a directory that is included, in octets. */
#define INCLUDE_NAME_MAX 64

static const enum action default_actions[CONFIDENCE_COUNT] = {
    [CONFIDENCE_LOW] = ACTION_OBSERVE,
    [CONFIDENCE_MEDIUM] = ACTION_WARN,
    [CONFIDENCE_HIGH] = ACTION_BLOCK,
};

/* A whole number from 1, written in decimal digits; 0 for anything else. */
static uint32_t decimal_number(const struct setting *setting)
{
	const bool fits = setting->kind == SETTING_NUMBER && !setting->is_hexadecimal &&
			  setting->number <= UINT32_MAX;
	return fits ? (uint32_t)setting->number : 0;
}

static void read_version(struct config_reader *reader, const struct setting *root,
			 struct parsed_policy *parsed)
{
	const struct setting *setting = setting_member(root, "version");
	if (setting == NULL) {
		config_reader_error(
		    reader, NULL,
		    "there is no version; add version = 1; and raise it with each change");
		return;
	}
	uint32_t version = decimal_number(setting);
	if (version < 1) {
		config_reader_error(
		    reader, setting,
		    "version must be a whole number from 1 to %u, such as version = 1;",
		    UINT32_MAX);
		return;
	}
	parsed->version = version;
}

static void read_contact(struct config_reader *reader, const struct setting *root,
			 struct parsed_policy *parsed)
{
	const struct setting *setting = setting_member(root, "contact");
	if (setting == NULL) {
		config_reader_error(
		    reader, NULL,
		    "there is no contact; add whom a warned person can ask, such as contact = "
		    "\"it@office.example\";");
		return;
	}
	parsed->contact = config_reader_text(reader, setting, "contact", contact_fault);
}

static void read_action(struct config_reader *reader, const struct setting *group,
			enum confidence confidence, struct parsed_policy *parsed)
{
	const struct setting *setting = setting_member(group, confidence_text(confidence));
	if (setting == NULL) {
		return;
	}
	const char *text = setting_text(setting);
	if (text == NULL || !action_parse(text, &parsed->actions[confidence])) {
		config_reader_error(
		    reader, setting,
		    "%s must be \"observe\", \"warn\" or \"block\", such as %s = \"%s\";",
		    confidence_text(confidence), confidence_text(confidence),
		    action_text(default_actions[confidence]));
	} else if (confidence == CONFIDENCE_LOW && parsed->actions[confidence] != ACTION_OBSERVE) {
		config_reader_error(
		    reader, setting,
		    "low = \"%s\" would stop names that only faintly resemble a site; "
		    "low can only be \"observe\"",
		    text);
		parsed->actions[confidence] = ACTION_OBSERVE; /* one message is enough */
	}
}

static void read_actions(struct config_reader *reader, const struct setting *root,
			 struct parsed_policy *parsed)
{
	static const char *const known[] = {"high", "medium", "low", NULL};
	memcpy(parsed->actions, default_actions, sizeof(parsed->actions));
	const struct setting *group = setting_member(root, "actions");
	if (group == NULL) {
		return;
	}
	if (group->kind != SETTING_GROUP) {
		config_reader_error(
		    reader, group,
		    "actions must be in braces, such as actions = { high = \"block\"; medium = "
		    "\"warn\"; low = \"observe\"; };");
		return;
	}
	config_reader_refuse_unknown(reader, group, known, "actions has only high, medium and low");
	for (size_t i = 0; i < CONFIDENCE_COUNT; i++) {
		read_action(reader, group, (enum confidence)i, parsed);
	}
	for (size_t i = 1; i < CONFIDENCE_COUNT; i++) {
		if (parsed->actions[i] >= parsed->actions[i - 1]) {
			continue;
		}
		const char *higher = confidence_text((enum confidence)i);
		const char *lower = confidence_text((enum confidence)(i - 1));
		const char *milder = action_text(parsed->actions[i]);
		config_reader_error(
		    reader, group,
		    "%s = \"%s\" is milder than %s, which is \"%s\"%s; write %s = \"%s\" "
		    "or raise %s",
		    higher, milder, lower, action_text(parsed->actions[i - 1]),
		    setting_member(group, lower) == NULL ? " unless set" : "", lower, milder,
		    higher);
	}
}

/* Everything that reading a policy takes. */
struct loading {
	struct config_reader reader;
	struct parsed_policy *parsed;
	struct policy_files *files;
	struct config_file policy;
	struct config_file *included[POLICY_INCLUDED_MAX + POLICY_CATALOGUE_MAX];
	size_t included_count; /* of those opened */
	struct site_keys sites;
	struct pattern_keys patterns;
	bool has_sites; /* some file has */
};

/* What may stand in any file. */
static void read_names(struct loading *loading, const struct setting *root)
{
	const struct setting *sites = setting_member(root, "sites");
	if (sites != NULL) {
		loading->has_sites = true;
		parsed_policy_read_sites(&loading->reader, sites, loading->parsed, &loading->sites);
	}
	parsed_policy_read_patterns(&loading->reader, root, loading->parsed, &loading->patterns);
}

static size_t count_names(const struct parsed_policy *parsed)
{
	return parsed->site_count + parsed->exception_count + parsed->decoration_count;
}

static void read_included_tree(struct loading *loading, const struct setting *root)
{
	static const char *const known[] = {"sites", "exceptions", "decorations", NULL};
	struct config_reader *reader = &loading->reader;
	const size_t before = count_names(loading->parsed);
	config_reader_refuse_unknown(reader, root, known,
				     "an included file has only sites, exceptions and decorations");
	read_names(loading, root);
	/* Such a file could stand for one that was taken away. */
	if (!reader->failed && count_names(loading->parsed) == before) {
		config_reader_error(reader, NULL,
				    "has no sites, exceptions or decorations; remove it");
	}
}

/* Reads files that the policy includes: of a directory beside it, or of the catalogue. */
static void read_included(struct loading *loading, const struct policy_file *files, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct config_file *tree = calloc(1, sizeof(*tree));
		if (tree == NULL) {
			config_reader_no_memory(&loading->reader);
			return;
		}
		loading->included[loading->included_count++] = tree;
		tree->file.name = files[i].path;
		tree->file.number = loading->included_count;
		if (config_file_open(tree, &loading->reader, files[i].text)) {
			read_included_tree(loading, tree->root);
		}
	}
	loading->reader.file = &loading->policy.file;
}

/* A directory beside the policy whose name no file of a policy can have. */
static bool is_directory_name(const char *name)
{
	const size_t len = strlen(name);
	return name[0] != '.' && len > 2 && len <= INCLUDE_NAME_MAX && strchr(name, '/') == NULL &&
	       strcmp(name + len - 2, ".d") == 0;
}

static void include(struct loading *loading, const struct setting *at, const char *directory,
		    uint32_t files)
{
	struct config_reader *reader = &loading->reader;
	char why[320];
	if (!policy_files_include(loading->files, directory, loading->parsed->version,
				  reader->diagnostics, why, sizeof(why))) {
		reader->failed = true;
		if (why[0] != '\0') {
			config_reader_error(reader, at, "%s", why);
		}
		return;
	}
	if (loading->files->included_count != files) {
		config_reader_error(reader, at,
				    "%s contains %zu policy files but files = %" PRIu32
				    "; add or remove one, or change files",
				    directory, loading->files->included_count, files);
		return;
	}
	read_included(loading, loading->files->included, loading->files->included_count);
}

static void read_include(struct loading *loading, const struct setting *root)
{
	static const char *const known[] = {"directory", "files", NULL};
	static const char example[] = "include = { directory = \"policy.d\"; files = 2; };";
	struct config_reader *reader = &loading->reader;
	const struct setting *group = setting_member(root, "include");
	if (group == NULL) {
		return;
	}
	if (group->kind != SETTING_GROUP) {
		config_reader_error(reader, group, "include must be in braces, such as %s",
				    example);
		return;
	}
	config_reader_refuse_unknown(reader, group, known, "include has only directory and files");
	const struct setting *directory = setting_member(group, "directory");
	const struct setting *files = setting_member(group, "files");
	const char *name = directory != NULL ? setting_text(directory) : NULL;
	const uint32_t count = files != NULL ? decimal_number(files) : 0;
	if (name == NULL || !is_directory_name(name)) {
		config_reader_error(
		    reader, directory != NULL ? directory : group,
		    "include needs a directory beside this file, whose name ends in .d, such "
		    "as "
		    "%s",
		    example);
	}
	if (count < 1 || count > POLICY_INCLUDED_MAX) {
		config_reader_error(
		    reader, files != NULL ? files : group,
		    "include needs the number of files in the directory, from 1 to %d, such as "
		    "%s",
		    POLICY_INCLUDED_MAX, example);
	}
	/* Without a version, or after an error, nothing is gained by what the files may add. */
	if (!reader->failed) {
		include(loading, group, name, count);
	}
}

/* The groups of sites that the policy takes from the package's catalogue. */
static void read_catalogue(struct loading *loading, const struct setting *root)
{
	struct config_reader *reader = &loading->reader;
	const struct setting *list = setting_member(root, "catalogue");
	const struct setting **texts = NULL;
	const size_t count = config_reader_texts(reader, list, "catalogue", &texts);
	struct config_reader_keys keys = {0};
	if (count > POLICY_CATALOGUE_MAX) {
		config_reader_error(reader, list, "catalogue has %zu entries; write at most %d",
				    count, POLICY_CATALOGUE_MAX);
		free(texts);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		config_reader_add_key(reader, &keys, setting_text(texts[i]), texts[i]);
	}
	config_reader_refuse_twice(reader, &keys, "group");
	free(keys.items);
	for (size_t i = 0; !reader->failed && i < count; i++) {
		const char *name = setting_text(texts[i]);
		char why[320];
		if (!policy_files_catalogue(loading->files, name, reader->diagnostics, why,
					    sizeof(why))) {
			reader->failed = true;
			if (why[0] != '\0') {
				config_reader_error(reader, texts[i], "group \"%.40s\" %s", name,
						    why);
			}
		}
	}
	free(texts);
	if (!reader->failed) {
		read_included(loading, loading->files->catalogue, loading->files->catalogue_count);
	}
}

static void read_tree(struct loading *loading)
{
	static const char *const known[] = {"version",   "contact",     "actions",
					    "include",   "sites",       "exceptions",
					    "catalogue", "decorations", NULL};
	struct config_reader *reader = &loading->reader;
	const struct setting *root = loading->policy.root;
	config_reader_refuse_unknown(
	    reader, root, known,
	    "Truegate flags names for their resemblance to a protected site and "
	    "for nothing else: sites to protect go in sites, names never to flag "
	    "in exceptions");
	read_version(reader, root, loading->parsed);
	read_contact(reader, root, loading->parsed);
	read_actions(reader, root, loading->parsed);
	read_names(loading, root);
	read_include(loading, root);
	read_catalogue(loading, root);
	if (!loading->has_sites &&
	    (!reader->failed || (setting_member(root, "include") == NULL &&
				 setting_member(root, "catalogue") == NULL))) {
		config_reader_error(
		    reader, NULL,
		    "there are no sites; write what people here rely on, such as sites = ( { "
		    "name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; } );");
	}
	parsed_policy_compare_sites(reader, &loading->sites);
	parsed_policy_check_patterns(reader, loading->parsed, &loading->patterns);
}

/* Reads all the files into loading->parsed policy. */
static void load(struct loading *loading)
{
	loading->policy.file.name = loading->files->policy.path;
	if (config_file_open(&loading->policy, &loading->reader, loading->files->policy.text)) {
		read_tree(loading);
	}
	for (size_t i = 0; i < loading->included_count; i++) {
		config_file_close(loading->included[i]);
		free(loading->included[i]);
	}
	config_file_close(&loading->policy);
	site_keys_clear(&loading->sites);
	pattern_keys_clear(&loading->patterns);
}

/* The file that a message is about: the policy itself, then those included, then what is beside. */
static size_t file_number(const struct policy_files *files, const struct diagnostic *item)
{
	/* A message holds as much of the path. */
	const size_t len = sizeof(item->file) - 1;
	if (strncmp(item->file, files->policy.path, len) == 0) {
		return 0;
	}
	for (size_t i = 0; i < files->included_count; i++) {
		if (strncmp(item->file, files->included[i].path, len) == 0) {
			return i + 1;
		}
	}
	for (size_t i = 0; i < files->catalogue_count; i++) {
		if (strncmp(item->file, files->catalogue[i].path, len) == 0) {
			return files->included_count + i + 1;
		}
	}
	return files->included_count + files->catalogue_count + 1;
}

static int compare_places(const void *a, const void *b, void *ctx)
{
	const struct diagnostic *left = a;
	const struct diagnostic *right = b;
	const size_t left_file = file_number(ctx, left);
	const size_t right_file = file_number(ctx, right);
	if (left_file != right_file) {
		return left_file < right_file ? -1 : 1;
	}
	if (left->line != right->line) {
		return left->line < right->line ? -1 : 1;
	}
	return (left->column > right->column) - (left->column < right->column);
}

struct parsed_policy *parsed_policy_read_files(struct policy_files *files,
					       struct diagnostics *diagnostics)
{
	struct parsed_policy *parsed = calloc(1, sizeof(*parsed));
	struct loading loading = {
	    .files = files,
	    .parsed = parsed,
	    .reader = {.diagnostics = diagnostics, .folder = ascii_folder_new()},
	};
	const size_t before = diagnostics->count;
	if (parsed == NULL || loading.reader.folder == NULL) {
		diagnostics_add(diagnostics, files->policy.path, 0, 0, "out of memory");
		loading.reader.failed = true;
	} else {
		load(&loading);
	}
	ascii_folder_free(loading.reader.folder);
	if (!loading.reader.failed) {
		return parsed;
	}
	/* In the order of the files, whatever was looked at first. */
	qsort_r(diagnostics->items + before, diagnostics->count - before,
		sizeof(*diagnostics->items), compare_places, files);
	parsed_policy_free(parsed);
	return NULL;
}

struct parsed_policy *parsed_policy_read(const char *text, const char *name,
					 struct diagnostics *diagnostics)
{
	struct policy_files files;
	if (!policy_files_from_text(text, name, &files, diagnostics)) {
		return NULL;
	}
	struct parsed_policy *parsed = parsed_policy_read_files(&files, diagnostics);
	policy_files_clear(&files);
	return parsed;
}

void parsed_policy_free(struct parsed_policy *parsed)
{
	if (parsed == NULL) {
		return;
	}
	parsed_policy_free_sites(parsed);
	parsed_policy_free_patterns(parsed);
	free(parsed->contact);
	free(parsed);
}
