/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/policy_init.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/command/options.h"
#include "daemon/command/policy_session.h"
#include "daemon/process/write_all.h"
#include "policy/file/policy_files.h"
#include "policy/policy.h"

/* The group that goes with every other: exceptions and decorations. */
#define COMMON "common"

#define LINE_MAX_SIZE 256

static const char program[] = "truegate policy init";

static const char help[] =
    "usage: truegate policy init [--group GROUP,...] [--contact TEXT] [--output FILE]\n"
    "                            [--catalogue DIR]\n"
    "\n"
    "Writes a first policy, which protects the sites of the named groups of the\n"
    "catalogue. What is not given is asked for on a terminal.\n"
    "\n"
    "  --group GROUP,...  which groups, such as vietnam,world\n"
    "  --contact TEXT     whom a warned person can ask, such as it@office.example\n"
    "  --output FILE      where to write it (default " DEFAULT_POLICY "); '-' is\n"
    "                     standard output. A file that is there is not replaced\n"
    "  --catalogue DIR    the catalogue (default " POLICY_CATALOGUE_FOLDER ")\n"
    "\n"
    "Exits with 0 when it is written, with 2 when it is not.\n";

struct init {
	const char *groups, *contact, *output, *catalogue;
	char asked_groups[LINE_MAX_SIZE], asked_contact[LINE_MAX_SIZE];
};

/* Says which groups there are. \returns false after a message when there is none. */
static bool list_groups(const char *catalogue)
{
	struct dirent **entries = NULL;
	const int count =
	    catalogue != NULL ? scandir(catalogue, &entries, policy_files_select, alphasort) : 0;
	if (count <= 0) {
		fprintf(stderr, "%s: there is no catalogue in %s\n", program, catalogue);
		free(entries);
		return false;
	}
	fputs("Groups of sites:", stderr);
	for (int i = 0; i < count; i++) {
		const int len = (int)strlen(entries[i]->d_name) - 5;
		if (strcmp(entries[i]->d_name, COMMON ".conf") != 0) {
			fprintf(stderr, " %.*s", len, entries[i]->d_name);
		}
		free(entries[i]);
	}
	fputs("\n", stderr);
	free(entries);
	return true;
}

/* Asks on the terminal. \returns false when nothing was answered. */
static bool ask(const char *question, char out[LINE_MAX_SIZE])
{
	fprintf(stderr, "%s: ", question);
	if (fgets(out, LINE_MAX_SIZE, stdin) == NULL) {
		return false;
	}
	out[strcspn(out, "\n")] = '\0';
	return out[0] != '\0';
}

/* Has what is not given be asked for. \returns false after a message. */
static bool complete(struct init *init)
{
	if ((init->groups == NULL || init->contact == NULL) && isatty(STDIN_FILENO) == 0) {
		fprintf(stderr, "%s: there is no terminal to ask on; give --group and --contact\n",
			program);
		return false;
	}
	if (init->groups == NULL) {
		if (!list_groups(init->catalogue) ||
		    !ask("Protect which (vietnam,world)", init->asked_groups)) {
			fprintf(stderr, "%s: no group was named\n", program);
			return false;
		}
		init->groups = init->asked_groups;
	}
	if (init->contact == NULL) {
		if (!ask("Whom can a warned person ask (it@office.example)", init->asked_contact)) {
			fprintf(stderr, "%s: no contact was named\n", program);
			return false;
		}
		init->contact = init->asked_contact;
	}
	return true;
}

/* What would end the text that it stands in. */
static bool is_plain(const char *text)
{
	return strpbrk(text, "\"\\\n") == NULL;
}

/* Writes the names of a list that commas or blanks part, each in quotes. */
static void put_groups(const char *groups, FILE *out)
{
	fputs("\"" COMMON "\"", out);
	while (*groups != '\0') {
		groups += strspn(groups, ", ");
		const size_t len = strcspn(groups, ", ");
		if (len > 0 && (len != strlen(COMMON) || strncmp(groups, COMMON, len) != 0)) {
			fprintf(out, ", \"%.*s\"", (int)len, groups);
		}
		groups += len;
	}
}

/* \returns the policy's text, which the caller frees; NULL when out of memory. */
static char *make_text(const struct init *init)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL) {
		return NULL;
	}
	fprintf(out,
		"# What Truegate protects here; truegate-policy(5) describes every setting. Raise\n"
		"# `version` with each change, then: truegate policy check FILE, and\n"
		"# systemctl reload truegate\n"
		"version = 1;\n"
		"contact = \"%s\";\n"
		"\n"
		"# How sure Truegate is of a resemblance, and what it then does. Begin with\n"
		"# \"observe\" for all where a first look is wanted.\n"
		"actions = { high = \"block\"; medium = \"warn\"; low = \"observe\"; };\n"
		"\n"
		"# Groups of the catalogue in " POLICY_CATALOGUE_FOLDER ".\n"
		"catalogue = [ ",
		init->contact);
	put_groups(init->groups, out);
	fputs(" ];\n"
	      "\n"
	      "# Sites that are not in the catalogue: your own, your partners'.\n"
	      "# sites = (\n"
	      "#   { name = \"Our office\"; domains = [ \"office.example\" ]; }\n"
	      "# );\n",
	      out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* Loads what is to be written, so that nothing is that cannot be used. */
static struct policy *load(const struct init *init, const char *text)
{
	struct diagnostics diagnostics = {0};
	struct policy_files files;
	struct policy *policy = NULL;
	const struct policy_source source = {.catalogue = init->catalogue};
	if (policy_files_from_text(text, init->output, &files, &diagnostics)) {
		policy = policy_load_opened(&source, &files, &diagnostics);
		policy_files_clear(&files);
	}
	for (size_t i = 0; i < diagnostics.count; i++) {
		fprintf(stderr, "%s: %s\n", program, diagnostics.items[i].text);
	}
	return policy;
}

/* Writes a file that is not there yet, to the disk. \returns false after a message. */
static bool write_new(const char *path, const char *text)
{
	const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (file < 0 && errno == EEXIST) {
		fprintf(stderr,
			"%s: %s is there already; remove it, or name another file with --output\n",
			program, path);
		return false;
	}
	const size_t len = strlen(text);
	const bool written = file >= 0 && write_all(file, text, len) == len && fsync(file) == 0;
	if (!written) {
		fprintf(stderr, "%s: %s cannot be written: %s\n", program, path, strerror(errno));
	}
	if (file >= 0) {
		close(file);
	}
	if (file >= 0 && !written) {
		unlink(path);
	}
	return written;
}

static enum status write_policy(const struct init *init)
{
	if (!is_plain(init->contact) || !is_plain(init->groups)) {
		fprintf(stderr, "%s: leave out quotes and backslashes\n", program);
		return STATUS_ERROR;
	}
	char *text = make_text(init);
	if (text == NULL) {
		fprintf(stderr, "%s: out of memory\n", program);
		return STATUS_ERROR;
	}
	struct policy *policy = load(init, text);
	enum status status = STATUS_ERROR;
	if (policy != NULL && strcmp(init->output, "-") == 0) {
		fputs(text, stdout);
		status = STATUS_NOTHING;
	} else if (policy != NULL && write_new(init->output, text)) {
		printf("%s: %zu protected sites.\n", init->output, policy_site_count(policy));
		status = STATUS_NOTHING;
	}
	policy_free(policy);
	free(text);
	return status;
}

enum status policy_init_command(int argc, char **argv)
{
	static const struct option options[] = {
	    {"group", required_argument, NULL, 'g'},
	    {"contact", required_argument, NULL, 'c'},
	    {"output", required_argument, NULL, 'o'},
	    {"catalogue", required_argument, NULL, 'd'},
	    {0},
	};
	static const struct command_line line = {
	    .program = program,
	    .help = help,
	    .options = options,
	    .wrong_operands = "takes no arguments",
	};
	struct init init = {.output = DEFAULT_POLICY, .catalogue = POLICY_CATALOGUE_FOLDER};
	enum options_result result;
	enum status status;
	for (int option; (option = options_next(&line, argc, argv, &result)) != 0;) {
		*(option == 'g'   ? &init.groups
		  : option == 'c' ? &init.contact
		  : option == 'o' ? &init.output
				  : &init.catalogue) = optarg;
	}
	if (!options_go_on(result, &status)) {
		return status;
	}
	return complete(&init) ? write_policy(&init) : STATUS_ERROR;
}
