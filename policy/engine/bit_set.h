/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of small numbers, a bit each in an array of words. Internal to policy/. */
#ifndef POLICY_ENGINE_BIT_SET_H
#define POLICY_ENGINE_BIT_SET_H

#include <stdbool.h>
#include <stdint.h>

/* Words for numbers below count. */
#define BIT_SET_WORDS(count) ((count) / 64)

static inline bool bit_set_has(const uint64_t *set, uint32_t number)
{
	return (set[number / 64] >> number % 64 & 1) != 0;
}

static inline void bit_set_add(uint64_t *set, uint32_t number)
{
	set[number / 64] |= UINT64_C(1) << number % 64;
}

#endif
