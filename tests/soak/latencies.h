/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long answers took: a histogram in microseconds, exact to one part in 16.
 */
#ifndef TESTS_SOAK_LATENCIES_H
#define TESTS_SOAK_LATENCIES_H

#include <stdint.h>

#define LATENCIES_BUCKETS 512

/* Zero-initialise it. */
struct latencies {
	uint64_t counts[LATENCIES_BUCKETS];
	uint64_t total;
};

void latencies_add(struct latencies *latencies, uint64_t us);

/* The value that a share (0 to 1) of them does not exceed; 0 when there are none. */
uint64_t latencies_at(const struct latencies *latencies, double share);

#endif
