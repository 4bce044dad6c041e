/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long packets wait for their verdict, as a histogram. One a worker; not thread-safe.
 *
 * A packet's time runs from the end of the system call that took its batch from the kernel to the
 * end of the one that gave the verdicts back. So all packets of a batch have the same, and two
 * clocks a batch are enough. What a packet waited in the kernel before is not in it.
 */
#ifndef DAEMON_GATE_LATENCY_H
#define DAEMON_GATE_LATENCY_H

#include <stddef.h>
#include <stdint.h>

/* Bounds, and the rest behind the last. */
#define LATENCY_BOUNDS 13
#define LATENCY_BUCKETS (LATENCY_BOUNDS + 1)

/* Zero-initialise it. Counters only. */
struct latency {
	uint64_t packets[LATENCY_BUCKETS]; /* that took at most the bound of the same number, and
					      longer than the one before */
	uint64_t sum_ns;                   /* of all packets' times */
};

/* Upper bounds in nanoseconds, rising. */
extern const uint64_t latency_bounds_ns[LATENCY_BOUNDS];

/* Counts a batch of `packets` packets that took `ns`. */
void latency_add(struct latency *latency, uint64_t ns, uint64_t packets);

#endif
