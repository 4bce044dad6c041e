/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Has the daemon load again what goes with its policy, after a command changed that.
 */
#ifndef DAEMON_COMMAND_RELOAD_H
#define DAEMON_COMMAND_RELOAD_H

#include "daemon/config/config.h"

/*
 * What was changed counts either way: the daemon reads it when it starts. Says how it went.
 *
 * \param program  for messages: "truegate exempt".
 */
void reload_after_change(const char *program, const struct config *config);

#endif
