/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/punycode.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* RFC 3492 section 7.1, (A) to (S) but for those that only repeat a script. */
static const struct {
	const char *encoded;
	size_t count;
	uint32_t code_points[64];
} samples[] = {
    {"egbpdaj6bu4bxfgehfvwxn",
     17,
     {0x0644, 0x064a, 0x0647, 0x0645, 0x0627, 0x0628, 0x062a, 0x0643, 0x0644, 0x0645, 0x0648,
      0x0634, 0x0639, 0x0631, 0x0628, 0x064a, 0x061f}},
    {"ihqwcrb4cv8a8dqg056pqjye",
     9,
     {0x4ed6, 0x4eec, 0x4e3a, 0x4ec0, 0x4e48, 0x4e0d, 0x8bf4, 0x4e2d, 0x6587}},
    {"ihqwctvzc91f659drss3x8bo0yb",
     9,
     {0x4ed6, 0x5011, 0x7232, 0x4ec0, 0x9ebd, 0x4e0d, 0x8aaa, 0x4e2d, 0x6587}},
    {"Proprostnemluvesky-uyb24dma41a", 22, {'P',    'r',    'o', 0x010d, 'p', 'r', 'o', 's',
					    't',    0x011b, 'n', 'e',    'm', 'l', 'u', 'v',
					    0x00ed, 0x010d, 'e', 's',    'k', 'y'}},
    {"4dbcagdahymbxekheh6e0a7fei0b",
     22,
     {0x05dc, 0x05de, 0x05d4, 0x05d4, 0x05dd, 0x05e4, 0x05e9, 0x05d5, 0x05d8, 0x05dc, 0x05d0,
      0x05de, 0x05d3, 0x05d1, 0x05e8, 0x05d9, 0x05dd, 0x05e2, 0x05d1, 0x05e8, 0x05d9, 0x05ea}},
    {"b1abfaaepdrnnbgefbadotcwatmq2g4l",
     28,
     {0x043f, 0x043e, 0x0447, 0x0435, 0x043c, 0x0443, 0x0436, 0x0435, 0x043e, 0x043d,
      0x0438, 0x043d, 0x0435, 0x0433, 0x043e, 0x0432, 0x043e, 0x0440, 0x044f, 0x0442,
      0x043f, 0x043e, 0x0440, 0x0443, 0x0441, 0x0441, 0x043a, 0x0438}},
    {"TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g",
     31,
     {'T', 0x1ea1, 'i',    's', 'a',    'o', 'h', 0x1ecd, 'k', 'h',    0x00f4,
      'n', 'g',    't',    'h', 0x1ec3, 'c', 'h', 0x1ec9, 'n', 0x00f3, 'i',
      't', 'i',    0x1ebf, 'n', 'g',    'V', 'i', 0x1ec7, 't'}},
    {"3B-ww4c5e180e575a65lsy2b", 8, {'3', 0x5e74, 'B', 0x7d44, 0x91d1, 0x516b, 0x5148, 0x751f}},
    {"-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n",
     24,
     {0x5b89, 0x5ba4, 0x5948, 0x7f8e, 0x6075, '-', 'w', 'i', 't', 'h', '-', 'S',
      'U',    'P',    'E',    'R',    '-',    'M', 'O', 'N', 'K', 'E', 'Y', 'S'}},
    {"Hello-Another-Way--fc4qua05auwb3674vfr0b",
     25,
     {'H', 'e', 'l', 'l', 'o', '-',    'A',    'n',    'o',    't',    'h',    'e',   'r',
      '-', 'W', 'a', 'y', '-', 0x305d, 0x308c, 0x305e, 0x308c, 0x306e, 0x5834, 0x6240}},
    {"MajiKoi5-783gue6qz075azm5e",
     13,
     {'M', 'a', 'j', 'i', 0x3067, 'K', 'o', 'i', 0x3059, 0x308b, '5', 0x79d2, 0x524d}},
    {"de-jg4avhby1noc0d", 9, {0x30d1, 0x30d5, 0x30a3, 0x30fc, 'd', 'e', 0x30eb, 0x30f3, 0x30d0}},
    {"d9juau41awczczp", 7, {0x305d, 0x306e, 0x30b9, 0x30d4, 0x30fc, 0x30c9, 0x3067}},
    {"-> $1.00 <--", 11, {'-', '>', ' ', '$', '1', '.', '0', '0', ' ', '<', '-'}},
};

#define SAMPLE_COUNT (sizeof(samples) / sizeof(samples[0]))

static void test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		size_t len = strlen(samples[i].encoded);
		uint32_t decoded[64];
		char encoded[64];

		assert_int_equal(punycode_decode(samples[i].encoded, len, decoded, 64),
				 samples[i].count);
		assert_memory_equal(decoded, samples[i].code_points,
				    samples[i].count * sizeof(*decoded));
		assert_int_equal(
		    punycode_encode(samples[i].code_points, samples[i].count, encoded, 64), len);
		assert_memory_equal(encoded, samples[i].encoded, len);
	}
}

/* Digits may be in either case (RFC 3492 section 5). */
static void test_case_of_digits(void **state)
{
	(void)state;
	uint32_t lower[8], upper[8];

	assert_int_equal(punycode_decode("d9juau41awczczp", 15, lower, 8), 7);
	assert_int_equal(punycode_decode("D9JUAU41AWCZCZP", 15, upper, 8), 7);
	assert_memory_equal(lower, upper, 7 * sizeof(*lower));
}

/* A buffer of just the size is enough, one less never is. */
static void test_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		size_t len = strlen(samples[i].encoded), count = samples[i].count;
		uint32_t *decoded = malloc(count * sizeof(*decoded));
		char *encoded = malloc(len);

		assert_non_null(decoded);
		assert_non_null(encoded);
		assert_int_equal(punycode_decode(samples[i].encoded, len, decoded, count), count);
		assert_int_equal(punycode_decode(samples[i].encoded, len, decoded, count - 1), 0);
		assert_int_equal(punycode_encode(samples[i].code_points, count, encoded, len), len);
		for (size_t size = 0; size < len; size++) {
			assert_int_equal(
			    punycode_encode(samples[i].code_points, count, encoded, size), 0);
		}
		free(decoded);
		free(encoded);
	}
}

static void test_bad(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "",                     /* nothing */
	    "ls8h=",                /* no digit */
	    "a-!",                  /* likewise */
	    "9",                    /* an integer that does not end */
	    "a-99",                 /* likewise */
	    "99999999999999999999", /* more than 32 bits */
	    "a-zzzzzzzzzzzzzzzzzzzz",
	    "pz902716abachtqlkf2ct", /* U+100000061, which 32 bits cannot hold */
	    "999999b",               /* beyond U+10FFFF (RFC 3492 section 6.4) */
	};
	uint32_t out[64];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(punycode_decode(bad[i], strlen(bad[i]), out, 64), 0);
	}
}

/* A surrogate is no code point: U+D800 by itself, encoded as any other would be. */
static void test_surrogates(void **state)
{
	(void)state;
	static const uint32_t around[] = {0xd7ff, 0xd800, 0xdfff, 0xe000};
	static const size_t counts[] = {1, 0, 0, 1};

	for (size_t i = 0; i < 4; i++) {
		char encoded[16];
		uint32_t decoded[4];
		size_t len = punycode_encode(&around[i], 1, encoded, sizeof(encoded));

		assert_int_not_equal(len, 0);
		assert_int_equal(punycode_decode(encoded, len, decoded, 4), counts[i]);
	}
}

static void test_too_many_to_encode(void **state)
{
	(void)state;
	uint32_t code_points[64];
	char out[512];

	for (size_t i = 0; i < 64; i++) {
		code_points[i] = 0x10ffff;
	}
	assert_int_equal(punycode_encode(code_points, 64, out, sizeof(out)), 0);
	assert_int_not_equal(punycode_encode(code_points, 63, out, sizeof(out)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_samples),    cmocka_unit_test(test_case_of_digits),
	    cmocka_unit_test(test_sizes),      cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_surrogates), cmocka_unit_test(test_too_many_to_encode),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
