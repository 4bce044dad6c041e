/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "daemon/command/command.h"
#include "daemon/command/established_check.h"
#include "daemon/command/load_policy.h"
#include "daemon/command/options.h"
#include "daemon/command/policy_diff.h"
#include "daemon/command/policy_fetch.h"
#include "daemon/command/policy_init.h"
#include "daemon/command/policy_install.h"
#include "daemon/config/config.h"
#include "policy/file/policy_files.h"
#include "policy/limits.h"

static const char check_help[] =
    "usage: truegate policy check [--catalogue DIR] [--established SET] FILE\n"
    "\n"
    "Reads a policy and reports everything that is wrong with it. Where\n"
    "established names were imported, one that would warn on or block\n"
    "more than 1 in 1,000 of them is refused.\n"
    "\n"
    "  --catalogue DIR  the catalogue of sites that it may include\n"
    "                   (default " POLICY_CATALOGUE_FOLDER ")\n"
    "  --established SET\n"
    "                   what was imported (default\n"
    "                   " LIVE_CONFIG_ESTABLISHED ")\n"
    "\n"
    "Exits with 0 when it can be used, with 2 when it cannot.\n";

static enum status check(int argc, char **argv)
{
	static const struct option options[] = {
	    {"catalogue", required_argument, NULL, 'c'},
	    {"established", required_argument, NULL, 'e'},
	    {0},
	};
	static const struct command_line line = {
	    .program = "truegate policy check",
	    .help = check_help,
	    .options = options,
	    .operands_min = 1,
	    .operands_max = 1,
	    .wrong_operands = "give one policy file",
	};
	const char *catalogue = NULL;
	const char *established = LIVE_CONFIG_ESTABLISHED;
	enum options_result result;
	enum status status;
	for (int option; (option = options_next(&line, argc, argv, &result)) != 0;) {
		*(option == 'c' ? &catalogue : &established) = optarg;
	}
	if (!options_go_on(result, &status)) {
		return status;
	}
	const char *path = argv[optind];
	struct policy *policy = command_open_policy(path, NULL, catalogue, false);
	if (policy == NULL) {
		return STATUS_ERROR;
	}
	struct established_share share;
	if (!established_check(policy, established, line.program, &share)) {
		fprintf(stderr, "%s: %s\n", path, share.why);
		policy_free(policy);
		return STATUS_ERROR;
	}
	printf("%s: version %u, %zu protected sites with %zu of at most %d labels, no errors\n",
	       path, policy_version(policy), policy_site_count(policy), policy_label_count(policy),
	       PROTECTED_LABELS_MAX);
	if (share.names > 0) {
		printf("%s: would stop %" PRIu64 " of %" PRIu64 " established names\n", path,
		       share.flagged, share.names);
	}
	policy_free(policy);
	return STATUS_NOTHING;
}

enum status policy_command(int argc, char **argv)
{
	static const struct command commands[] = {
	    {"init", "write a first policy, of groups of the catalogue", policy_init_command},
	    {"check", "report everything that is wrong with a policy file", check},
	    {"diff", "say in words what changes between two policies", policy_diff_command},
	    {"install", "verify a signed policy and put it in force", policy_install_command},
	    {"fetch", "get a signed policy over HTTPS and put it in force", policy_fetch_command},
	    {"rollback", "put the policy that was in force before back in force",
	     policy_rollback_command},
	    {0},
	};

	return command_run("truegate policy", commands, argc, argv);
}
