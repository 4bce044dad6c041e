/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `truegate policy install` and `truegate policy rollback`.
 */
#ifndef DAEMON_COMMAND_POLICY_INSTALL_H
#define DAEMON_COMMAND_POLICY_INSTALL_H

#include "daemon/command/command.h"

/* Verifies, checks and installs a signed policy, then has the daemon load it. */
enum status policy_install_command(int argc, char **argv);

/* Puts the policy that was in force before in force again. */
enum status policy_rollback_command(int argc, char **argv);

#endif
