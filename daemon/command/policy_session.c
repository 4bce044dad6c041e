/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/policy_session.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/command/load_policy.h"
#include "daemon/config/config.h"

enum options_result policy_session_options_read(int argc, char **argv, const char *help,
						struct policy_session_options *out)
{
	static const struct option options[] = {
	    {"policy", required_argument, NULL, 'p'},
	    {"established", required_argument, NULL, 'e'},
	    {"catalogue", required_argument, NULL, 'c'},
	    {"format", required_argument, NULL, 'f'},
	    {0},
	};
	char program[32];
	const struct command_line line = {
	    .program = program,
	    .help = help,
	    .options = options,
	    .operands_max = argc,
	};
	enum options_result result;
	snprintf(program, sizeof program, "truegate %s", argv[0]);
	*out = (struct policy_session_options){.policy = DEFAULT_POLICY,
					       .established = LIVE_CONFIG_ESTABLISHED,
					       .format = OUTPUT_TEXT};
	for (int option; (option = options_next(&line, argc, argv, &result)) != 0;) {
		if (option == 'p') {
			out->policy = optarg;
		} else if (option == 'e') {
			out->established = optarg;
		} else if (option == 'c') {
			out->catalogue = optarg;
		} else if (!output_format_parse(optarg, &out->format)) {
			fprintf(stderr, "truegate %s: unknown format '%s'; use text or jsonl\n",
				argv[0], optarg);
			return OPTIONS_WRONG;
		}
	}
	out->operands = optind;
	return result;
}

bool policy_session_open(struct policy_session *judging,
			 const struct policy_session_options *options)
{
	if (access(options->policy, F_OK) != 0 && errno == ENOENT) {
		fprintf(stderr,
			"truegate: %s: no such policy file; create it or use --policy FILE\n",
			options->policy);
		return false;
	}
	judging->policy =
	    command_open_policy(options->policy, options->established, options->catalogue, true);
	if (judging->policy == NULL) {
		return false;
	}
	judging->judge = judge_new(judging->policy);
	if (judging->judge == NULL) {
		fputs("truegate: out of memory\n", stderr);
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
