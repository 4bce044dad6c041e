/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/office_networks.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	size_t whole = bits / 8;
	unsigned rest = bits % 8;

	return memcmp(a, b, whole) == 0 && (rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0);
}

/* The octets of an address. \returns how many: 4, 16, or 0 for another family. */
static size_t octets_of(const struct sockaddr *address, const uint8_t **out)
{
	if (address == NULL) {
		return 0;
	}
	if (address->sa_family == AF_INET) {
		*out = (const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr;
		return 4;
	}
	if (address->sa_family == AF_INET6) {
		*out = (const uint8_t *)&((const struct sockaddr_in6 *)address)->sin6_addr;
		return 16;
	}
	return 0;
}

static uint8_t prefix_bits(const uint8_t *mask, size_t len)
{
	uint8_t bits = 0;

	while (bits < len * 8 && (mask[bits / 8] & (0x80 >> bits % 8)) != 0) {
		bits++;
	}
	return bits;
}

void office_networks_read(struct office_networks *out)
{
	struct ifaddrs *interfaces = NULL;

	out->count = 0;
	if (getifaddrs(&interfaces) != 0) {
		return;
	}
	for (const struct ifaddrs *i = interfaces; i != NULL; i = i->ifa_next) {
		const uint8_t *octets = NULL;
		const uint8_t *mask = NULL;
		size_t len = octets_of(i->ifa_addr, &octets);

		if (len == 0 || octets_of(i->ifa_netmask, &mask) != len ||
		    out->count == OFFICE_NETWORKS_MAX) {
			continue;
		}
		memcpy(out->networks[out->count].octets, octets, len);
		out->networks[out->count].len = (uint8_t)len;
		out->networks[out->count].bits = prefix_bits(mask, len);
		out->count++;
	}
	freeifaddrs(interfaces);
}

bool office_networks_have(const struct office_networks *networks, const uint8_t *address,
			  size_t len)
{
	for (size_t i = 0; i < networks->count; i++) {
		if (networks->networks[i].len == len && networks->networks[i].bits > 0 &&
		    same_bits(address, networks->networks[i].octets, networks->networks[i].bits)) {
			return true;
		}
	}
	return false;
}

bool office_networks_adjoin(const uint8_t *a, const uint8_t *b, size_t len)
{
	return same_bits(a, b, len == 4 ? 24 : 64);
}
