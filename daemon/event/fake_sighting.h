/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fake that was asked for, as it travels from a worker to the log's thread: a copy that needs
 * neither the policy nor the packet. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_FAKE_SIGHTING_H
#define DAEMON_EVENT_FAKE_SIGHTING_H

#include <stdint.h>

#include "dpi/observation.h"
#include "policy/finding.h"
#include "policy/limits.h"

/* Room for a site's displayed name, with its NUL. */
#define SIGHTING_SITE_SIZE SITE_NAME_SIZE

struct address {
	uint8_t octets[16]; /* network order */
	uint8_t len;        /* 4 or 16; 0: none */
};

struct fake_sighting {
	char host[HOST_NAME_MAX_LEN + 1];
	uint16_t host_len;
	uint8_t labels; /* of its right end that take part, as in struct finding */
	enum via via;
	enum technique technique;
	enum confidence confidence;
	enum action action;
	char imitates[HOST_NAME_MAX_LEN + 1];
	char site[SIGHTING_SITE_SIZE];
	char why[FINDING_WHY_SIZE];
	struct address server; /* of the fake; none unless a connection to it was seen */
	uint64_t device_hash;  /* over the device's address, keyed */
	uint64_t time_s;       /* CLOCK_REALTIME */
};

#endif
