/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/glyph.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

static void test_likeness(void **state)
{
	(void)state;
	assert_int_equal(glyph_likeness('0', 'o'), LIKENESS_DIGIT);
	assert_int_equal(glyph_likeness('1', 'l'), LIKENESS_DIGIT);
	assert_int_equal(glyph_likeness('1', 'i'), LIKENESS_DIGIT);
	assert_int_equal(glyph_likeness('l', 'i'), LIKENESS_LETTER);
	assert_int_equal(glyph_likeness('b', 'd'), LIKENESS_WEAK);
	assert_int_equal(glyph_likeness('a', 'z'), LIKENESS_NONE);
	assert_int_equal(glyph_likeness('0', '1'), LIKENESS_NONE);
	for (const char *a = letters; *a != '\0'; a++) {
		for (const char *b = letters; *b != '\0'; b++) {
			assert_int_equal(glyph_likeness(*a, *b), glyph_likeness(*b, *a));
		}
	}
}

static void test_keys(void **state)
{
	(void)state;
	assert_true(keys_adjacent('a', 's'));
	assert_true(keys_adjacent('a', 'q'));
	assert_true(keys_adjacent('g', 'v'));
	assert_true(keys_adjacent('t', 'z')); /* QWERTZ */
	assert_true(keys_adjacent('a', 'z')); /* AZERTY */
	assert_true(keys_adjacent('q', '1'));
	assert_false(keys_adjacent('a', 'a'));
	assert_false(keys_adjacent('q', 'p'));
	assert_false(keys_adjacent('a', 'm'));
	assert_false(keys_adjacent('-', 'a'));
	assert_false(keys_adjacent('?', '\0'));
	for (const char *a = letters; *a != '\0'; a++) {
		for (const char *b = letters; *b != '\0'; b++) {
			assert_int_equal(keys_adjacent(*a, *b), keys_adjacent(*b, *a));
		}
	}
}

static void test_bits(void **state)
{
	(void)state;
	assert_true(one_bit_apart('a', 'c'));
	assert_true(one_bit_apart('o', 'g'));
	assert_true(one_bit_apart('o', 'n'));
	assert_false(one_bit_apart('a', 'a'));
	assert_false(one_bit_apart('a', 'd'));
}

static uint64_t spelled(const char *text)
{
	uint64_t code = 1;

	for (; *text != '\0'; text++) {
		uint8_t out[2];
		size_t count = glyph_spell(glyph_fine(*text), out);

		for (size_t i = 0; i < count; i++) {
			code = code << 5 | out[i];
		}
	}
	return code;
}

/* The index meets a digit and i, l, 1 only when both fold to the same letter. */
static void test_folding(void **state)
{
	(void)state;
	assert_int_equal(glyph_fine('0'), glyph_fine('o'));
	assert_int_equal(glyph_fine('i'), glyph_fine('l'));
	assert_int_equal(glyph_fine('1'), glyph_fine('l'));
	assert_int_equal(glyph_fine('5'), glyph_fine('s'));
	assert_int_not_equal(glyph_fine('a'), glyph_fine('b'));
	assert_int_equal(glyph_fine('?'), GLYPH_OTHER);
	assert_int_equal(glyph_fine('-'), GLYPH_OTHER);
	assert_int_equal(spelled("rn"), spelled("m"));
	assert_int_equal(spelled("vv"), spelled("w"));
	assert_int_equal(spelled("cl"), spelled("d"));
	assert_int_equal(spelled("c1"), spelled("d"));
	assert_int_not_equal(spelled("nr"), spelled("m"));
}

/* The skeleton of a text, as the index has it. */
static size_t skeleton(const char *text, uint8_t out[8])
{
	size_t count = 0;

	for (; *text != '\0'; text++) {
		uint8_t letter = glyph_skeleton[glyph_fine(*text)];

		if (letter == GLYPH_SKIP || (count > 0 && letter == out[count - 1] &&
					     (letter == GLYPH_ARCH || letter == GLYPH_NOTCH))) {
			continue;
		}
		out[count++] = letter;
	}
	return count;
}

static void expect_same_skeleton(const char *seen, const char *meant)
{
	uint8_t a[8], b[8];
	size_t count = skeleton(seen, a);

	assert_int_equal(skeleton(meant, b), count);
	assert_memory_equal(a, b, count);
}

/*
 * No pair or group that the alignment knows is out of the index's reach: all have one skeleton.
 * Those that stand for a digit, or that spelling out meets, need none.
 */
static void test_skeleton_covers_likeness(void **state)
{
	(void)state;
	size_t count;
	const struct glyph_group *groups = glyph_groups(&count);

	for (const char *a = letters; *a != '0'; a++) {
		for (const char *b = letters; *b != '0'; b++) {
			const char seen[] = {*a, '\0'}, meant[] = {*b, '\0'};

			if (glyph_likeness(*a, *b) != LIKENESS_NONE) {
				expect_same_skeleton(seen, meant);
			}
		}
	}
	assert_true(count > 0);
	for (size_t i = 0; i < count; i++) {
		if (spelled(groups[i].seen) != spelled(groups[i].meant) &&
		    groups[i].likeness == LIKENESS_LETTER) {
			expect_same_skeleton(groups[i].seen, groups[i].meant);
		}
		assert_true(strlen(groups[i].seen) <= 2 && strlen(groups[i].meant) <= 2);
	}
}

static int set_up(void **state)
{
	(void)state;
	return glyph_ready() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_likeness),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_bits),
	    cmocka_unit_test(test_folding),
	    cmocka_unit_test(test_skeleton_covers_likeness),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
