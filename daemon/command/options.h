/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the subcommands have in common in reading their options by getopt_long(3).
 */
#ifndef DAEMON_COMMAND_OPTIONS_H
#define DAEMON_COMMAND_OPTIONS_H

#include <stdbool.h>

#include "daemon/command/command.h"

enum options_result {
	OPTIONS_READ,
	OPTIONS_HELP,  /* the help was asked for and printed */
	OPTIONS_WRONG, /* a message was printed */
};

/*
 * Says which option is wrong.
 *
 * \param program  what the user typed before the options: "truegate policy diff".
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
