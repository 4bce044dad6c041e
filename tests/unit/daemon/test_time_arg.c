/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments as a person gives them, and as a report shows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/report/time_arg.h"

#define TODAY ((time_t)1795392000) /* 2026-11-23 */

static void test_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		time_t moment;
	} cases[] = {
	    {"2026-11-23", TODAY},
	    {"1970-01-01", 0},
	    {"2024-02-29", 1709164800},
	    {"0d", TODAY},
	    {"7d", TODAY - 7 * 86400L},
	    {"4w", TODAY - 28 * 86400L},
	    {"36600d", TODAY - 36600L * 86400},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		time_t moment = -1;
		if (!time_arg_read(cases[i].text, TODAY, &moment) || moment != cases[i].moment) {
			fail_msg("%s: %ld", cases[i].text, (long)moment);
		}
	}
}

static void test_refuse(void **state)
{
	(void)state;
	static const char *const refused[] = {
	    "",
	    "now",
	    "7",
	    "7x",
	    "d",
	    "-7d",
	    "+7d",
	    " 7d",
	    "7d ",
	    "7dd",
	    "2026",
	    "2026-11",
	    "2026-11-31",
	    "2023-02-29",
	    "2026-13-01",
	    "2026-00-01",
	    "2026-11-23T24",
	    "2026-11-23 ",
	    "26-11-23",
	    "2026-11-23T22:00",
	    "1969-12-31",
	    "2026/11/23",
	    "878401h",
	    "36601d",
	    "2026-11-23T22",
	    "36h",
	    "99999999999999999999w",
	    "1e9h",
	    "2026-11-2",
	    "2026-1-23",
	    "2026-11-23T",
	};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		time_t moment = 0;
		if (time_arg_read(refused[i], TODAY, &moment)) {
			fail_msg("'%s' was taken", refused[i]);
		}
	}
}

static void test_show(void **state)
{
	(void)state;
	char text[DATE_TEXT_SIZE];
	date_text(TODAY, text);
	assert_string_equal(text, "2026-11-23");
	date_text((time_t)INT64_MAX, text);
	assert_string_equal(text, "?");
	/* A moment's date is that of the local time zone. */
	setenv("TZ", "XXX-7", 1);
	tzset();
	assert_int_equal(date_of(TODAY - 7 * 3600), TODAY);
	assert_int_equal(date_of(TODAY - 7 * 3600 - 1), TODAY - 86400);
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
