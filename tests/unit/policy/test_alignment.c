/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/alignment.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "policy/name/confusables.h"
#include "policy/name/glyph.h"

static struct aligner aligner;
static struct name name;

/* Aligns a name of one label. */
static bool align_label(const char *label, const char *token, struct alignment *out)
{
	assert_true(name_parse(label, strlen(label), &name));
	return align(&aligner, &name, 0, name.element_count, token, out);
}

static void test_same(void **state)
{
	(void)state;
	struct alignment out;

	assert_true(align_label("vietcombank", "vietcombank", &out));
	assert_int_equal(out.edit_count, 0);
	assert_int_equal(out.kinds, 0);
	assert_true(align_label("viet-com-bank", "vietcombank", &out));
	assert_int_equal(out.edit_count, 0);
	assert_true(align_label("deutschebank", "deutsche-bank", &out));
	assert_int_equal(out.edit_count, 0);
}

/* Each kind of edit alone, with where it stands. */
static void test_each_kind(void **state)
{
	(void)state;
	static const struct {
		const char *seen, *token;
		enum edit_kind kind;
		size_t at, seen_len, meant, meant_len;
	} cases[] = {
	    {"vi\xe1\xbb\x87tcombank", "vietcombank", EDIT_VIETNAMESE, 2, 1, 2, 1}, /* ệ */
	    {"\xd0\xb0pple", "apple", EDIT_SCRIPT, 0, 1, 0, 1},                     /* Cyrillic а */
	    {"vietc0mbank", "vietcombank", EDIT_DIGIT, 5, 1, 5, 1},
	    {"paypa1", "paypal", EDIT_DIGIT, 5, 1, 5, 1},
	    {"paypai", "paypal", EDIT_LETTER, 5, 1, 5, 1},
	    {"vietcornbank", "vietcombank", EDIT_LETTER, 6, 2, 6, 1},
	    {"vvikipedia", "wikipedia", EDIT_LETTER, 0, 2, 0, 1},
	    {"clell", "dell", EDIT_LETTER, 0, 2, 0, 1},
	    {"leamworld", "learnworld", EDIT_LETTER, 3, 1, 3, 2},
	    {"facedook", "facebook", EDIT_WEAK_LOOKALIKE, 4, 1, 4, 1},
	    {"gooogle", "google", EDIT_REPETITION, 3, 1, 3, 0},
	    {"vietcomank", "vietcombank", EDIT_OMISSION, 7, 0, 7, 1},
	    {"vietcomban", "vietcombank", EDIT_OMISSION, 9, 0, 10, 1},
	    {"veitcombank", "vietcombank", EDIT_TRANSPOSITION, 1, 2, 1, 2},
	    {"vietcombsnk", "vietcombank", EDIT_NEIGHBOUR_KEY, 8, 1, 8, 1},
	    {"vietcomvbank", "vietcombank", EDIT_EXTRA_KEY, 7, 1, 7, 0},
	    {"vietcombenk", "vietcombank", EDIT_VOWEL, 8, 1, 8, 1},
	    {"vietcombankx", "vietcombank", EDIT_APPENDED, 11, 1, 11, 0},
	    {"vietcombanc", "vietcombank", EDIT_SOUND, 10, 1, 10, 1},
	    {"vietbombank", "vietcombank", EDIT_BIT, 4, 1, 4, 1},
	    {"vietcoqmbank", "vietcombank", EDIT_INSERTION, 6, 1, 6, 0},
	    {"vietcompank", "vietcombank", EDIT_SUBSTITUTION, 7, 1, 7, 1},
	};
	unsigned kinds = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct alignment out;

		assert_true(align_label(cases[i].seen, cases[i].token, &out));
		assert_int_equal(out.edit_count, 1);
		assert_int_equal(out.edits[0].kind, cases[i].kind);
		assert_int_equal(out.kinds, 1u << cases[i].kind);
		assert_int_equal(out.edits[0].seen_len, cases[i].seen_len);
		assert_int_equal(out.edits[0].meant_len, cases[i].meant_len);
		assert_int_equal(out.edits[0].seen, cases[i].at);
		assert_int_equal(out.edits[0].meant, cases[i].meant);
		assert_int_equal(out.slips, cases[i].kind >= EDIT_REPETITION ? 1 : 0);
		assert_int_equal(out.glances, cases[i].kind == EDIT_WEAK_LOOKALIKE ? 1 : 0);
		kinds |= out.kinds;
	}
	assert_int_equal(kinds, (1u << EDIT_KIND_COUNT) - 1);
}

/* Several, in the order of the name; the place in the token counts its hyphens. */
static void test_several(void **state)
{
	(void)state;
	struct alignment out;

	assert_true(align_label("v1etc0mbamk", "vietcombank", &out));
	assert_int_equal(out.edit_count, 3);
	assert_int_equal(out.edits[0].seen, 1);
	assert_int_equal(out.edits[1].seen, 5);
	assert_int_equal(out.edits[2].kind, EDIT_WEAK_LOOKALIKE);
	assert_true(align_label("deutscheb4nk", "deutsche-bank", &out));
	assert_int_equal(out.edits[0].meant, 10);
	assert_true(align_label("facedookdet", "facebookbet", &out));
	assert_int_equal(out.edit_count, 2);
	assert_int_equal(out.glances, 1); /* the same pair twice is one */
}

static void test_too_different(void **state)
{
	(void)state;
	struct alignment out;

	assert_false(align_label("zzzzzz", "google", &out));
	assert_false(align_label("a", "vietcombank", &out));
	assert_false(align_label("--", "vietcombank", &out));
	assert_true(name_parse("example", 7, &name));
	assert_false(align(&aligner, &name, 3, 3, "abc", &out));
}

/* The longest label against the longest token, and elements beyond what a token can be. */
static void test_longest(void **state)
{
	(void)state;
	char label[64] = {0}, host[254] = {0};
	struct alignment out;

	memset(label, 'o', 63);
	assert_true(align_label(label, label, &out));
	label[62] = '0';
	assert_true(name_parse(label, 63, &name));
	label[62] = 'o';
	assert_true(align(&aligner, &name, 0, 63, label, &out));
	assert_int_equal(out.kinds, 1u << EDIT_DIGIT);
	for (size_t i = 0; i < 253; i++) {
		host[i] = i % 64 == 63 ? '.' : 'o';
	}
	assert_true(name_parse(host, 253, &name));
	assert_false(align(&aligner, &name, 0, name.element_count, label, &out));
	for (size_t i = 0; i < 63; i++) {
		host[i] = '0';
	}
	host[63] = '\0';
	assert_false(align_label(host, label, &out)); /* more changes than are kept */
}

static int ready(void **state)
{
	(void)state;
	return glyph_ready() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same),    cmocka_unit_test(test_each_kind),
	    cmocka_unit_test(test_several), cmocka_unit_test(test_too_different),
	    cmocka_unit_test(test_longest),
	};
	return cmocka_run_group_tests(tests, ready, NULL);
}
