/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/device_quota.h"

#include <stddef.h>

bool device_quota_take(struct device_quota *quota, uint64_t device_hash)
{
	size_t first = (device_hash * DEVICE_QUOTA_WAYS) & (DEVICE_QUOTA_SLOTS - 1);
	size_t slot = first;

	for (size_t i = first; i < first + DEVICE_QUOTA_WAYS; i++) {
		if (quota->devices[i] == device_hash) {
			slot = i;
			break;
		}
		if (quota->fakes[i] < quota->fakes[slot]) {
			slot = i;
		}
	}
	if (quota->devices[slot] != device_hash) {
		quota->devices[slot] = device_hash;
		quota->fakes[slot] = 0;
	}
	if (quota->fakes[slot] >= DEVICE_QUOTA_FAKES) {
		return false;
	}
	quota->fakes[slot]++;
	return true;
}

void device_quota_clear(struct device_quota *quota)
{
	*quota = (struct device_quota){0};
}
