/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/confusables.h"

#include <stddef.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <unicode/uvernum.h>

static void expect(uint32_t code_point, const char *ascii, enum confusable_kind kind)
{
	struct confusable found = confusable_of(code_point);
	char text[4] = {found.ascii[0], found.ascii[1], found.ascii[2], '\0'};

	assert_string_equal(text, ascii);
	assert_int_equal(found.kind, kind);
}

static void test_ascii_is_itself(void **state)
{
	(void)state;
	for (uint32_t c = 'a'; c <= 'z'; c++) {
		const char text[] = {(char)c, '\0'};

		expect(c, text, CONFUSABLE_SELF);
		expect(c - 'a' + 'A', text, CONFUSABLE_SELF);
	}
	for (uint32_t c = '0'; c <= '9'; c++) {
		const char text[] = {(char)c, '\0'};

		expect(c, text, CONFUSABLE_SELF);
	}
	expect('/', "", CONFUSABLE_NONE);
	expect(0, "", CONFUSABLE_NONE);
}

static void test_vietnamese(void **state)
{
	(void)state;
	expect(0x0103, "a", CONFUSABLE_VIETNAMESE); /* ă */
	expect(0x0111, "d", CONFUSABLE_VIETNAMESE); /* đ */
	expect(0x0110, "d", CONFUSABLE_VIETNAMESE); /* Đ */
	expect(0x01a1, "o", CONFUSABLE_VIETNAMESE); /* ơ */
	expect(0x01b0, "u", CONFUSABLE_VIETNAMESE); /* ư */
	expect(0x1ed9, "o", CONFUSABLE_VIETNAMESE); /* ộ */
	expect(0x1ef9, "y", CONFUSABLE_VIETNAMESE); /* ỹ */
	expect(0x1ed8, "o", CONFUSABLE_VIETNAMESE); /* Ộ */
	expect(0x00e4, "a", CONFUSABLE_LOOKALIKE);  /* ä is not of Vietnamese */
	expect(0x010d, "c", CONFUSABLE_LOOKALIKE);  /* nor is č */
}

static void test_lookalikes(void **state)
{
	(void)state;
	expect(0x0430, "a", CONFUSABLE_LOOKALIKE);  /* Cyrillic а */
	expect(0x0440, "p", CONFUSABLE_LOOKALIKE);  /* Cyrillic р */
	expect(0x04cf, "i", CONFUSABLE_LOOKALIKE);  /* Cyrillic palochka */
	expect(0x043c, "m", CONFUSABLE_LOOKALIKE);  /* Cyrillic м */
	expect(0x03bf, "o", CONFUSABLE_LOOKALIKE);  /* Greek omicron */
	expect(0x0131, "i", CONFUSABLE_LOOKALIKE);  /* dotless i */
	expect(0x1d0d, "m", CONFUSABLE_LOOKALIKE);  /* small capital m */
	expect(0xfb01, "fi", CONFUSABLE_LOOKALIKE); /* ligature */
	expect(0x0117, "e", CONFUSABLE_LOOKALIKE);  /* ė */
}

static void test_others(void **state)
{
	(void)state;
	expect(0x0301, "", CONFUSABLE_INVISIBLE); /* combining acute */
	expect(0x200d, "", CONFUSABLE_INVISIBLE); /* joiner */
	expect(0x00ad, "", CONFUSABLE_INVISIBLE); /* soft hyphen */
	expect(0x4e2d, "", CONFUSABLE_NONE);      /* Han */
	expect(0x05d0, "", CONFUSABLE_NONE);      /* Hebrew alef */
	expect(0x10ffff, "", CONFUSABLE_NONE);
	expect(0x20000, "", CONFUSABLE_NONE);
	expect(0x110000, "", CONFUSABLE_NONE); /* no code point */
}

/* Whatever the character: lower case letters and digits, padded with NUL, or nothing. */
static void test_every_character(void **state)
{
	(void)state;
	for (uint32_t c = 0x80; c < 0x110000; c++) {
		struct confusable found = confusable_of(c);
		bool ended = false;

		for (size_t i = 0; i < sizeof(found.ascii); i++) {
			char letter = found.ascii[i];

			ended = ended || letter == '\0';
			assert_true(letter == '\0' ||
				    (!ended && ((letter >= 'a' && letter <= 'z') ||
						(letter >= '0' && letter <= '9'))));
		}
		assert_int_equal(found.ascii[0] != '\0', found.kind == CONFUSABLE_VIETNAMESE ||
							     found.kind == CONFUSABLE_LOOKALIKE);
	}
}

/* The table is the build's: a program with a later ICU still judges by it, and says which it was.
 */
static void test_icu_version(void **state)
{
	(void)state;
	print_message("the table was made with ICU %s\n", confusables_icu_version());
	assert_string_equal(confusables_icu_version(), U_ICU_VERSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ascii_is_itself), cmocka_unit_test(test_vietnamese),
	    cmocka_unit_test(test_lookalikes),      cmocka_unit_test(test_others),
	    cmocka_unit_test(test_every_character), cmocka_unit_test(test_icu_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
