/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * write(2) until all is written.
 */
#ifndef DAEMON_PROCESS_WRITE_ALL_H
#define DAEMON_PROCESS_WRITE_ALL_H

#include <stddef.h>

/* \returns how many octets were written; fewer than len with errno set. */
size_t write_all(int descriptor, const char *octets, size_t len);

#endif
