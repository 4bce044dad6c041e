/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `truegate policy fetch`.
 */
#ifndef DAEMON_COMMAND_POLICY_FETCH_H
#define DAEMON_COMMAND_POLICY_FETCH_H

#include "daemon/command/command.h"

/* Gets a signed policy over HTTPS and installs it as `policy install` does, without asking. */
enum status policy_fetch_command(int argc, char **argv);

#endif
