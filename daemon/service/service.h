/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `truegate run`: everything that lives from start to stop.
 */
#ifndef DAEMON_SERVICE_SERVICE_H
#define DAEMON_SERVICE_SERVICE_H

#include <stdbool.h>

/*
 * Runs until SIGTERM or SIGINT. SIGHUP reloads the policy and reopens the event log. Reports
 * to standard error, and to systemd when it started the program. Blocks those signals for good and
 * gives up privileges: only for main().
 *
 * \param dry_run  every finding is only observed: nobody is warned, nothing is an event.
 *
 * \returns true after a stop that was asked for, false when it could not start.
 */
bool service_run(const char *config_path, bool dry_run);

#endif
