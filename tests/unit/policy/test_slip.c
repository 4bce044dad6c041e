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
	    cmocka_unit_test(test_letters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
