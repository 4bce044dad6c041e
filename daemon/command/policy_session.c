/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/policy_session.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/command/load_policy.h"

enum options_result policy_session_options_read(int argc, char **argv, const char *help,
						struct policy_session_options *out)
{
	static const struct option options[] = {
	    {"policy", required_argument, NULL, 'p'},
	    {"catalogue", required_argument, NULL, 'c'},
	    {"format", required_argument, NULL, 'f'},
	    {"help", no_argument, NULL, 'h'},
	    {0},
	};
	int option;

	*out = (struct policy_session_options){.policy = DEFAULT_POLICY, .format = OUTPUT_TEXT};
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (option) {
		case 'p':
			out->policy = optarg;
			break;
		case 'c':
			out->catalogue = optarg;
			break;
		case 'f':
			if (output_format_parse(optarg, &out->format)) {
				break;
			}
			fprintf(stderr,
				"truegate %s: '%s' is no format; write --format text or --format "
				"jsonl\n",
				argv[0], optarg);
			return OPTIONS_WRONG;
		case 'h':
			fputs(help, stdout);
			return OPTIONS_HELP;
		default: {
			char program[32];
			snprintf(program, sizeof program, "truegate %s", argv[0]);
			return options_refuse(program, argv, option);
		}
		}
	}
	out->operands = optind;
	return OPTIONS_READ;
}

bool policy_session_open(struct policy_session *judging, const char *policy_path,
			 const char *catalogue)
{
	if (access(policy_path, F_OK) != 0 && errno == ENOENT) {
		fprintf(stderr,
			"truegate: there is no policy %s; write one, or name another file (for "
			"check and replay with --policy FILE)\n",
			policy_path);
		return false;
	}
	judging->policy = command_open_policy(policy_path, catalogue);
	if (judging->policy == NULL) {
		return false;
	}
	judging->judge = judge_new(judging->policy);
	if (judging->judge == NULL) {
		fputs("truegate: not enough memory to judge names\n", stderr);
		policy_free(judging->policy);
		judging->policy = NULL;
		return false;
	}
	return true;
}

void policy_session_close(struct policy_session *judging)
{
	judge_free(judging->judge);
	policy_free(judging->policy);
}
