/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One slip at the beginning of letters, and two in all of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "policy/engine/slip.h"
#include "policy/name/glyph.h"
#include "tests/bench/seeded.h"

static size_t fold(const char *text, uint8_t *out)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		out[i] = glyph_fine(text[i]);
	}
	return len;
}

static void test_in_front(void **state)
{
	(void)state;
	static const struct {
		const char *seen, *meant;
		unsigned lengths;
	} rows[] = {
	    {"tolvekkogift", "tolvekko", 0}, /* as it is */
	    {"tolvkkogift", "tolvekko", SLIP_ONE_LESS},
	    {"tolveekkogift", "tolvekko", SLIP_ONE_MORE},
	    {"tolvrkkogift", "tolvekko", SLIP_AS_MANY},
	    {"tolevkkogift", "tolvekko", SLIP_AS_MANY},
	    {"tolvekkgift", "tolvekko", SLIP_ONE_LESS | SLIP_AS_MANY},
	    {"tolvekk", "tolvekko", SLIP_ONE_LESS},
	    {"tlovkekogift", "tolvekko", 0},
	    {"polvekkogift", "tolvekko", 0}, /* the first letter stays */
	    {"tol", "tolvekko", 0},
	    {"narivannagift", "narivama", SLIP_ONE_MORE}, /* nn passes for m */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t seen[64], meant[64];
		const size_t seen_len = fold(rows[i].seen, seen);
		const size_t meant_len = fold(rows[i].meant, meant);

		if (slip_in_front(seen, seen_len, meant, meant_len) != rows[i].lengths) {
			fail_msg("%s", rows[i].seen);
		}
	}
}

static void test_whole(void **state)
{
	(void)state;
	static const struct {
		const char *seen, *meant;
		unsigned slips; /* the fewest; 3: more than two */
	} rows[] = {
	    {"castelbrunn", "castelbrunn", 0}, {"castelburnn", "castelbrunn", 1},
	    {"castlbrunn", "castelbrunn", 1},  {"castlebruun", "castelbrunn", 2},
	    {"cstelbrun", "castelbrunn", 2},   {"cstelbru", "castelbrunn", 3},
	    {"arnivandora", "amivandora", 0},  {"annivandoro", "amivandora", 1},
	    {"amivanclora", "amivandora", 0},  {"arnivandra", "amivandora", 1},
	    {"ovverpane", "owerpane", 0},      {"1lvandora", "ilvandora", 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t seen[64], meant[64];
		const size_t seen_len = fold(rows[i].seen, seen);
		const size_t meant_len = fold(rows[i].meant, meant);

		for (unsigned slips = 0; slips <= 2; slips++) {
			if (slip_whole(seen, seen_len, meant, meant_len, slips) !=
			    (slips >= rows[i].slips)) {
				fail_msg("%s, %u", rows[i].seen, slips);
			}
		}
	}
}

static bool is_group(uint8_t letter, const uint8_t *two, size_t len)
{
	uint8_t spelled[2];

	return len >= 2 && glyph_spell(letter, spelled) == 2 && memcmp(spelled, two, 2) == 0;
}

/* What slip_whole() says it is, tried in every way. */
static bool is_apart(const uint8_t *seen, size_t seen_len, const uint8_t *meant, size_t meant_len,
		     unsigned slips)
{
	static const uint8_t double_n[] = {'n' - 'a', 'n' - 'a'};

	if (seen_len == 0 || meant_len == 0) {
		return seen_len + meant_len <= slips;
	}
	if (seen[0] == meant[0]) {
		return is_apart(seen + 1, seen_len - 1, meant + 1, meant_len - 1, slips);
	}
	if ((is_group(meant[0], seen, seen_len) ||
	     (meant[0] == 'm' - 'a' && seen_len >= 2 && memcmp(seen, double_n, 2) == 0)) &&
	    is_apart(seen + 2, seen_len - 2, meant + 1, meant_len - 1, slips)) {
		return true;
	}
	if (is_group(seen[0], meant, meant_len) &&
	    is_apart(seen + 1, seen_len - 1, meant + 2, meant_len - 2, slips)) {
		return true;
	}
	return slips > 0 &&
	       (is_apart(seen + 1, seen_len - 1, meant + 1, meant_len - 1, slips - 1) ||
		is_apart(seen + 1, seen_len - 1, meant, meant_len, slips - 1) ||
		is_apart(seen, seen_len, meant + 1, meant_len - 1, slips - 1) ||
		(seen_len >= 2 && meant_len >= 2 && seen[0] == meant[1] && seen[1] == meant[0] &&
		 is_apart(seen + 2, seen_len - 2, meant + 2, meant_len - 2, slips - 1)));
}

/* The short cuts for letters that are in no group change no answer. */
static void test_whole_of_random_letters(void **state)
{
	(void)state;
	static const char alphabet[] = "abcdlmnrvw";
	struct seeded random = {.state = 5};
	size_t apart = 0;

	for (size_t i = 0; i < 60000; i++) {
		/* few letters, so that many are near; every other time none of a group */
		const uint32_t letters = i % 2 == 0 ? 3 : sizeof(alphabet) - 1;
		uint8_t seen[8], meant[8];
		const size_t seen_len = 1 + seeded_below(&random, 8);
		const size_t meant_len = 1 + seeded_below(&random, 8);

		for (size_t j = 0; j < 8; j++) {
			seen[j] = glyph_fine(alphabet[seeded_below(&random, letters)]);
			meant[j] = j % 4 == 3 ? glyph_fine(alphabet[seeded_below(&random, letters)])
					      : seen[j];
		}
		for (unsigned slips = 0; slips <= 3; slips++) {
			const bool expected = is_apart(seen, seen_len, meant, meant_len, slips);

			assert_int_equal(slip_whole(seen, seen_len, meant, meant_len, slips),
					 expected);
			apart += expected;
		}
	}
	assert_in_range(apart, 60000, 180000);
}

static void test_at_most_one(void **state)
{
	(void)state;
	struct seeded random = {.state = 6};
	size_t near = 0;

	for (size_t i = 0; i < 60000; i++) {
		uint8_t seen[7], meant[7];
		const size_t seen_len = 1 + seeded_below(&random, 7);
		const size_t meant_len = 1 + seeded_below(&random, 7);

		/* letters of no group, so that a slip is all there is */
		for (size_t j = 0; j < 7; j++) {
			seen[j] = glyph_fine("aeo"[seeded_below(&random, 3)]);
			meant[j] =
			    j % 3 == 2 ? glyph_fine("aeo"[seeded_below(&random, 3)]) : seen[j];
		}
		const bool expected = is_apart(seen, seen_len, meant, meant_len, 1);

		assert_int_equal(slip_at_most_one(seen, seen_len, meant, meant_len), expected);
		near += expected;
	}
	assert_in_range(near, 5000, 55000);
}

static void test_letters(void **state)
{
	(void)state;
	uint8_t letters[64];

	assert_true(slip_letters(letters, fold("abca", letters)) == 7);
	assert_true(slip_letters_at_most(0, 0));
	assert_true(slip_letters_at_most(5, 2));
	assert_false(slip_letters_at_most(7, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_in_front),
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_whole_of_random_letters),
	    cmocka_unit_test(test_at_most_one),
	    cmocka_unit_test(test_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
