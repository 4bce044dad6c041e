/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How every subcommand reads its options: getopt_long(3), with --help and -h everywhere.
 */
#ifndef DAEMON_COMMAND_OPTIONS_H
#define DAEMON_COMMAND_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

#include "daemon/command/command.h"

enum options_result {
	OPTIONS_READ,
	OPTIONS_HELP,  /* the help was asked for and printed */
	OPTIONS_WRONG, /* a message was printed */
};

/* What a subcommand takes. */
struct command_line {
	const char *program; /* what the user typed before the options: "truegate policy diff" */
	const char *help;    /* the text for --help */
	const struct option *options;   /* ends with zeros; without help */
	int operands_min, operands_max; /* how many arguments follow */
	const char *wrong_operands;     /* what to say when it is another number: "give one name" */
};

/*
 * Reads the next option. Operands may stand before options (argv is permuted).
 *
 * \param result  gets how reading ended, when the options are at an end.
 * \returns the option's `val`, with optarg; 0 at the end, when optind is the first operand.
 */
int options_next(const struct command_line *line, int argc, char **argv,
		 enum options_result *result);

/*
 * Says which option is wrong.
 *
 * \param option   what getopt_long() returned, given options that begin with ':': that character
 * or '?'.
 * \returns OPTIONS_WRONG.
 */
enum options_result options_refuse(const char *program, char *const argv[], int option);

/*
 * \param status  gets how a command ends that comes no further: STATUS_NOTHING after its help, else
 * STATUS_ERROR.
 * \returns whether the options were read, so that it goes on.
 */
bool options_go_on(enum options_result result, enum status *status);

#endif
