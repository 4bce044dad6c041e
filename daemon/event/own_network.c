/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/own_network.h"

#include <string.h>

struct prefix {
	uint8_t octets[16];
	uint8_t bits;
};

static const struct prefix ipv4[] = {
    {{0}, 8},         {{10}, 8},       {{100, 64}, 10},  {{127}, 8},
    {{169, 254}, 16}, {{172, 16}, 12}, {{192, 168}, 16},
};
/* The unspecified and the loopback address are the two of ::/127. */
static const struct prefix ipv6[] = {{{0}, 127}, {{0xfc}, 7}, {{0xfe, 0x80}, 10}};

static bool begins_with(const uint8_t *address, const struct prefix *prefix)
{
	size_t whole = prefix->bits / 8;
	unsigned rest = prefix->bits % 8;

	return memcmp(address, prefix->octets, whole) == 0 &&
	       (rest == 0 || (address[whole] ^ prefix->octets[whole]) >> (8 - rest) == 0);
}

bool own_network_has(const uint8_t *address, size_t len)
{
	const struct prefix *prefixes = len == 4 ? ipv4 : ipv6;
	size_t count = len == 4 ? sizeof(ipv4) / sizeof(ipv4[0]) : sizeof(ipv6) / sizeof(ipv6[0]);

	for (size_t i = 0; i < count; i++) {
		if (begins_with(address, &prefixes[i])) {
			return true;
		}
	}
	return false;
}
