/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/gate/latency.h"

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)

const uint64_t latency_bounds_ns[LATENCY_BOUNDS] = {
    10 * US, 20 * US, 50 * US, 100 * US, 200 * US, 500 * US, 1 * MS,
    2 * MS,  5 * MS,  10 * MS, 20 * MS,  50 * MS,  100 * MS,
};

void latency_add(struct latency *latency, uint64_t ns, uint64_t packets)
{
	size_t bucket = 0;
	while (bucket < LATENCY_BOUNDS && ns > latency_bounds_ns[bucket]) {
		bucket++;
	}
	latency->packets[bucket] += packets;
	latency->sum_ns += ns * packets;
}
