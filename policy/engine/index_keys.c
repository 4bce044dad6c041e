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

struct skeleton skeleton_of(const uint8_t *fine, size_t len, const uint64_t *heads)
{
	struct skeleton out = {0};
	uint8_t last = GLYPH_SKIP;

	for (size_t i = 0; i < len; i++) {
		uint8_t skeleton = glyph_skeleton[fine[i]];

		if (skeleton == GLYPH_SKIP ||
		    (skeleton == last && (skeleton == GLYPH_ARCH || skeleton == GLYPH_NOTCH))) {
			continue;
		}
		last = skeleton;
		out.hash = hash_step(out.hash, skeleton);
		if (++out.letters > SKELETON_HEAD) {
			continue;
		}
		out.head = out.head << 5 | skeleton;
		if (out.letters == SKELETON_HEAD && heads != NULL &&
		    !bit_set_has(heads, out.head)) {
			return (struct skeleton){0};
		}
	}
	return out;
}
