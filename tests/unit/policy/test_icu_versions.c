/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the version of ICU that truegate is built with changes: Debian 12 has 72 (Unicode 15.0),
 * Debian 13 has 76 (Unicode 16.0). Characters that a version does not know are like no letter in
 * it.
 */
#include "judging.h"
#include "policy/name/confusables.h"

/* The first version whose table has the rows below. Which came in 73 to 75 was not looked up. */
#define LATER 76
#define EARLIER 72

/* Each character from first to last; letters[i] is what the one at first + i is taken for. Without
 * letters: marks. */
static const struct difference {
	uint32_t first, last;
	const char *letters;
} differences[] = {
    {0x0897, 0x0897, NULL},
    {0xa7cc, 0xa7cd, "ss"}, /* S with diagonal stroke */
    {0x10d69, 0x10d6d, NULL},
    {0x10efc, 0x10efc, NULL},
    {0x113b8, 0x113c0, NULL},
    {0x113c2, 0x113c2, NULL},
    {0x113c5, 0x113c5, NULL},
    {0x113c7, 0x113ca, NULL},
    {0x113cc, 0x113d0, NULL},
    {0x113d2, 0x113d2, NULL},
    {0x113e1, 0x113e2, NULL},
    {0x11f5a, 0x11f5a, NULL},
    {0x1611e, 0x1612f, NULL},
    {0x1ccd6, 0x1ccf9, "abcdefghljklmnopqrstuvwxyzol23456789"}, /* outlined letters, digits */
    {0x1e5ee, 0x1e5ef, NULL},
};

static long version(void)
{
	return strtol(confusables_icu_version(), NULL, 10);
}

static const struct difference *difference_of(uint32_t code_point)
{
	for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++) {
		if (code_point >= differences[i].first && code_point <= differences[i].last) {
			return &differences[i];
		}
	}
	return NULL;
}

static void test_rows_that_differ(void **state)
{
	bool later = version() >= LATER;

	(void)state;
	if (version() > EARLIER && !later) {
		skip();
	}
	for (uint32_t c = 0x80; c < CONFUSABLES_END; c++) {
		const struct difference *row = difference_of(c);
		struct confusable found = confusable_of(c);

		if (row == NULL) {
			continue;
		}
		if (!later) {
			assert_int_equal(found.kind, CONFUSABLE_NONE);
		} else if (row->letters == NULL) {
			assert_int_equal(found.kind, CONFUSABLE_INVISIBLE);
		} else {
			assert_int_equal(found.kind, CONFUSABLE_LOOKALIKE);
			assert_int_equal(found.ascii[0], row->letters[c - row->first]);
			assert_int_equal(found.ascii[1], '\0');
		}
	}
}

/* All others are the same under both: one digest (FNV-1a). A change of ours to the table changes
 * it; then both versions must be looked at. */
static void test_all_others_are_the_same(void **state)
{
	uint64_t digest = 14695981039346656037U;

	(void)state;
	if (version() != EARLIER && version() != LATER) {
		skip();
	}
	for (uint32_t c = 0x80; c < CONFUSABLES_END; c++) {
		struct confusable found = confusable_of(c);

		if (difference_of(c) != NULL) {
			continue;
		}
		for (size_t i = 0; i < sizeof(found.ascii); i++) {
			digest = (digest ^ (unsigned char)found.ascii[i]) * 1099511628211U;
		}
		digest = (digest ^ found.kind) * 1099511628211U;
	}
	print_message("digest of the rows: 0x%016llx\n", (unsigned long long)digest);
	assert_true(digest == 0x965164da5d59f52aU);
}

/* So a finding differs: a letter of Unicode 16 in the place of an s is one by its look from ICU 76
 * on; before, it is some letter that stands where another belongs. */
static void test_finding_that_differs(void **state)
{
	struct finding found = {0};

	(void)state;
	judging =
	    judging_new("version = 1; contact = \"it@office.example\";\n"
			"actions = { high = \"block\"; medium = \"warn\"; low = \"observe\"; };\n"
			"sites = ( { name = \"Shopee\"; domains = [ \"shopee.vn\" ]; } );\n");
	assert_int_equal(judging_of(&judging, "xn--hopee-e13s.vn", &found), JUDGE_FOUND);
	assert_string_equal(found.imitates, "shopee.vn");
	if (version() >= LATER) {
		assert_int_equal(found.technique, TECHNIQUE_HOMOGLYPH);
		assert_int_equal(found.confidence, CONFIDENCE_HIGH);
	} else if (version() <= EARLIER) {
		assert_int_equal(found.technique, TECHNIQUE_TYPO);
		assert_int_equal(found.confidence, CONFIDENCE_LOW);
	}
	judging_free(&judging);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows_that_differ),
	    cmocka_unit_test(test_all_others_are_the_same),
	    cmocka_unit_test(test_finding_that_differs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
