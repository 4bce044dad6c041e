/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `truegate policy init`.
 */
#ifndef DAEMON_COMMAND_POLICY_INIT_H
#define DAEMON_COMMAND_POLICY_INIT_H

#include "daemon/command/command.h"

/* Writes a first policy, of groups of the catalogue. */
enum status policy_init_command(int argc, char **argv);

#endif
