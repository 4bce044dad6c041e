/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/index_keys.h"

#include <pthread.h>

uint64_t index_powers[NAME_OCTETS_MAX * 6 + 1];
static pthread_once_t powers_once = PTHREAD_ONCE_INIT;

static void make_powers(void)
{
	uint64_t power = 1;

	for (size_t i = 0; i < sizeof(index_powers) / sizeof(index_powers[0]); i++) {
		index_powers[i] = power;
		power *= INDEX_MULTIPLIER;
	}
}

bool index_keys_ready(void)
{
	return pthread_once(&powers_once, make_powers) == 0;
}

uint64_t skeleton_hash(const uint8_t *fine, size_t len, size_t *letters)
{
	uint64_t hash = 0;
	uint8_t last = GLYPH_SKIP;
	size_t count = 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t skeleton = glyph_skeleton[fine[i]];

		if (skeleton == GLYPH_SKIP ||
		    (skeleton == last && (skeleton == GLYPH_ARCH || skeleton == GLYPH_NOTCH))) {
			continue;
		}
		last = skeleton;
		hash = hash_step(hash, skeleton);
		count++;
	}
	*letters = count;
	return hash;
}
