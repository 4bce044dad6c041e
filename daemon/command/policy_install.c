/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/policy_install.h"

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/command/delivery.h"
#include "daemon/command/options.h"

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

static enum status install(struct delivery *delivery, char *const operands[])
{
	return delivery_install(delivery, operands[0]);
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
	const bool good = delivery_read(delivery, path, &file, &diagnostics);
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
	if (!delivery_tell_daemon(delivery, previous)) {
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

static enum status make_change(const struct change *change, int argc, char **argv)
{
	enum status status;
	const char *config = NULL;
	struct delivery delivery = {0};
	if (!options_go_on(read_options(change, argc, argv, &delivery, &config), &status)) {
		return status;
	}
	if (delivery_configure(&delivery, change->line.program, config) &&
	    delivery_open(&delivery)) {
		status = change->make(&delivery, argv + optind);
		if (status != STATUS_NOTHING) {
			delivery_tell_what_stays(&delivery);
		}
	}
	delivery_end(&delivery);
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
