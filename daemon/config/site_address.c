/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/config/site_address.h"

#include <arpa/inet.h>

bool site_address_read(const char *ipv4, const char *ipv6, struct site_address *out)
{
	return inet_pton(AF_INET, ipv4, out->ipv4) == 1 &&
	       inet_pton(AF_INET6, ipv6, out->ipv6) == 1;
}
