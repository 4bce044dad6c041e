/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The addresses that the gateway's own page is reached at. No machine has them: the firewall's
 * rules redirect them to the page's port on the gateway. So they are the same in each office, and
 * need not be one of the gateway's, which devices may not know or reach.
 */
#ifndef DAEMON_CONFIG_SITE_ADDRESS_H
#define DAEMON_CONFIG_SITE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

/* Of the block for benchmarks (RFC 2544), which is not routed, and a unique local one (RFC 4193).
 */
#define SITE_DEFAULT_IPV4 "198.18.53.80"
#define SITE_DEFAULT_IPV6 "fd53:7472:7567::80"

struct site_address {
	uint8_t ipv4[4]; /* network order */
	uint8_t ipv6[16];
};

/* \returns false when a text is not an address of its family. */
bool site_address_read(const char *ipv4, const char *ipv6, struct site_address *out);

#endif
