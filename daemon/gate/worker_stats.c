/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/gate/worker_stats.h"

#include <stddef.h>

void worker_stats_add(struct worker_stats *total, const struct worker_stats *more)
{
	uint64_t *to = (uint64_t *)total;
	const uint64_t *from = (const uint64_t *)more;
	for (size_t i = 0; i < sizeof *total / sizeof *to; i++) {
		to[i] += from[i];
	}
}
