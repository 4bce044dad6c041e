/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The socket that the gateway's page is asked at.
 */
#ifndef DAEMON_SITE_SITE_LISTEN_H
#define DAEMON_SITE_SITE_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/config/site_address.h"

/*
 * Listens at a port of all addresses, since REDIRECT turns a connection to the address of whatever
 * interface it came in by; over both families, or over IPv4 where the kernel has no IPv6.
 *
 * \returns -1 with errno set.
 */
int site_listen(uint16_t port);

/*
 * Whether the rules brought this connection here: its device opened it to one of the page's
 * addresses. Others reach the port from wherever the gateway's firewall lets them, such as the
 * internet, and the page is the office's.
 */
bool site_was_redirected(int descriptor, const struct site_address *address);

#endif
