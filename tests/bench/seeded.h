/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random numbers that are the same on every machine and every run (splitmix64).
 */
#ifndef BENCH_SEEDED_H
#define BENCH_SEEDED_H

#include <stdbool.h>
#include <stdint.h>

struct seeded {
	uint64_t state; /* set it to the seed */
};

static inline uint64_t seeded_next(struct seeded *random)
{
	random->state += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t z = random->state;
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* From 0 to bound - 1; bound is 1 or more. */
static inline uint32_t seeded_below(struct seeded *random, uint32_t bound)
{
	return (uint32_t)(((seeded_next(random) >> 32) * bound) >> 32);
}

/* True in percent of 100 cases. */
static inline bool seeded_percent(struct seeded *random, uint32_t percent)
{
	return seeded_below(random, 100) < percent;
}

#endif
