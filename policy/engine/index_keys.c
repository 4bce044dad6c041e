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

void skeleton_read(struct skeleton *skeleton, const uint8_t *fine, size_t len, size_t letters_max)
{
	static const bool runs_are_one[32] = {[GLYPH_ARCH] = true, [GLYPH_NOTCH] = true};
	struct skeleton read = *skeleton;

	/* Nothing foretells which letters count, so that the loop's end is its only branch. */
	for (; read.octets < len && read.letters < letters_max; read.octets++) {
		const uint8_t letter = glyph_skeleton[fine[read.octets]];
		const bool counts =
		    (letter != GLYPH_SKIP) & !((letter == read.last) & runs_are_one[letter]);

		read.hash = counts ? hash_step(read.hash, letter) : read.hash;
		read.last = counts ? letter : read.last;
		read.letters += counts;
	}
	*skeleton = read;
}
