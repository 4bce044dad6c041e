/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether letters are a token's but for a slip or two: one put in, left out, changed, or swapped
 * with its neighbour. All letters are fine ones (glyph_fine()). Internal to policy/.
 */
#ifndef POLICY_ENGINE_SLIP_H
#define POLICY_ENGINE_SLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The letters that occur, 1 << letter each. */
uint32_t slip_letters(const uint8_t *letters, size_t len);

/* Whether a set of letters has so many at the most. */
static inline bool slip_letters_at_most(uint32_t letters, unsigned count)
{
	for (; count > 0; count--) {
		letters &= letters - 1; /* 0 stays 0 */
	}
	return letters == 0;
}

/* So many letters two slips may make differ at the most; and one slip lets so many be lacking. */
#define SLIP_LETTERS_OFF_MAX 4
#define SLIP_LETTERS_LACKING_MAX 1

/* How many letters are taken for the token's: a set, since "discorgift" is "discor" or "discorg"
 * and something else. */
#define SLIP_ONE_LESS 1U
#define SLIP_AS_MANY 2U
#define SLIP_ONE_MORE 4U

/*
 * In how many letters at the beginning of `seen` the token is there but for one slip; 0 for none,
 * and where it is there as it is. Its first letter is never the one that slipped.
 */
unsigned slip_in_front(const uint8_t *seen, size_t seen_len, const uint8_t *meant,
		       size_t meant_len);

/* Whether all of `seen` is the token but for one slip at the most, letter for letter. Here, for it
 * is asked several times of each name. */
static inline bool slip_at_most_one(const uint8_t *seen, size_t seen_len, const uint8_t *meant,
				    size_t meant_len)
{
	const size_t shorter = seen_len < meant_len ? seen_len : meant_len;
	const size_t longer = seen_len > meant_len ? seen_len : meant_len;
	size_t same = 0, same_behind = 0;

	if (longer - shorter > 1) {
		return false;
	}
	while (same < shorter && seen[same] == meant[same]) {
		same++;
	}
	while (same + same_behind < shorter &&
	       seen[seen_len - 1 - same_behind] == meant[meant_len - 1 - same_behind]) {
		same_behind++;
	}
	const size_t left = longer - same - same_behind;

	return left <= 1 || (left == 2 && seen_len == meant_len && seen[same] == meant[same + 1] &&
			     seen[same + 1] == meant[same]);
}

/*
 * Whether all of `seen` is the token but for at most so many slips, groups of letters that look
 * alike being the same. Takes four times as long with each slip: three at the most.
 */
bool slip_whole(const uint8_t *seen, size_t seen_len, const uint8_t *meant, size_t meant_len,
		unsigned slips);

#endif
