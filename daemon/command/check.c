/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/command/command.h"
#include "daemon/command/line_reader.h"
#include "daemon/command/policy_session.h"
#include "daemon/config/config.h"

/* So many lines that are no host name get a note of their own. */
#define NOTED_LINES 10

static const char help[] =
    "usage: truegate check [--policy FILE] [--format text|jsonl] NAME...\n"
    "       truegate check [--policy FILE] [--format text|jsonl] -\n"
    "\n"
    "Says which of the host names imitate a site that the policy protects. '-' stands\n"
    "for the names in standard input, one a line.\n"
    "\n"
    "  --policy FILE   the policy (default " DEFAULT_POLICY ")\n"
    "  --established FILE\n"
    "                  established names (default " LIVE_CONFIG_ESTABLISHED ",\n"
    "                  where that is)\n"
    "  --format FORMAT text for people (default), jsonl for programs: one JSON object a\n"
    "                  line\n"
    "\n"
    "Exits with 0 when no name imitates a site, with 1 when one does, with 2 on errors.\n";

struct check {
	struct policy_session judging;
	struct output output;
	uint64_t found;
	uint64_t no_names;   /* lines that are no host name */
	bool wrong_argument; /* one is not a host name */
	bool failed;         /* output or input; stop */
};

/* \returns false when it is not a host name. */
static bool check_name(struct check *check, const char *name, size_t len)
{
	struct finding finding;
	enum judge_result result = judge_name(check->judging.judge, name, len, &finding);

	if (result == JUDGE_FOUND) {
		check->found++;
		check->failed = !output_finding(&check->output, name, len, &finding, NULL);
	}
	return result != JUDGE_NOT_A_NAME;
}

static void trim(const char **line, size_t *len)
{
	while (*len > 0 && (**line == ' ' || **line == '\t')) {
		(*line)++;
		(*len)--;
	}
	while (*len > 0 && ((*line)[*len - 1] == ' ' || (*line)[*len - 1] == '\t')) {
		(*len)--;
	}
}

static bool check_line(void *ctx, uint64_t number, const char *line, size_t len)
{
	struct check *check = ctx;

	if (line == NULL) {
		if (check->no_names++ < NOTED_LINES) {
			fprintf(stderr,
				"truegate check: line %" PRIu64 " is too long for a host name; "
				"skipped\n",
				number);
		}
		return true;
	}
	if (number == 1 && len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
		line += 3; /* byte order mark */
		len -= 3;
	}
	trim(&line, &len);
	if (len > 0 && !check_name(check, line, len) && check->no_names++ < NOTED_LINES) {
		fprintf(stderr, "truegate check: line %" PRIu64 " is not a host name; skipped\n",
			number);
	}
	return !check->failed;
}

static void check_lines(struct check *check)
{
	if (!line_reader_each("-", "truegate check", check_line, check)) {
		check->failed = true;
	}
	if (check->no_names > NOTED_LINES) {
		fprintf(stderr, "truegate check: %" PRIu64 " lines in total were not host names\n",
			check->no_names);
	}
}

static void check_operands(struct check *check, int count, char **operands)
{
	for (int i = 0; i < count && !check->failed; i++) {
		if (strcmp(operands[i], "-") == 0) {
			check_lines(check);
		} else if (!check_name(check, operands[i], strlen(operands[i]))) {
			fprintf(
			    stderr,
			    "truegate check: argument %d is not a host name; leave out https:// "
			    "and the path\n",
			    i + 1);
			check->wrong_argument = true;
		}
	}
}

enum status check_command(int argc, char **argv)
{
	enum status status;
	struct policy_session_options options;
	struct check check = {0};

	if (!options_go_on(policy_session_options_read(argc, argv, help, &options), &status)) {
		return status;
	}
	if (options.operands == argc) {
		fputs("truegate check: give a name, or '-' for names from standard input; see "
		      "'truegate check --help'\n",
		      stderr);
		return STATUS_ERROR;
	}
	if (!policy_session_open(&check.judging, &options)) {
		return STATUS_ERROR;
	}
	output_open(&check.output, options.format);
	check_operands(&check, argc - options.operands, argv + options.operands);
	policy_session_close(&check.judging);

	if (check.failed || check.wrong_argument) {
		return STATUS_ERROR;
	}
	return check.found > 0 ? STATUS_FOUND : STATUS_NOTHING;
}
