/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses that networks give to machines of their own. What has one is not a fake's server in the
 * internet, but may be a device of the office. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_OWN_NETWORK_H
#define DAEMON_EVENT_OWN_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether it is private (RFC 1918, RFC 4193), shared behind a provider's translation (RFC 6598),
 * link-local (RFC 3927, RFC 4291 section 2.5.6), loopback or unspecified.
 *
 * \param address  network order; len is 4 or 16.
 */
bool own_network_has(const uint8_t *address, size_t len);

#endif
