/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `truegate policy diff`.
 */
#ifndef DAEMON_COMMAND_POLICY_DIFF_H
#define DAEMON_COMMAND_POLICY_DIFF_H

#include "daemon/command/command.h"

/* Says in words what changes between two policies, and for which names of a file. */
enum status policy_diff_command(int argc, char **argv);

#endif
