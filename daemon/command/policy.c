/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "daemon/command/command.h"
#include "daemon/command/load_policy.h"
#include "daemon/command/policy_diff.h"
#include "daemon/command/policy_install.h"

static enum status check(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		puts("usage: truegate policy check FILE\n\n"
		     "Reads a policy and reports everything that is wrong with it. Exits with 0\n"
		     "when it can be used, with 2 when it cannot.");
		return STATUS_NOTHING;
	}
	if (argc != 2 || argv[1][0] == '-') {
		fputs("truegate policy check: give one policy file; see 'truegate policy check "
		      "--help'\n",
		      stderr);
		return STATUS_ERROR;
	}

	struct policy *policy = command_open_policy(argv[1]);
	if (policy == NULL) {
		return STATUS_ERROR;
	}
	printf("%s: version %u, %zu protected sites, no errors\n", argv[1], policy_version(policy),
	       policy_site_count(policy));
	policy_free(policy);
	return STATUS_NOTHING;
}

enum status policy_command(int argc, char **argv)
{
	static const struct command commands[] = {
	    {"check", "report everything that is wrong with a policy file", check},
	    {"diff", "say in words what changes between two policies", policy_diff_command},
	    {"install", "verify a signed policy and put it in force", policy_install_command},
	    {"rollback", "go back to the policy that was in force before", policy_rollback_command},
	    {0},
	};

	return command_run("truegate policy", commands, argc, argv);
}
