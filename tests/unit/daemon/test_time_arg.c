/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments as a person gives them, and as a report shows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <string.h>

#include "daemon/report/time_arg.h"

#define NOW ((time_t)1795471200) /* 2026-11-23 22:00 UTC */

static void test_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		time_t moment;
	} cases[] = {
	    {"2026-11-23", NOW - 22 * 3600L},
	    {"2026-11-23T22", NOW},
	    {"1970-01-01", 0},
	    {"1970-01-01T00", 0},
	    {"2024-02-29", 1709164800},
	    {"0h", NOW},
	    {"36h", NOW - 36 * 3600L},
	    {"7d", NOW - 7 * 86400L},
	    {"4w", NOW - 28 * 86400L},
	    {"878400h", NOW - 878400L * 3600},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		time_t moment = -1;
		if (!time_arg_read(cases[i].text, NOW, &moment) || moment != cases[i].moment) {
			fail_msg("%s: %ld", cases[i].text, (long)moment);
		}
	}
}

static void test_refuse(void **state)
{
	(void)state;
	static const char *const refused[] = {
	    "",           "now",           "7",           "7x",          "d",
	    "-7d",        "+7d",           " 7d",         "7d ",         "7dd",
	    "2026",       "2026-11",       "2026-11-31",  "2023-02-29",  "2026-13-01",
	    "2026-00-01", "2026-11-23T24", "2026-11-23 ", "26-11-23",    "2026-11-23T22:00",
	    "1969-12-31", "2026/11/23",    "878401h",     "36601d",      "99999999999999999999w",
	    "1e9h",       "2026-11-2",     "2026-1-23",   "2026-11-23T",
	};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		time_t moment = 0;
		if (time_arg_read(refused[i], NOW, &moment)) {
			fail_msg("'%s' was taken", refused[i]);
		}
	}
}

static void test_show(void **state)
{
	(void)state;
	char text[MOMENT_SIZE];
	time_arg_text(NOW, text);
	assert_string_equal(text, "2026-11-23 22:00");
	time_arg_text(0, text);
	assert_string_equal(text, "1970-01-01 00:00");
	/* A year that no calendar of the system's can show. */
	time_arg_text((time_t)LONG_MAX, text);
	assert_string_equal(text, "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_refuse),
	    cmocka_unit_test(test_show),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
