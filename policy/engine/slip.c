/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/slip.h"

#include <string.h>

#include "policy/name/glyph.h"

uint32_t slip_letters(const uint8_t *letters, size_t len)
{
	uint32_t set = 0;

	for (size_t i = 0; i < len; i++) {
		set |= UINT32_C(1) << letters[i];
	}
	return set;
}

/* "nn" passes for m. */
static bool is_double_n(uint8_t meant, const uint8_t *seen, size_t len)
{
	return meant == 'm' - 'a' && len >= 2 && seen[0] == 'n' - 'a' && seen[1] == 'n' - 'a';
}

/* Whether the rest of a token stands at place `at`. */
static bool rest_is(const uint8_t *seen, size_t seen_len, size_t at, const uint8_t *rest,
		    size_t len)
{
	return at + len <= seen_len && memcmp(seen + at, rest, len) == 0;
}

unsigned slip_in_front(const uint8_t *seen, size_t seen_len, const uint8_t *meant, size_t meant_len)
{
	unsigned lengths = 0;
	size_t same = 0;

	while (same < seen_len && same < meant_len && seen[same] == meant[same]) {
		same++;
	}
	if (same == 0 || same == meant_len) {
		return 0;
	}
	const uint8_t *rest = meant + same;
	const size_t left = meant_len - same;

	if (rest_is(seen, seen_len, same + 1, rest + 1, left - 1) ||
	    (left >= 2 && same + 1 < seen_len && seen[same] == rest[1] &&
	     seen[same + 1] == rest[0] && rest_is(seen, seen_len, same + 2, rest + 2, left - 2))) {
		lengths |= SLIP_AS_MANY;
	}
	if (rest_is(seen, seen_len, same + 1, rest, left) ||
	    (is_double_n(rest[0], seen + same, seen_len - same) &&
	     rest_is(seen, seen_len, same + 2, rest + 1, left - 1))) {
		lengths |= SLIP_ONE_MORE;
	}
	if (rest_is(seen, seen_len, same, rest + 1, left - 1)) {
		lengths |= SLIP_ONE_LESS;
	}
	return lengths;
}

/* The letter is spelled as those two ("rn" for m). */
static bool is_spelled(uint8_t letter, const uint8_t *two, size_t len)
{
	uint8_t letters[2];

	return len >= 2 && glyph_spell(letter, letters) == 2 && letters[0] == two[0] &&
	       letters[1] == two[1];
}

/* None of the letters is spelled as two. */
static bool is_spelled_as_is(const uint8_t *letters, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (glyph_spelling[letters[i]].second != 0) {
			return false;
		}
	}
	return true;
}

/* As slip_whole(), of letters that begin differently and are in no group; two slips at the most. */
static bool is_slips_apart(const uint8_t *seen, size_t seen_len, const uint8_t *meant,
			   size_t meant_len, unsigned slips)
{
	if (slips < 2) {
		return slips == 1 && slip_at_most_one(seen, seen_len, meant, meant_len);
	}
	return slip_at_most_one(seen + 1, seen_len - 1, meant + 1, meant_len - 1) ||
	       slip_at_most_one(seen + 1, seen_len - 1, meant, meant_len) ||
	       slip_at_most_one(seen, seen_len, meant + 1, meant_len - 1) ||
	       (seen_len >= 2 && meant_len >= 2 && seen[0] == meant[1] && seen[1] == meant[0] &&
		slip_at_most_one(seen + 2, seen_len - 2, meant + 2, meant_len - 2));
}

bool slip_whole(const uint8_t *seen, size_t seen_len, const uint8_t *meant, size_t meant_len,
		unsigned slips)
{
	while (seen_len > 0 && meant_len > 0 && *seen == *meant) {
		seen++, seen_len--;
		meant++, meant_len--;
	}
	if (seen_len == 0 || meant_len == 0) {
		return seen_len + meant_len <= slips;
	}
	if (slips <= 2 && is_spelled_as_is(seen, seen_len) && is_spelled_as_is(meant, meant_len)) {
		return is_slips_apart(seen, seen_len, meant, meant_len, slips);
	}
	if (((is_spelled(*meant, seen, seen_len) || is_double_n(*meant, seen, seen_len)) &&
	     slip_whole(seen + 2, seen_len - 2, meant + 1, meant_len - 1, slips)) ||
	    (is_spelled(*seen, meant, meant_len) &&
	     slip_whole(seen + 1, seen_len - 1, meant + 2, meant_len - 2, slips))) {
		return true;
	}
	if (slips == 0) {
		return false;
	}
	return slip_whole(seen + 1, seen_len - 1, meant + 1, meant_len - 1, slips - 1) ||
	       slip_whole(seen + 1, seen_len - 1, meant, meant_len, slips - 1) ||
	       slip_whole(seen, seen_len, meant + 1, meant_len - 1, slips - 1) ||
	       (seen_len >= 2 && meant_len >= 2 && seen[0] == meant[1] && seen[1] == meant[0] &&
		slip_whole(seen + 2, seen_len - 2, meant + 2, meant_len - 2, slips - 1));
}
