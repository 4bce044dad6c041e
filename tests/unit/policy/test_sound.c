/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that are said alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "policy/name/sound.h"

static bool has(const char *seen, const char *meant)
{
	size_t count;
	const struct sound *all = sounds(&count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(all[i].seen, seen) == 0 && strcmp(all[i].meant, meant) == 0) {
			return true;
		}
	}
	return false;
}

static void test_both_ways(void **state)
{
	(void)state;
	size_t count;
	const struct sound *all = sounds(&count);

	assert_true(count > 20);
	assert_true(has("ph", "f"));
	assert_true(has("tr", "ch"));
	assert_false(has("m", "n"));
	for (size_t i = 0; i < count; i++) {
		assert_true(has(all[i].meant, all[i].seen));
		/* or else the alignment would never come to it */
		assert_int_not_equal(all[i].seen[0], all[i].meant[0]);
	}
}

/* The beginnings are those of the table. */
static void test_beginnings(void **state)
{
	(void)state;
	size_t count;
	const struct sound *all = sounds(&count);

	for (char seen = 'a'; seen <= 'z'; seen++) {
		for (char meant = 'a'; meant <= 'z'; meant++) {
			bool begins = false;

			for (size_t i = 0; i < count; i++) {
				begins =
				    begins || (all[i].seen[0] == seen && all[i].meant[0] == meant);
			}
			assert_int_equal(sound_begins(seen, meant), begins);
		}
	}
	assert_false(sound_begins('-', 'c'));
	assert_false(sound_begins('c', '?'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_both_ways),
	    cmocka_unit_test(test_beginnings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
