/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/settings/diagnostics.h"

static char *printed(const struct diagnostics *diagnostics)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	diagnostics_print(diagnostics, out);
	fclose(out);
	return text;
}

static void test_parts_that_are_not_known_are_left_out(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};
	diagnostics_add(&diagnostics, "a.conf", 0, 0, "whole file");
	diagnostics_add(&diagnostics, "a.conf", 3, 0, "a line");
	diagnostics_add(&diagnostics, "a.conf", 3, 7, "a %s", "place");
	char *text = printed(&diagnostics);
	assert_string_equal(text, "a.conf: whole file\na.conf:3: a line\na.conf:3:7: a place\n");
	free(text);
}

static void test_those_beyond_the_bound_are_counted(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};
	for (unsigned i = 0; i < DIAGNOSTICS_MAX + 5; i++) {
		diagnostics_add(&diagnostics, "a", i + 1, 0, "n");
	}
	assert_int_equal(diagnostics.count, DIAGNOSTICS_MAX);
	assert_int_equal(diagnostics.more, 5);
	assert_int_equal(diagnostics.items[DIAGNOSTICS_MAX - 1].line, DIAGNOSTICS_MAX);
	char *text = printed(&diagnostics);
	assert_non_null(strstr(text, "\nand 5 more\n"));
	free(text);
}

static void test_control_characters_do_not_reach_a_terminal(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};
	diagnostics_add(&diagnostics, "a\033b", 1, 1, "\"%s\"", "x\033[2J\n\r\t\x7fy");
	assert_string_equal(diagnostics.items[0].file, "a?b");
	assert_string_equal(diagnostics.items[0].text, "\"x?[2J????y\"");
	/* U+009B and the octet alone begin a control sequence, too; U+202E turns writing round. */
	diagnostics_add(&diagnostics,
			"ệ\x9b"
			"31m",
			1, 1, "%s", "ệ\xc2\x9b[2J\xe2\x80\xae\xff\xe1\xbb y");
	assert_string_equal(diagnostics.items[1].file, "ệ?31m");
	assert_string_equal(diagnostics.items[1].text, "ệ?[2J??? y");
}

static void test_a_long_message_is_cut_between_characters(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};
	const size_t room = sizeof(diagnostics.items[0].text) - 1;
	for (size_t before = 0; before < 4; before++) {
		char text[1024] = "";
		memset(text, 'a', before);
		for (size_t i = 0; i < 200; i++) {
			strcat(text, "ệ"); /* three octets */
		}
		memset(&diagnostics, 0, sizeof(diagnostics));
		diagnostics_add(&diagnostics, "a", 0, 0, "%s", text);
		size_t expected = before + (room - before) / 3 * 3;
		/* A character that just fits may go too, but no part of one may stay. */
		size_t len = strlen(diagnostics.items[0].text);
		assert_in_range(len, expected - 3, expected);
		assert_int_equal((len - before) % 3, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parts_that_are_not_known_are_left_out),
	    cmocka_unit_test(test_those_beyond_the_bound_are_counted),
	    cmocka_unit_test(test_control_characters_do_not_reach_a_terminal),
	    cmocka_unit_test(test_a_long_message_is_cut_between_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
