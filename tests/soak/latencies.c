/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/soak/latencies.h"

#include <stddef.h>

/* 16 buckets for each power of two. */
static size_t bucket_of(uint64_t us)
{
	if (us < 16) {
		return (size_t)us;
	}
	const unsigned power = 63U - (unsigned)__builtin_clzll(us);
	const size_t bucket = (size_t)(power - 3) * 16 + (size_t)(us >> (power - 4)) % 16;
	return bucket < LATENCIES_BUCKETS ? bucket : LATENCIES_BUCKETS - 1;
}

static uint64_t value_of(size_t bucket)
{
	if (bucket < 16) {
		return bucket;
	}
	return (uint64_t)(16 + bucket % 16) << (bucket / 16 - 1);
}

void latencies_add(struct latencies *latencies, uint64_t us)
{
	latencies->counts[bucket_of(us)]++;
	latencies->total++;
}

uint64_t latencies_at(const struct latencies *latencies, double share)
{
	uint64_t seen = 0;
	for (size_t i = 0; i < LATENCIES_BUCKETS; i++) {
		seen += latencies->counts[i];
		if (seen > 0 && (double)seen >= share * (double)latencies->total) {
			return value_of(i);
		}
	}
	return 0;
}
