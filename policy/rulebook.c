#include "policy/rulebook.h"

#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/config_syntax.h"
#include "policy/config_token.h"
#include "policy/places.h"
#include "policy/policy.h"
#include "policy/reader.h"
#include "policy/rulebook_patterns.h"
#include "policy/rulebook_sites.h"

static const enum action default_actions[CONFIDENCE_COUNT] = {
    [CONFIDENCE_LOW] = ACTION_OBSERVE,
    [CONFIDENCE_MEDIUM] = ACTION_WARN,
    [CONFIDENCE_HIGH] = ACTION_BLOCK,
};

/*
 * The decimal number that stands after a setting's name, or 0 when there is none that fits: read
 * from the text, since libconfig cuts a larger one without a word.
 */
static uint32_t written_number(const config_setting_t *setting)
{
	const char *name = places_of(setting);
	if (name == NULL) {
		return 0;
	}
	struct config_token token = config_token_next(name);
	token = config_token_next(token.end); /* the "=" */
	token = config_token_next(token.end);
	uint64_t number = 0;
	for (const char *c = token.start; c < token.end; c++) {
		if (*c < '0' || *c > '9') {
			return 0;
		}
		number = 10 * number + (uint64_t)(*c - '0');
		if (number > UINT32_MAX) {
			return 0;
		}
	}
	return (uint32_t)number;
}

static void read_version(struct reader *reader, const config_setting_t *root,
			 struct rulebook *rulebook)
{
	const config_setting_t *setting = config_setting_get_member(root, "version");
	if (setting == NULL) {
		reader_error(reader, NULL,
			     "there is no version; write version = 1; and count it up with each "
			     "change");
		return;
	}
	uint32_t version = written_number(setting);
	if (version < 1) {
		reader_error(reader, setting,
			     "version must be a whole number from 1 to %u, as version = 1;",
			     UINT32_MAX);
		return;
	}
	rulebook->version = version;
}

static void read_contact(struct reader *reader, const config_setting_t *root,
			 struct rulebook *rulebook)
{
	const config_setting_t *setting = config_setting_get_member(root, "contact");
	if (setting == NULL) {
		reader_error(
		    reader, NULL,
		    "there is no contact; write whom a warned person can ask, as contact = "
		    "\"it@office.example\";");
		return;
	}
	rulebook->contact = reader_shown_text(reader, setting, "contact");
}

static void read_action(struct reader *reader, const config_setting_t *group,
			enum confidence confidence, struct rulebook *rulebook)
{
	const config_setting_t *setting =
	    config_setting_get_member(group, confidence_text(confidence));
	if (setting == NULL) {
		return;
	}
	const char *text = config_setting_get_string(setting);
	if (text == NULL || !action_parse(text, &rulebook->actions[confidence])) {
		reader_error(
		    reader, setting,
		    "%s must be one of \"observe\", \"warn\" and \"block\", as %s = \"%s\";",
		    confidence_text(confidence), confidence_text(confidence),
		    action_text(default_actions[confidence]));
	}
}

static void read_actions(struct reader *reader, const config_setting_t *root,
			 struct rulebook *rulebook)
{
	static const char *const known[] = {"high", "medium", "low", NULL};
	memcpy(rulebook->actions, default_actions, sizeof(rulebook->actions));
	const config_setting_t *group = config_setting_get_member(root, "actions");
	if (group == NULL) {
		return;
	}
	if (!config_setting_is_group(group)) {
		reader_error(reader, group,
			     "actions must be in braces, as actions = { high = \"block\"; medium = "
			     "\"warn\"; low = \"observe\"; };");
		return;
	}
	reader_refuse_unknown(reader, group, known, "actions has high, medium and low alone");
	for (size_t i = 0; i < CONFIDENCE_COUNT; i++) {
		read_action(reader, group, (enum confidence)i, rulebook);
	}
	for (size_t i = 1; i < CONFIDENCE_COUNT; i++) {
		if (rulebook->actions[i] >= rulebook->actions[i - 1]) {
			continue;
		}
		const char *higher = confidence_text((enum confidence)i);
		const char *lower = confidence_text((enum confidence)(i - 1));
		const char *milder = action_text(rulebook->actions[i]);
		reader_error(reader, group,
			     "%s = \"%s\" is milder than %s, which is \"%s\"%s; write %s = \"%s\" "
			     "or raise %s",
			     higher, milder, lower, action_text(rulebook->actions[i - 1]),
			     config_setting_get_member(group, lower) == NULL ? " unless set" : "",
			     lower, milder, higher);
	}
}

static void read_tree(struct reader *reader, const config_t *config, struct rulebook *rulebook)
{
	static const char *const known[] = {"version",    "contact",     "actions", "sites",
					    "exceptions", "decorations", NULL};
	const config_setting_t *root = config_root_setting(config);
	reader_refuse_unknown(reader, root, known,
			      "Truegate flags names for their resemblance to a protected site and "
			      "for nothing else: sites to protect go in sites, names never to flag "
			      "in exceptions");
	read_version(reader, root, rulebook);
	read_contact(reader, root, rulebook);
	read_actions(reader, root, rulebook);
	const config_setting_t *sites = config_setting_get_member(root, "sites");
	if (sites != NULL) {
		rulebook_read_sites(reader, sites, rulebook);
	} else {
		reader_error(reader, NULL,
			     "there are no sites; write what people here rely on, as sites = ( { "
			     "name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; } );");
	}
	rulebook_read_exceptions(reader, config_setting_get_member(root, "exceptions"), rulebook);
	rulebook_read_decorations(reader, config_setting_get_member(root, "decorations"), rulebook);
}

/* What to do about an error of libconfig's. */
static const char *parse_advice(const char *error)
{
	if (strstr(error, "duplicate") != NULL) {
		return "write it once";
	}
	if (strstr(error, "mismatched") != NULL) {
		return "put every entry in quotes";
	}
	return "look here and on the line before";
}

/* Parses text, with messages for what is no libconfig. config is initialised either way. */
static bool parse(struct reader *reader, config_t *config)
{
	config_init(config);
	/* An @include is refused before it comes to that; this keeps libconfig off the disk. */
	config_set_include_dir(config, "/dev/null");
	if (config_read_string(config, reader->text) == CONFIG_TRUE) {
		return true;
	}
	reader->failed = true;
	const char *error = config_error_text(config);
	error = error != NULL ? error : "cannot be read";
	diagnostics_add(reader->diagnostics, reader->name, (unsigned)config_error_line(config), 0,
			"%s; %s", error, parse_advice(error));
	return false;
}

static bool find_fault(struct reader *reader)
{
	const char *why = NULL;
	const char *fault = config_syntax_fault(reader->text, &why);
	if (fault == NULL) {
		return false;
	}
	unsigned line = 0;
	unsigned column = 0;
	places_line_column(reader->text, fault, &line, &column);
	diagnostics_add(reader->diagnostics, reader->name, line, column, "%s", why);
	reader->failed = true;
	return true;
}

static void read_text(struct reader *reader, struct rulebook *rulebook)
{
	if (find_fault(reader)) {
		return;
	}
	config_t config;
	if (parse(reader, &config)) {
		places_assign(&config, reader->text);
		read_tree(reader, &config, rulebook);
	}
	config_destroy(&config);
}

static int compare_places(const void *a, const void *b)
{
	const struct diagnostic *left = a;
	const struct diagnostic *right = b;
	if (left->line != right->line) {
		return left->line < right->line ? -1 : 1;
	}
	return (left->column > right->column) - (left->column < right->column);
}

struct rulebook *rulebook_read(const char *text, const char *name, struct diagnostics *diagnostics)
{
	if (strlen(text) > POLICY_OCTETS_MAX) {
		diagnostics_add(diagnostics, name, 0, 0,
				"is larger than %zu MiB; protect fewer sites",
				POLICY_OCTETS_MAX >> 20);
		return NULL;
	}
	/* Some editors put a byte order mark first; libconfig knows none. */
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
	}
	size_t before = diagnostics->count;
	/* libconfig takes no comment on a last line that has no end. */
	char *whole = NULL;
	struct rulebook *rulebook = calloc(1, sizeof(*rulebook));
	struct ascii_folder *folder = ascii_folder_new();
	struct reader reader = {.name = name, .diagnostics = diagnostics, .folder = folder};
	if (rulebook == NULL || folder == NULL || asprintf(&whole, "%s\n", text) < 0) {
		whole = NULL;
		reader_no_memory(&reader);
	} else {
		reader.text = whole;
		read_text(&reader, rulebook);
	}
	ascii_folder_free(folder);
	free(whole);
	if (!reader.failed) {
		return rulebook;
	}
	/* In the order of the file, whatever was looked at first. */
	qsort(diagnostics->items + before, diagnostics->count - before, sizeof(*diagnostics->items),
	      compare_places);
	rulebook_free(rulebook);
	return NULL;
}

void rulebook_free(struct rulebook *rulebook)
{
	if (rulebook == NULL) {
		return;
	}
	rulebook_free_sites(rulebook);
	rulebook_free_patterns(rulebook);
	free(rulebook->contact);
	free(rulebook);
}
