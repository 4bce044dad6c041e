/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The socket that the gateway's page is asked at.
 */
#ifndef DAEMON_SITE_SITE_LISTEN_H
#define DAEMON_SITE_SITE_LISTEN_H

#include <stdint.h>

/*
 * Listens at a port of all addresses, since REDIRECT turns a connection to the address of whatever
 * interface it came in by; over both families, or over IPv4 where the kernel has no IPv6.
 *
 * \returns -1 with errno set.
 */
int site_listen(uint16_t port);

#endif
