/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One daemon serves a gateway. Several, each with rules for one person's address and a log of its
 * own, would be a record of that person.
 */
#ifndef DAEMON_SERVICE_SINGLE_INSTANCE_H
#define DAEMON_SERVICE_SINGLE_INSTANCE_H

#include <stdbool.h>

/*
 * Takes the place of this network namespace's one daemon (a name of abstract UNIX sockets, unix(7);
 * no setting changes it), until the process ends.
 *
 * \returns false when another has it, or with errno set otherwise (EADDRINUSE for the former).
 */
bool single_instance_take(void);

#endif
