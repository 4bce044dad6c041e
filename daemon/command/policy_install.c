/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/policy_install.h"

#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/command/options.h"
#include "daemon/config/config.h"
#include "daemon/store/status_file.h"
#include "daemon/store/store.h"
#include "policy/signed_policy.h"

/* How long the daemon may take to say what it makes of a policy. */
#define RELOAD_SECONDS 20

static const char install_help[] =
    "usage: truegate policy install [--config FILE] FILE\n"
    "\n"
    "Verifies FILE with its signature FILE.minisig, checks it, puts it in force in one\n"
    "step and has the daemon load it. Its version must be newer than any before. After\n"
    "any error the policy before stays in force. Needs root.\n"
    "\n"
    "  --config FILE   the daemon's configuration (default " LIVE_CONFIG_PATH ");\n"
    "                  says where key, policies and daemon are\n"
    "\n"
    "Exits with 0 when the policy is installed, with 2 when it is not.\n";

static const char rollback_help[] =
    "usage: truegate policy rollback [--config FILE]\n"
    "\n"
    "Puts the policy that was in force before in force again, and has the daemon load\n"
    "it. The version gone back from cannot be installed again: have a newer one signed.\n"
    "After any error what is in force stays. Needs root.\n"
    "\n"
    "  --config FILE   the daemon's configuration (default " LIVE_CONFIG_PATH ")\n";

/* Everything both commands need; zero-initialise it. */
struct delivery {
	const char *program; /* for messages */
	struct config config;
	struct store *store;
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
		printf("The daemon reads another policy: its configuration says\n"
		       "  policy = \"%s\";\n"
		       "Write there, and start the daemon anew:\n"
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

static enum status refuse_version(const struct delivery *delivery, const char *path,
				  const struct signed_policy *file, uint32_t newest)
{
	const uint32_t version = policy_version(file->policy);
	if (version == store_current(delivery->store) &&
	    store_has(delivery->store, version, &file->files)) {
		printf("Version %" PRIu32 " is installed already.\n", version);
		return tell_daemon(delivery, version) ? STATUS_NOTHING : STATUS_ERROR;
	}
	if (version == newest) {
		fprintf(stderr,
			"%s: version %" PRIu32 " was installed before%s; count `version` up and "
			"have it signed anew\n",
			path, version,
			version == store_current(delivery->store) ? " with other contents" : "");
	} else {
		fprintf(stderr,
			"%s: version %" PRIu32 " is older than %" PRIu32
			", the newest that was installed; 'truegate policy rollback' goes back\n",
			path, version, newest);
	}
	return STATUS_ERROR;
}

static enum status install_file(struct delivery *delivery, const char *path,
				const struct signed_policy *file)
{
	const uint32_t before = store_current(delivery->store);
	const uint32_t newest = store_newest(delivery->store);
	const uint32_t version = policy_version(file->policy);
	char error[512];
	if (version <= newest) {
		return refuse_version(delivery, path, file, newest);
	}
	if (!store_install(delivery->store, version, &file->files, error, sizeof error)) {
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

static enum status install(struct delivery *delivery, char *const operands[])
{
	struct diagnostics diagnostics = {0};
	struct signed_policy file = {0};
	enum status status = STATUS_ERROR;
	if (signed_policy_read(operands[0], delivery->config.policy_key, &file, &diagnostics)) {
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
	const bool good =
	    signed_policy_read(path, delivery->config.policy_key, &file, &diagnostics);
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

/* What the two commands are; both take --config and operands. */
struct change {
	const char *program;
	const char *help;
	int operands; /* as many it takes */
	const char *wrong_operands;
	enum status (*make)(struct delivery *delivery, char *const operands[]);
};

static enum options_result read_options(const struct change *change, int argc, char **argv,
					const char **config)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"help", no_argument, NULL, 'h'},
	    {0},
	};
	opterr = 0;
	for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
		if (option == 'h') {
			fputs(change->help, stdout);
			return OPTIONS_HELP;
		}
		if (option != 'c') {
			return options_refuse(change->program, argv, option);
		}
		*config = optarg;
	}
	if (argc - optind != change->operands) {
		fprintf(stderr, "%s: %s; see '%s --help'\n", change->program,
			change->wrong_operands, change->program);
		return OPTIONS_WRONG;
	}
	return OPTIONS_READ;
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
	if (!options_go_on(read_options(change, argc, argv, &config), &status)) {
		return status;
	}
	struct delivery delivery = {0};
	if (begin(&delivery, change->program, config)) {
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
	static const struct change change = {
	    .program = "truegate policy install",
	    .help = install_help,
	    .operands = 1,
	    .wrong_operands = "give one policy file",
	    .make = install,
	};
	return make_change(&change, argc, argv);
}

enum status policy_rollback_command(int argc, char **argv)
{
	static const struct change change = {
	    .program = "truegate policy rollback",
	    .help = rollback_help,
	    .operands = 0,
	    .wrong_operands = "takes options alone",
	    .make = go_back,
	};
	return make_change(&change, argc, argv);
}
