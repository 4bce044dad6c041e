/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/policy_diff.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/command/line_reader.h"
#include "daemon/command/options.h"
#include "daemon/command/policy_session.h"
#include "daemon/config/config.h"
#include "daemon/text/name_text.h"
#include "policy/difference.h"

static const char program[] = "truegate policy diff";

static const char help[] =
    "usage: truegate policy diff [--names FILE] [--config FILE] [OLD] NEW\n"
    "\n"
    "Says in words what changes from one policy to another. Without OLD, from the one\n"
    "that the daemon reads.\n"
    "\n"
    "  --names FILE    also judge the names in FILE, one a line ('-' is standard input),\n"
    "                  by both, and show those whose finding changes\n"
    "  --config FILE   the daemon's configuration (default " LIVE_CONFIG_PATH ");\n"
    "                  says which policy it reads\n"
    "\n"
    "Signatures are not checked. Exits with 0 when nothing changes, with 1 when\n"
    "something does, with 2 on errors.\n";

struct diff {
	struct policy_session before, after;
	size_t changes;
	uint64_t judged, changed, skipped;
};

static void print_change(void *ctx, const char *change)
{
	(void)ctx;
	puts(change);
}

static bool is_same(const struct finding *a, const struct finding *b)
{
	return a->technique == b->technique && a->confidence == b->confidence &&
	       a->action == b->action && strcmp(a->imitates, b->imitates) == 0;
}

static void print_finding(bool found, const struct finding *finding)
{
	if (!found) {
		fputs("nothing", stdout);
		return;
	}
	printf("%s, %s, imitates %s by %s", action_text(finding->action),
	       confidence_text(finding->confidence), finding->imitates,
	       technique_text(finding->technique));
}

static void judge_both(struct diff *diff, const char *name, size_t len)
{
	struct finding before;
	struct finding after;
	const enum judge_result old = judge_name(diff->before.judge, name, len, &before);
	const enum judge_result new = judge_name(diff->after.judge, name, len, &after);
	if (old == JUDGE_NOT_A_NAME || new == JUDGE_NOT_A_NAME) {
		diff->skipped++;
		return;
	}
	diff->judged++;
	if (old == new && (old == JUDGE_NOTHING || is_same(&before, &after))) {
		return;
	}
	char text[NAME_TEXT_SIZE];
	name_text(name, len, text);
	printf("%s: ", text);
	print_finding(old == JUDGE_FOUND, &before);
	fputs("; then ", stdout);
	print_finding(new == JUDGE_FOUND, &after);
	putchar('\n');
	diff->changed++;
}

static bool judge_line(void *ctx, uint64_t number, const char *line, size_t len)
{
	struct diff *diff = ctx;
	(void)number;
	if (line == NULL) {
		diff->skipped++;
	} else if (len > 0) {
		judge_both(diff, line, len);
	}
	return true;
}

static enum status compare(struct diff *diff, const char *names)
{
	if (!policy_difference(diff->before.policy, diff->after.policy, print_change, NULL,
			       &diff->changes)) {
		fputs("truegate policy diff: out of memory\n", stderr);
		return STATUS_ERROR;
	}
	if (names != NULL) {
		if (!line_reader_each(names, program, judge_line, diff)) {
			return STATUS_ERROR;
		}
		fprintf(stderr,
			"truegate policy diff: %" PRIu64 " names judged, %" PRIu64
			" change, %" PRIu64 " lines were not host names\n",
			diff->judged, diff->changed, diff->skipped);
	}
	return diff->changes > 0 || diff->changed > 0 ? STATUS_FOUND : STATUS_NOTHING;
}

struct diff_options {
	const char *names, *config; /* NULL: not given */
};

static enum options_result read_options(int argc, char **argv, struct diff_options *out)
{
	static const struct option options[] = {
	    {"names", required_argument, NULL, 'n'},
	    {"config", required_argument, NULL, 'c'},
	    {0},
	};
	static const struct command_line line = {
	    .program = program,
	    .help = help,
	    .options = options,
	    .operands_min = 1,
	    .operands_max = 2,
	    .wrong_operands = "give one or two policy files",
	};
	enum options_result result;
	for (int option; (option = options_next(&line, argc, argv, &result)) != 0;) {
		*(option == 'n' ? &out->names : &out->config) = optarg;
	}
	return result;
}

/* Opens the old policy: the one that is named, or the one that the daemon reads. */
static bool open_before(struct policy_session *judging, const char *named, const char *config_path)
{
	if (named != NULL) {
		return policy_session_open(judging,
					   &(struct policy_session_options){.policy = named});
	}
	struct diagnostics diagnostics = {0};
	struct config config;
	const bool loaded = config_load_usual(config_path, &config, &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	if (!loaded) {
		return false;
	}
	const struct policy_session_options options = {.policy = config.policy,
						       .catalogue = config.catalogue};
	const bool opened = policy_session_open(judging, &options);
	config_release(&config);
	return opened;
}

enum status policy_diff_command(int argc, char **argv)
{
	enum status status;
	struct diff_options options = {0};
	if (!options_go_on(read_options(argc, argv, &options), &status)) {
		return status;
	}
	struct diff diff = {0};
	const char *before = argc - optind == 2 ? argv[optind] : NULL;
	if (open_before(&diff.before, before, options.config) &&
	    policy_session_open(&diff.after,
				&(struct policy_session_options){.policy = argv[argc - 1]})) {
		status = compare(&diff, options.names);
	}
	policy_session_close(&diff.before);
	policy_session_close(&diff.after);
	return status;
}
