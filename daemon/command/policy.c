/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <stdio.h>

#include "daemon/command/command.h"
#include "daemon/command/load_policy.h"
#include "daemon/command/options.h"
#include "daemon/command/policy_diff.h"
#include "daemon/command/policy_install.h"
#include "policy/file/policy_files.h"

static const char check_help[] = "usage: truegate policy check [--catalogue DIR] FILE\n"
				 "\n"
				 "Reads a policy and reports everything that is wrong with it.\n"
				 "\n"
				 "  --catalogue DIR  the catalogue of sites that it may include\n"
				 "                   (default " POLICY_CATALOGUE_FOLDER ")\n"
				 "\n"
				 "Exits with 0 when it can be used, with 2 when it cannot.\n";

static enum status check(int argc, char **argv)
{
	static const struct option options[] = {
	    {"catalogue", required_argument, NULL, 'c'},
	    {"help", no_argument, NULL, 'h'},
	    {0},
	};
	const char *catalogue = NULL;
	opterr = 0;
	for (int option; (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
		if (option == 'h') {
			fputs(check_help, stdout);
			return STATUS_NOTHING;
		}
		if (option != 'c') {
			options_refuse("truegate policy check", argv, option);
			return STATUS_ERROR;
		}
		catalogue = optarg;
	}
	if (argc - optind != 1) {
		fputs("truegate policy check: give one policy file; see 'truegate policy check "
		      "--help'\n",
		      stderr);
		return STATUS_ERROR;
	}
	const char *path = argv[optind];
	struct policy *policy = command_open_policy(path, catalogue);
	if (policy == NULL) {
		return STATUS_ERROR;
	}
	printf("%s: version %u, %zu protected sites, no errors\n", path, policy_version(policy),
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
