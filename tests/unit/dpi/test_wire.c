/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const uint8_t octets[] = {0x81, 0x02, 0x83, 0x04, 0x85};

static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(wire_u16(octets), 0x8102);
	assert_true(wire_u32(octets) == 0x81028304U);
	assert_true(wire_u32(octets + 1) == 0x02830485U);
}

/* Not seen by the compiler, which would warn of reads that are never done. */
static struct wire_cursor cursor_from(volatile const size_t *at)
{
	return (struct wire_cursor){octets + *at, octets + sizeof(octets)};
}

/* From each place, each read takes what is there, or nothing and stays. */
static void test_cursor_ends_where_the_octets_do(void **state)
{
	(void)state;
	for (size_t from = 0; from <= sizeof(octets); from++) {
		const size_t left = sizeof(octets) - from;
		const struct wire_cursor begin = cursor_from(&from);
		struct wire_cursor cursor = begin;
		const uint8_t *found;
		uint8_t u8 = 0;
		uint16_t u16 = 0;
		uint32_t u32 = 0;

		assert_int_equal(wire_left(&cursor), left);
		assert_int_equal(wire_read_u8(&cursor, &u8), left >= 1);
		assert_ptr_equal(cursor.at, begin.at + (left >= 1 ? 1 : 0));
		assert_int_equal(u8, left >= 1 ? octets[from] : 0);
		cursor = begin;
		assert_int_equal(wire_read_u16(&cursor, &u16), left >= 2);
		assert_ptr_equal(cursor.at, begin.at + (left >= 2 ? 2 : 0));
		assert_int_equal(u16, left >= 2 ? wire_u16(octets + from) : 0);
		cursor = begin;
		assert_int_equal(wire_read_u32(&cursor, &u32), left >= 4);
		assert_ptr_equal(cursor.at, begin.at + (left >= 4 ? 4 : 0));
		assert_true(u32 == (left >= 4 ? wire_u32(octets + from) : 0));
		cursor = begin;
		assert_true(wire_read_octets(&cursor, left, &found));
		assert_ptr_equal(found, octets + from);
		assert_int_equal(wire_left(&cursor), 0);
		cursor = begin;
		assert_false(wire_read_octets(&cursor, left + 1, &found));
		assert_false(wire_read_octets(&cursor, UINT64_MAX, &found));
		assert_ptr_equal(cursor.at, begin.at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_cursor_ends_where_the_octets_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
