/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many fakes each device may bring up, so that one that invents names cannot crowd out what
 * others saw. It holds numbers beside keyed hashes of devices, nothing of what they asked for, and
 * is emptied with each batch. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_DEVICE_QUOTA_H
#define DAEMON_EVENT_DEVICE_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

/* Fakes between two batches for which a device may be the first. */
#define DEVICE_QUOTA_FAKES 48

#define DEVICE_QUOTA_SLOTS 4096 /* a power of two */
#define DEVICE_QUOTA_WAYS 8     /* slots that a device may have; the least used one is replaced */

struct device_quota {
	uint64_t devices[DEVICE_QUOTA_SLOTS]; /* 0: free */
	uint8_t fakes[DEVICE_QUOTA_SLOTS];
};

/* Counts one more fake. \returns false when the device has used its quota up. */
bool device_quota_take(struct device_quota *quota, uint64_t device_hash);

void device_quota_clear(struct device_quota *quota);

#endif
