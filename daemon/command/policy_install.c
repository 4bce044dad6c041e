/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/policy_install.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/command/options.h"
#include "daemon/config/config.h"
#include "daemon/store/status_file.h"
#include "daemon/store/store.h"
#include "policy/difference.h"
#include "policy/signed_policy.h"

/* How long the daemon may take to say what it makes of a policy. */
#define RELOAD_SECONDS 20

static const char install_help[] =
    "usage: truegate policy install [--config FILE] [--yes VERSION] [--older] FILE\n"
    "\n"
    "Verifies FILE with its signature FILE.minisig, checks it, says in words what changes\n"
    "and what the office's own file overrides, asks, puts it in force in one step and has\n"
    "the daemon load it. Its version must be newer than any before. After any error the\n"
    "policy before stays in force. Needs root.\n"
    "\n"
    "  --yes VERSION   install this version without asking (where no terminal is)\n"
    "  --older         install it though its version is not newer than any before: to\n"
    "                  leave a version that was signed far ahead. It then counts as the\n"
    "                  newest\n"
    "  --config FILE   the daemon's configuration (default " LIVE_CONFIG_PATH ");\n"
    "                  says where key, policies and daemon are\n"
    "\n"
    "Exits with 0 when the policy is installed, with 2 when it is not.\n";

static const char rollback_help[] =
    "usage: truegate policy rollback [--config FILE]\n"
    "\n"
    "Puts the policy that was in force before back in force, and has the daemon load it.\n"
    "The version gone back from cannot be installed again (but see 'policy install\n"
    "--older'): have a newer one signed. After any error what is in force stays. Needs\n"
    "root.\n"
    "\n"
    "  --config FILE   the daemon's configuration (default " LIVE_CONFIG_PATH ")\n";

/* Everything both commands need; zero-initialise it. */
struct delivery {
	const char *program; /* for messages */
	struct config config;
	struct store *store;
	uint32_t yes;  /* version to install without asking; 0: ask */
	bool is_older; /* the version need not be newer */
};

static bool load_config(const char *named, struct config *out)
{
	struct diagnostics diagnostics = {0};
	const bool loaded = config_load_usual(named, out, &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	return loaded;
}

static bool begin(struct delivery *delivery, const char *program, const char *config)
{
	delivery->program = program;
	if (!load_config(config, &delivery->config)) {
		return false;
	}
	char error[512];
	delivery->store = store_open(delivery->config.policy_store, error, sizeof error);
	if (delivery->store == NULL) {
		fprintf(stderr, "%s: %s\n", program, error);
	}
	return delivery->store != NULL;
}

static void end(struct delivery *delivery)
{
	store_close(delivery->store);
	config_release(&delivery->config);
}

/* Whether the daemon's configuration names what is installed here. */
static bool is_read_by_daemon(const struct delivery *delivery)
{
	char *here = realpath(delivery->config.policy, NULL);
	char path[PATH_MAX];
	store_policy_path(delivery->store, store_current(delivery->store), path, sizeof path);
	char *installed = realpath(path, NULL);
	const bool same = here != NULL && installed != NULL && strcmp(here, installed) == 0;
	free(here);
	free(installed);
	return same;
}

/* Has the daemon load what is in force now. \returns false when it refused. */
static bool tell_daemon(const struct delivery *delivery, uint32_t version)
{
	if (!is_read_by_daemon(delivery)) {
		printf("The daemon uses a different policy: its configuration says\n"
		       "  policy = \"%s\";\n"
		       "Set this and restart the daemon:\n"
		       "  policy = \"%s/current/" STORE_POLICY_NAME "\";\n",
		       delivery->config.policy, delivery->config.policy_store);
		return true;
	}
	char why[1024] = "";
	switch (reload_daemon(delivery->config.status, RELOAD_SECONDS, version, why, sizeof why)) {
	case RELOAD_NO_DAEMON:
		puts("No daemon is running; it will load it when it starts.");
		return true;
	case RELOAD_DONE:
		printf("The daemon has loaded version %" PRIu32 ".\n", version);
		return true;
	case RELOAD_REFUSED:
		break;
	case RELOAD_SILENT:
		fprintf(stderr,
			"%s: version %" PRIu32 " is installed, but the daemon has not confirmed "
			"it: %s; see its journal\n",
			delivery->program, version, why);
		return true;
	}
	fprintf(stderr, "%s: the daemon refused version %" PRIu32 ": %s\n", delivery->program,
		version, why);
	return false;
}

/* Whether the version may be installed. \returns false after a message. */
static bool may_install(const struct delivery *delivery, const char *path, uint32_t version)
{
	const uint32_t current = store_current(delivery->store);
	uint32_t newest = 0;
	char error[512];
	if (!store_newest(delivery->store, &newest, error, sizeof error)) {
		fprintf(stderr, "%s: %s\n", delivery->program, error);
		return false;
	}
	if (version > newest || (delivery->is_older && version != current)) {
		return true;
	}
	if (version == current) {
		fprintf(stderr,
			"%s: version %" PRIu32 " was installed before with other contents; raise "
			"`version` and sign it again\n",
			path, version);
	} else if (version == newest) {
		fprintf(stderr,
			"%s: version %" PRIu32 " was installed before; raise `version` and sign it "
			"again, or use --older\n",
			path, version);
	} else {
		fprintf(
		    stderr,
		    "%s: version %" PRIu32 " is older than %" PRIu32
		    ", the newest that was installed; 'truegate policy rollback' goes back, and "
		    "--older leaves a version that was signed far ahead\n",
		    path, version, newest);
	}
	return false;
}

static void print_line(void *ctx, const char *line)
{
	(void)ctx;
	printf("  %s\n", line);
}

/* The policy that the daemon reads now, as far as it can be had, for comparing; else NULL. */
static struct policy *load_before(const struct delivery *delivery)
{
	struct diagnostics ignored = {0};
	char path[PATH_MAX];
	store_policy_path(delivery->store, store_current(delivery->store), path, sizeof path);
	const struct policy_source source = {
	    .path = store_current(delivery->store) != 0 ? path : delivery->config.policy,
	    .catalogue = delivery->config.catalogue,
	};
	return policy_load_from(&source, &ignored);
}

/* Says what changes, and what the office's own file has to say. */
static void tell_changes(const struct delivery *delivery, const struct policy *policy)
{
	size_t count = 0;
	struct policy *before = load_before(delivery);
	printf("Version %" PRIu32 ": %zu protected sites, signed with key %s (%s).\n",
	       policy_version(policy), policy_site_count(policy), policy_signer(policy),
	       policy_signed_comment(policy));
	if (before == NULL) {
		puts("There is no policy in force to compare it with.");
	} else {
		puts("What changes:");
		if (!policy_difference(before, policy, print_line, NULL, &count)) {
			puts("  out of memory; this is not all");
		} else if (count == 0) {
			puts("  nothing");
		}
	}
	policy_free(before);
	size_t local = 0;
	printf("What %s overrides:\n", delivery->config.policy_local);
	policy_local_words(policy, print_line, NULL, &local);
	if (local == 0) {
		puts("  nothing");
	}
}

/* Asks whether to install. \returns false after a message. */
static bool is_agreed(const struct delivery *delivery, uint32_t version)
{
	if (delivery->yes == version) {
		return true;
	}
	if (delivery->yes != 0) {
		fprintf(stderr, "%s: this is version %" PRIu32 ", not %" PRIu32 "\n",
			delivery->program, version, delivery->yes);
		return false;
	}
	if (isatty(STDIN_FILENO) == 0) {
		fprintf(stderr, "%s: there is no terminal to ask on; use --yes %" PRIu32 "\n",
			delivery->program, version);
		return false;
	}
	char answer[16] = "";
	printf("Install version %" PRIu32 "? [y/N] ", version);
	fflush(stdout);
	if (fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y')) {
		return true;
	}
	fprintf(stderr, "%s: not installed\n", delivery->program);
	return false;
}

static enum status install_file(struct delivery *delivery, const char *path,
				const struct signed_policy *file)
{
	const uint32_t before = store_current(delivery->store);
	const uint32_t version = policy_version(file->policy);
	char error[512];
	if (version == before && store_has(delivery->store, version, &file->files)) {
		printf("Version %" PRIu32 " is installed already.\n", version);
		return tell_daemon(delivery, version) ? STATUS_NOTHING : STATUS_ERROR;
	}
	if (!may_install(delivery, path, version)) {
		return STATUS_ERROR;
	}
	tell_changes(delivery, file->policy);
	if (!is_agreed(delivery, version)) {
		return STATUS_ERROR;
	}
	if (!store_install(delivery->store, version, &file->files, delivery->is_older, error,
			   sizeof error)) {
		fprintf(stderr, "%s: %s\n", delivery->program, error);
		return STATUS_ERROR;
	}
	if (!tell_daemon(delivery, version)) {
		if (!store_undo(delivery->store, before, error, sizeof error)) {
			fprintf(stderr, "%s: %s\n", delivery->program, error);
		}
		return STATUS_ERROR;
	}
	printf("Version %" PRIu32 " is installed: %zu protected sites.\n", version,
	       policy_site_count(file->policy));
	return STATUS_NOTHING;
}

/* Reads a signed policy with what goes with it here. */
static bool read_signed(const struct delivery *delivery, const char *path,
			struct signed_policy *out, struct diagnostics *diagnostics)
{
	const struct policy_source source = {
	    .path = path,
	    .key = delivery->config.policy_key,
	    .local = delivery->config.policy_local,
	    .catalogue = delivery->config.catalogue,
	};
	return signed_policy_read(&source, out, diagnostics);
}

static enum status install(struct delivery *delivery, char *const operands[])
{
	struct diagnostics diagnostics = {0};
	struct signed_policy file = {0};
	enum status status = STATUS_ERROR;
	if (read_signed(delivery, operands[0], &file, &diagnostics)) {
		status = install_file(delivery, operands[0], &file);
	}
	diagnostics_print(&diagnostics, stderr);
	signed_policy_clear(&file);
	if (status != STATUS_NOTHING) {
		store_count_refusal(delivery->store);
	}
	return status;
}

static enum status go_back(struct delivery *delivery, char *const operands[])
{
	(void)operands;
	const uint32_t current = store_current(delivery->store);
	const uint32_t previous = store_previous(delivery->store);
	if (previous == 0) {
		fprintf(stderr,
			"%s: no older policy is kept in %s; install one with 'truegate policy "
			"install'\n",
			delivery->program, delivery->config.policy_store);
		return STATUS_ERROR;
	}
	char path[PATH_MAX];
	store_policy_path(delivery->store, previous, path, sizeof path);
	struct diagnostics diagnostics = {0};
	struct signed_policy file = {0};
	const bool good = read_signed(delivery, path, &file, &diagnostics);
	signed_policy_clear(&file);
	diagnostics_print(&diagnostics, stderr);
	char error[512];
	if (!good) {
		return STATUS_ERROR;
	}
	if (!store_go_back(delivery->store, previous, error, sizeof error)) {
		fprintf(stderr, "%s: %s\n", delivery->program, error);
		return STATUS_ERROR;
	}
	if (!tell_daemon(delivery, previous)) {
		if (!store_go_back(delivery->store, current, error, sizeof error)) {
			fprintf(stderr, "%s: %s\n", delivery->program, error);
		}
		return STATUS_ERROR;
	}
	printf("Version %" PRIu32 " is in force again, after %" PRIu32 ".\n", previous, current);
	return STATUS_NOTHING;
}

/* What the two commands are. */
struct change {
	struct command_line line;
	enum status (*make)(struct delivery *delivery, char *const operands[]);
};

/* A version as it is written; 0 for anything else. */
static uint32_t read_version(const char *text)
{
	char *end = NULL;
	const unsigned long version = strtoul(text, &end, 10);
	return text[0] >= '1' && text[0] <= '9' && *end == '\0' && version <= UINT32_MAX
		   ? (uint32_t)version
		   : 0;
}

static enum options_result read_options(const struct change *change, int argc, char **argv,
					struct delivery *out, const char **config)
{
	enum options_result result;
	for (int option; (option = options_next(&change->line, argc, argv, &result)) != 0;) {
		if (option == 'c') {
			*config = optarg;
		} else if (option == 'o') {
			out->is_older = true;
		} else if ((out->yes = read_version(optarg)) == 0) {
			fprintf(stderr, "%s: --yes needs the version to install, such as 8\n",
				change->line.program);
			return OPTIONS_WRONG;
		}
	}
	return result;
}

static void tell_what_stays(const struct delivery *delivery)
{
	const uint32_t stays = store_current(delivery->store);
	fprintf(stderr,
		stays == 0 ? "%s: nothing is installed\n"
			   : "%s: nothing was changed; version %" PRIu32 " stays\n",
		delivery->program, stays);
}

static enum status make_change(const struct change *change, int argc, char **argv)
{
	enum status status;
	const char *config = NULL;
	struct delivery delivery = {0};
	if (!options_go_on(read_options(change, argc, argv, &delivery, &config), &status)) {
		return status;
	}
	if (begin(&delivery, change->line.program, config)) {
		status = change->make(&delivery, argv + optind);
		if (status != STATUS_NOTHING) {
			tell_what_stays(&delivery);
		}
	}
	end(&delivery);
	return status;
}

enum status policy_install_command(int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"yes", required_argument, NULL, 'y'},
	    {"older", no_argument, NULL, 'o'},
	    {0},
	};
	static const struct change change = {
	    .line = {.program = "truegate policy install",
		     .help = install_help,
		     .options = options,
		     .operands_min = 1,
		     .operands_max = 1,
		     .wrong_operands = "give one policy file"},
	    .make = install,
	};
	return make_change(&change, argc, argv);
}

enum status policy_rollback_command(int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {0},
	};
	static const struct change change = {
	    .line = {.program = "truegate policy rollback",
		     .help = rollback_help,
		     .options = options,
		     .wrong_operands = "takes no arguments"},
	    .make = go_back,
	};
	return make_change(&change, argc, argv);
}
