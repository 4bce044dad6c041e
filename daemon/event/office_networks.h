/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The networks that the gateway's interfaces are in. What has an address of one of them, global or
 * not, is the office's own or its neighbour's, and no fake's server. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_OFFICE_NETWORKS_H
#define DAEMON_EVENT_OFFICE_NETWORKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OFFICE_NETWORKS_MAX 128

struct office_networks {
	struct {
		uint8_t octets[16]; /* network order */
		uint8_t len;        /* 4 or 16 */
		uint8_t bits;       /* of the prefix */
	} networks[OFFICE_NETWORKS_MAX];
	size_t count;
};

/* Reads those of all interfaces, OFFICE_NETWORKS_MAX at most. What cannot be read is left out. */
void office_networks_read(struct office_networks *out);

/* \param address  network order; len is 4 or 16. */
bool office_networks_have(const struct office_networks *networks, const uint8_t *address,
			  size_t len);

/* Whether two addresses of one length are in one network of the usual size: /24, or /64. */
bool office_networks_adjoin(const uint8_t *a, const uint8_t *b, size_t len);

#endif
