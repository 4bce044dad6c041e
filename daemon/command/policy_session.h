/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What check and replay have in common: their options, and a policy with one judge.
 */
#ifndef DAEMON_COMMAND_POLICY_SESSION_H
#define DAEMON_COMMAND_POLICY_SESSION_H

#include "daemon/command/command.h"
#include "daemon/command/options.h"
#include "daemon/command/output.h"
#include "policy/policy.h"

#define DEFAULT_POLICY "/etc/truegate/policy.conf"

/* A pointer that is NULL stands for what was not given. */
struct policy_session_options {
	const char *policy;      /* file */
	const char *established; /* set of established names; NULL: none are known */
	const char *catalogue;   /* folder; NULL: not given */
	enum output_format format;
	int operands; /* index of the first argument that is not an option */
};

/*
 * Reads --policy, --established, --catalogue, --format and --help.
 *
 * \param argv  argv[0] is the command's name; options may stand behind operands (argv is permuted).
 * \param help  printed for --help.
 */
enum options_result policy_session_options_read(int argc, char **argv, const char *help,
						struct policy_session_options *out);

struct policy_session {
	struct policy *policy;
	struct judge *judge;
};

/* Loads the policy that the options name. \returns false, with nothing held, after a message on
 * standard error. */
bool policy_session_open(struct policy_session *judging,
			 const struct policy_session_options *options);
void policy_session_close(struct policy_session *judging);

#endif
