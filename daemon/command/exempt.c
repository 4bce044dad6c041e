/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/command/command.h"
#include "daemon/command/options.h"
#include "daemon/command/reload.h"
#include "daemon/config/config.h"
#include "daemon/process/write_all.h"
#include "policy/file/local_edit.h"
#include "policy/file/local_file.h"
#include "policy/name/domain_name.h"
#include "policy/settings/text_file.h"

#define RESOLV_CONF "/etc/resolv.conf"

static const char program[] = "truegate exempt";

static const char help[] =
    "usage: truegate exempt [--config FILE] NAME...\n"
    "       truegate exempt [--config FILE] --search SUFFIX...\n"
    "       truegate exempt [--config FILE] --search-from-resolv-conf\n"
    "\n"
    "Writes into the office's own file (local.conf) that NAME and every name under it is\n"
    "never flagged, and has the daemon load it. No policy can take that back. Needs root.\n"
    "\n"
    "  --search         the arguments are the office's DNS search suffixes: a name under\n"
    "                   one, such as paypal.com.office.example, is never flagged\n"
    "  --search-from-resolv-conf\n"
    "                   likewise, those of " RESOLV_CONF "\n"
    "  --config FILE    the daemon's configuration (default " LIVE_CONFIG_PATH ")\n"
    "\n"
    "Exits with 0 when it is written (or was there before), with 2 when it is not.\n";

struct exempt {
	struct config config;
	const char *list; /* "exceptions" or "search" */
	char *text;       /* of the file, as it is to be */
	size_t added;
};

/* Whether the file has this entry, however it is written there. */
static bool has_entry(const struct exempt *exempt, const char *entry,
		      struct diagnostics *diagnostics)
{
	char name[HOST_NAME_SIZE];
	struct local_file local;
	const char *wanted = domain_name_normalise(entry, name) == NULL ? name : entry;
	if (!local_file_read_text(exempt->text, exempt->config.policy_local, &local, diagnostics)) {
		return false;
	}
	const bool is_search = strcmp(exempt->list, "search") == 0;
	char *const *entries = is_search ? local.search : local.exceptions;
	const size_t count = is_search ? local.search_count : local.exception_count;
	bool found = false;
	for (size_t i = 0; i < count; i++) {
		found = found || strcmp(entries[i], wanted) == 0;
	}
	local_file_clear(&local);
	return found;
}

/* What cannot be written into the file at all; what it means is for its reader to say. */
static bool is_writable(const char *entry)
{
	for (const char *c = entry; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ' || *c == '"' || *c == 0x7f) {
			return false;
		}
	}
	return *entry != '\0';
}

/* Adds an entry to the text. \returns false after a message; the text is then as it was. */
static bool add_entry(struct exempt *exempt, const char *entry)
{
	struct diagnostics diagnostics = {0};
	const bool found = has_entry(exempt, entry, &diagnostics);
	if (diagnostics.count > 0) {
		diagnostics_print(&diagnostics, stderr);
		return false;
	}
	if (found) {
		printf("%s is there already.\n", entry);
		return true;
	}
	char *edited =
	    is_writable(entry) ? local_edit_add(exempt->text, exempt->list, entry) : NULL;
	if (edited == NULL) {
		fprintf(stderr, "%s: %s\n", program,
			is_writable(entry) ? "out of memory"
					   : "an argument has a quote or control character; give a "
					     "host name");
		return false;
	}
	struct local_file local;
	const bool good = local_file_read_text(edited, program, &local, &diagnostics);
	local_file_clear(&local);
	if (!good) {
		for (size_t i = 0; i < diagnostics.count; i++) {
			fprintf(stderr, "%s: %s\n", program, diagnostics.items[i].text);
		}
		free(edited);
		return false;
	}
	free(exempt->text);
	exempt->text = edited;
	exempt->added++;
	printf("%s is %s.\n", entry,
	       strcmp(exempt->list, "search") == 0 ? "a search suffix" : "excepted");
	return true;
}

/* Adds what the resolver appends to short names. Public suffixes there are left out. */
static bool add_from_resolv_conf(struct exempt *exempt)
{
	FILE *file = fopen(RESOLV_CONF, "re");
	char line[1024];
	if (file == NULL) {
		fprintf(stderr, "%s: cannot read " RESOLV_CONF ": %s\n", program, strerror(errno));
		return false;
	}
	while (fgets(line, sizeof line, file) != NULL) {
		char *rest = NULL;
		const char *word = strtok_r(line, " \t\n", &rest);
		if (word == NULL || (strcmp(word, "search") != 0 && strcmp(word, "domain") != 0)) {
			continue;
		}
		for (char *suffix; (suffix = strtok_r(NULL, " \t\n", &rest)) != NULL;) {
			const size_t len = strlen(suffix);
			if (len > 1 && suffix[len - 1] == '.') {
				suffix[len - 1] = '\0';
			}
			if (strcmp(suffix, ".") != 0) {
				(void)add_entry(exempt, suffix);
			}
		}
	}
	fclose(file);
	return true;
}

/* Writes the file beside its place, to the disk, with the mode of the one before. */
static bool write_beside(const struct exempt *exempt, char *path)
{
	struct stat before;
	const mode_t mode =
	    stat(exempt->config.policy_local, &before) == 0 ? before.st_mode & 0777 : 0644;
	const int file = mkostemp(path, O_CLOEXEC);
	if (file < 0) {
		return false;
	}
	const size_t len = strlen(exempt->text);
	const bool written = write_all(file, exempt->text, len) == len && fchmod(file, mode) == 0 &&
			     fsync(file) == 0;
	const int reason = errno;
	const bool closed = close(file) == 0;
	errno = written ? errno : reason;
	return written && closed;
}

/* Puts what is written beside in its place. */
static bool replace_file(const struct exempt *exempt)
{
	char *beside = NULL;
	if (asprintf(&beside, "%s.XXXXXX", exempt->config.policy_local) < 0) {
		fprintf(stderr, "%s: out of memory\n", program);
		return false;
	}
	const bool replaced =
	    write_beside(exempt, beside) && rename(beside, exempt->config.policy_local) == 0;
	if (!replaced) {
		fprintf(stderr, "%s: %s cannot be written: %s\n", program,
			exempt->config.policy_local, strerror(errno));
		unlink(beside);
	}
	free(beside);
	return replaced;
}

static bool read_file(struct exempt *exempt)
{
	const char *path = exempt->config.policy_local;
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		exempt->text = strdup(local_edit_start);
		if (exempt->text == NULL) {
			fprintf(stderr, "%s: out of memory\n", program);
		}
		return exempt->text != NULL;
	}
	struct diagnostics diagnostics = {0};
	struct local_file local;
	exempt->text =
	    text_file_read(path, path, LOCAL_FILE_OCTETS_MAX, "local file", NULL, &diagnostics);
	const bool good =
	    exempt->text != NULL && local_file_read_text(exempt->text, path, &local, &diagnostics);
	if (good) {
		local_file_clear(&local);
	}
	diagnostics_print(&diagnostics, stderr);
	return good;
}

static enum status run(struct exempt *exempt, bool from_resolv_conf, char *const operands[])
{
	bool good = read_file(exempt) && (!from_resolv_conf || add_from_resolv_conf(exempt));
	for (; good && *operands != NULL; operands++) {
		good = add_entry(exempt, *operands);
	}
	if (!good) {
		fprintf(stderr, "%s: nothing was changed\n", program);
		return STATUS_ERROR;
	}
	if (exempt->added == 0) {
		return STATUS_NOTHING;
	}
	if (!replace_file(exempt)) {
		return STATUS_ERROR;
	}
	reload_after_change(program, &exempt->config);
	return STATUS_NOTHING;
}

enum status exempt_command(int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"search", no_argument, NULL, 's'},
	    {"search-from-resolv-conf", no_argument, NULL, 'r'},
	    {0},
	};
	const struct command_line line = {
	    .program = program,
	    .help = help,
	    .options = options,
	    .operands_max = argc,
	};
	struct exempt exempt = {.list = "exceptions"};
	bool from_resolv_conf = false;
	const char *config = NULL;
	enum options_result result;
	enum status status;
	for (int option; (option = options_next(&line, argc, argv, &result)) != 0;) {
		if (option == 'c') {
			config = optarg;
		} else {
			exempt.list = "search";
			from_resolv_conf = from_resolv_conf || option == 'r';
		}
	}
	if (!options_go_on(result, &status)) {
		return status;
	}
	if (optind == argc && !from_resolv_conf) {
		fprintf(stderr, "%s: give a name; see '%s --help'\n", program, program);
		return STATUS_ERROR;
	}
	struct diagnostics diagnostics = {0};
	const bool loaded = config_load_usual(config, &exempt.config, &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	if (!loaded) {
		return STATUS_ERROR;
	}
	status = run(&exempt, from_resolv_conf, argv + optind);
	free(exempt.text);
	config_release(&exempt.config);
	return status;
}
