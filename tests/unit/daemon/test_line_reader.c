/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/command/line_reader.h"

static struct line_reader *reader_of(const char *text, size_t len)
{
	struct line_reader *reader = calloc(1, sizeof(*reader));

	assert_non_null(reader);
	reader->descriptor = memfd_create("lines", MFD_CLOEXEC);
	assert_true(reader->descriptor >= 0);
	assert_int_equal(write(reader->descriptor, text, len), len);
	assert_int_equal(lseek(reader->descriptor, 0, SEEK_SET), 0);
	return reader;
}

static void end(struct line_reader *reader)
{
	close(reader->descriptor);
	free(reader);
}

static void assert_line(struct line_reader *reader, uint64_t number, const char *expected)
{
	const char *line;
	size_t len;

	assert_int_equal(line_reader_next(reader, &line, &len), LINE_READ);
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(line, expected, len);
	assert_int_equal(reader->number, number);
}

static void assert_result(struct line_reader *reader, enum line_result expected)
{
	const char *line;
	size_t len;

	assert_int_equal(line_reader_next(reader, &line, &len), expected);
}

static void hands_lines_out(void **state)
{
	(void)state;
	const char text[] = "one\ntwo\r\n\n\r\nlast\r";
	struct line_reader *reader = reader_of(text, sizeof(text) - 1);

	assert_line(reader, 1, "one");
	assert_line(reader, 2, "two");
	assert_line(reader, 3, "");
	assert_line(reader, 4, "");
	assert_line(reader, 5, "last");
	assert_result(reader, LINE_END);
	assert_result(reader, LINE_END);
	end(reader);
}

static void ends_at_once_on_nothing(void **state)
{
	(void)state;
	struct line_reader *reader = reader_of("", 0);

	assert_result(reader, LINE_END);
	end(reader);
}

static void keeps_nul(void **state)
{
	(void)state;
	struct line_reader *reader = reader_of("a\0b\n", 4);
	const char *line;
	size_t len;

	assert_int_equal(line_reader_next(reader, &line, &len), LINE_READ);
	assert_int_equal(len, 3);
	assert_memory_equal(line, "a\0b", 3);
	end(reader);
}

/* A line of each length about the buffer's size, between two others. */
static void passes_over_what_is_too_long(void **state)
{
	(void)state;
	const struct {
		size_t len;
		enum line_result expected;
	} cases[] = {
	    {LINE_READER_SIZE - 1, LINE_READ},         {LINE_READER_SIZE, LINE_TOO_LONG},
	    {LINE_READER_SIZE + 1, LINE_TOO_LONG},     {2 * LINE_READER_SIZE - 1, LINE_TOO_LONG},
	    {2 * LINE_READER_SIZE, LINE_TOO_LONG},     {2 * LINE_READER_SIZE + 1, LINE_TOO_LONG},
	    {10 * LINE_READER_SIZE + 3, LINE_TOO_LONG}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = cases[i].len;
		char *text = malloc(len + 14);

		assert_non_null(text);
		memcpy(text, "first\n", 6);
		memset(text + 6, 'x', len);
		memcpy(text + 6 + len, "\nlast\n", 6);
		struct line_reader *reader = reader_of(text, len + 12);
		assert_line(reader, 1, "first");
		assert_result(reader, cases[i].expected);
		assert_line(reader, 3, "last");
		assert_result(reader, LINE_END);
		end(reader);
		free(text);
	}
}

static void passes_over_a_long_line_without_an_end(void **state)
{
	(void)state;
	const size_t len = (size_t)3 * LINE_READER_SIZE;
	char *text = malloc(len);

	assert_non_null(text);
	memset(text, 'x', len);
	struct line_reader *reader = reader_of(text, len);
	assert_result(reader, LINE_TOO_LONG);
	assert_result(reader, LINE_END);
	end(reader);
	free(text);
}

static void says_that_it_cannot_read(void **state)
{
	(void)state;
	struct line_reader *reader = calloc(1, sizeof(*reader));

	assert_non_null(reader);
	reader->descriptor = -1;
	assert_result(reader, LINE_FAILED);
	free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hands_lines_out),
	    cmocka_unit_test(ends_at_once_on_nothing),
	    cmocka_unit_test(keeps_nul),
	    cmocka_unit_test(passes_over_what_is_too_long),
	    cmocka_unit_test(passes_over_a_long_line_without_an_end),
	    cmocka_unit_test(says_that_it_cannot_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
