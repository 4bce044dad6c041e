/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system calls that the daemon can still make once it serves. A daemon that is taken over by
 * what it reads can start no program, open no connection and watch no other process.
 */
#ifndef DAEMON_SERVICE_SYSCALL_FILTER_H
#define DAEMON_SERVICE_SYSCALL_FILTER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Binds every thread of the process, those that run already and those to come, for good. A call
 * that is not allowed fails with EPERM and does nothing. Sockets that are open stay usable; of new
 * ones only AF_UNIX can be made, which systemd is told through. Also sets no_new_privs.
 *
 * \param error  on failure gets a sentence that says what is wrong and what to do.
 */
bool syscall_filter_apply(char *error, size_t error_size);

#endif
