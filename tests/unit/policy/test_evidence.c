/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int points_of(unsigned evidence)
{
	return evidence_points((evidence_set)1 << evidence);
}

static void test_every_row_has_a_reason(void **state)
{
	(void)state;
	for (unsigned i = 0; i < EVIDENCE_COUNT; i++) {
		const char *reason = evidence_reason((enum evidence)i);

		assert_non_null(reason);
		assert_true(strlen(reason) > 8);
		assert_in_range(points_of(i) + 100, 0, 200);
		for (unsigned j = 0; j < i; j++) {
			assert_string_not_equal(evidence_reason((enum evidence)j), reason);
		}
	}
}

static void test_points_are_summed(void **state)
{
	(void)state;
	evidence_set all = 0;
	int sum = 0;

	assert_int_equal(evidence_points(0), 0);
	for (unsigned i = 0; i < EVIDENCE_COUNT; i++) {
		assert_false(evidence_has(all, (enum evidence)i));
		evidence_add(&all, (enum evidence)i);
		assert_true(evidence_has(all, (enum evidence)i));
		sum += points_of(i);
		assert_int_equal(evidence_points(all), sum);
	}
}

/* The longer a token, the more its letters count. */
static void test_lengths(void **state)
{
	(void)state;
	assert_int_equal(evidence_of_length(2), EVIDENCE_LETTERS_2);
	assert_int_equal(evidence_of_length(7), EVIDENCE_LETTERS_7);
	for (unsigned len = 8; len <= 63; len++) {
		assert_int_equal(evidence_of_length(len), EVIDENCE_LETTERS_8);
	}
	for (unsigned len = 3; len <= 8; len++) {
		assert_true(points_of(evidence_of_length(len)) >
			    points_of(evidence_of_length(len - 1)));
	}
}

static void test_thresholds(void **state)
{
	(void)state;
	enum confidence confidence, last = CONFIDENCE_LOW;

	for (int points = -200; points <= 400; points++) {
		bool found = evidence_confidence(points, &confidence);

		assert_int_equal(found, points >= evidence_least_points(CONFIDENCE_LOW));
		if (!found) {
			continue;
		}
		assert_true(confidence >= last);
		assert_true(points >= evidence_least_points(confidence));
		assert_true(confidence == CONFIDENCE_HIGH ||
			    points < evidence_least_points(confidence + 1));
		last = confidence;
	}
	assert_int_equal(last, CONFIDENCE_HIGH);
}

static void test_suffixes(void **state)
{
	(void)state;
	assert_true(suffix_is_cheap("top"));
	assert_false(suffix_is_cheap("com"));
	assert_false(suffix_is_cheap(""));
	assert_true(suffix_is_national("com.vn"));
	assert_true(suffix_is_national("de"));
	assert_false(suffix_is_national("com"));
	assert_false(suffix_is_national("top"));
}

static char *read_document(void)
{
	FILE *file = fopen(DETECTION_DOCUMENT, "r");
	char *text = calloc(1, 65536);

	assert_non_null(file);
	assert_non_null(text);
	assert_in_range(fread(text, 1, 65535, file), 1, 65534);
	fclose(file);
	return text;
}

/* docs/detection.md shows each row, in order, with the points that the code has, and no other. */
static void test_document(void **state)
{
	(void)state;
	char *text = read_document();
	const char *at = strstr(text, "| Evidence | Points | Why |\n| --- | ---: | --- |\n");
	char cells[256];

	assert_non_null(at);
	at = strchr(strchr(at, '\n') + 1, '\n') + 1;
	for (unsigned i = 0; i < EVIDENCE_COUNT; i++) {
		const char *end = strchr(at, '\n');
		size_t len = (size_t)snprintf(cells, sizeof(cells), " | %+d | %s |", points_of(i),
					      evidence_reason((enum evidence)i));

		assert_non_null(end);
		if ((size_t)(end - at) <= len || memcmp(end - len, cells, len) != 0) {
			fail_msg("docs/detection.md: the row \"%.*s\" should end in \"%s\"",
				 (int)(end - at), at, cells);
		}
		at = end + 1;
	}
	assert_int_not_equal(*at, '|');
	for (unsigned i = 0; i < CONFIDENCE_COUNT; i++) {
		snprintf(cells, sizeof(cells), "| %s | %d |", confidence_text((enum confidence)i),
			 evidence_least_points((enum confidence)i));
		if (strstr(text, cells) == NULL) {
			fail_msg("docs/detection.md lacks \"%s\"", cells);
		}
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_row_has_a_reason),
	    cmocka_unit_test(test_points_are_summed),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_thresholds),
	    cmocka_unit_test(test_suffixes),
	    cmocka_unit_test(test_document),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
