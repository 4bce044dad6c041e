/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the daemon may do, once it has what only root can give, and what its end may leave behind.
 */
#ifndef DAEMON_SERVICE_PRIVILEGE_H
#define DAEMON_SERVICE_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>

/* No core file and no access by a debugger of the same user: memory holds who asked for what.
 * \returns false when the system refused (errno is set). */
bool privilege_forbid_dumps(void);

/*
 * Started by root: goes on as `user`, with the groups of that user. In any case keeps no capability
 * but CAP_NET_ADMIN, which each verdict needs, and can gain none again.
 *
 * \param error  on failure gets a sentence that says what is wrong and what to do.
 */
bool privilege_drop(const char *user, char *error, size_t error_size);

#endif
