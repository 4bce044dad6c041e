/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table behind observed.h, for observed.c and observed_file.c only.
 */
#ifndef DAEMON_EVENT_OBSERVED_TABLE_H
#define DAEMON_EVENT_OBSERVED_TABLE_H

#include <sodium.h>

#include "daemon/event/observed.h"

#define OBSERVED_DEVICES_MAX 10

struct observed_entry {
	struct observed_domain domain;
	uint64_t devices[OBSERVED_DEVICES_MAX]; /* of the day that is counted, keyed hashes */
	uint32_t device_count;
};

struct observed {
	struct observed_entry entries[OBSERVED_DOMAINS_MAX];
	size_t count;
	uint32_t days;
	int64_t day; /* that is counted */
	bool has_day;
	struct observed_domain sorted[OBSERVED_DOMAINS_MAX];
	uint8_t hash_key[crypto_shorthash_KEYBYTES];
};

/* The entry of a domain; begun, and room made for it, when there is none. */
struct observed_entry *observed_entry(struct observed *observed, const char *name);

#endif
