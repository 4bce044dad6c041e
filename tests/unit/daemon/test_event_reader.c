/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of the event log: read whole, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/report/event_reader.h"

#define GOOD                                                                                       \
	"{\"name\":\"vietc0mbank.top\",\"imitates\":\"vietcombank.com.vn\",\"site\":\"Vietcom"     \
	"bank\",\"technique\":\"homoglyph\",\"confidence\":\"high\",\"action\":\"block\",\"why\":" \
	"\"0 stands for o\",\"via\":\"http\",\"date\":\"2026-11-23\",\"devices\":\"5-9\","         \
	"\"count\":12,\"examples\":[\"*.vcb.vietc0mbank.top\"],\"addresses\":[\"198.51.100.9\","   \
	"\"2001:DB8::9\"]}"

/* In an allocation of just its size, so that a read past the end is noticed. */
static bool read_line(const char *line, struct logged_event *out)
{
	const size_t len = strlen(line);
	char *copy = malloc(len > 0 ? len : 1);
	assert_non_null(copy);
	memcpy(copy, line, len);
	const bool read = event_read(copy, len, out);
	free(copy);
	return read;
}

/* The good line with a part of it replaced. */
static bool read_changed(const char *part, const char *by, struct logged_event *out)
{
	static char line[8192];
	const char *at = strstr(GOOD, part);
	assert_non_null(at);
	snprintf(line, sizeof line, "%.*s%s%s", (int)(at - GOOD), GOOD, by, at + strlen(part));
	return read_line(line, out);
}

static void test_good(void **state)
{
	(void)state;
	struct logged_event event;
	assert_true(read_line(GOOD, &event));
	assert_string_equal(event.name, "vietc0mbank.top");
	assert_string_equal(event.imitates, "vietcombank.com.vn");
	assert_string_equal(event.site, "Vietcombank");
	assert_string_equal(event.why, "0 stands for o");
	assert_int_equal(event.technique, TECHNIQUE_HOMOGLYPH);
	assert_int_equal(event.confidence, CONFIDENCE_HIGH);
	assert_int_equal(event.action, ACTION_BLOCK);
	assert_int_equal(event.via, VIA_HTTP);
	assert_int_equal(event.date, 1795392000);
	assert_int_equal(event.example_count, 1);
	assert_string_equal(event.examples[0], "*.vcb.vietc0mbank.top");
	assert_int_equal(event.count, 12);
	assert_int_equal(event.devices, 1);
	assert_int_equal(event.address_count, 2);
	assert_string_equal(event.addresses[1], "2001:db8::9");
	assert_true(read_changed("{\"name\"", "{\"later\":[{}],\"name\"", &event));
	assert_true(read_changed("[\"198.51.100.9\",\"2001:DB8::9\"]", "[]", &event));
	assert_int_equal(event.address_count, 0);
	assert_true(read_changed("\"count\":12,", "", &event));
	assert_int_equal(event.count, 0);
}

static void test_every_cut(void **state)
{
	(void)state;
	struct logged_event event;
	char line[sizeof GOOD];
	for (size_t len = 0; len < strlen(GOOD); len++) {
		memcpy(line, GOOD, len);
		line[len] = '\0';
		assert_false(read_line(line, &event));
	}
}

static void test_wrong_values(void **state)
{
	(void)state;
	static const char *const changes[][2] = {
	    {"\"vietc0mbank.top\"", "\"\""},
	    {"\"vietc0mbank.top\"", "7"},
	    {"\"vietc0mbank.top\"", "null"},
	    {"\"vietc0mbank.top\"", "\"a b.top\""},
	    {"\"vietc0mbank.top\"", "\"\\u001b[31m.top\""},
	    {"\"vietc0mbank.top\"", "\"v\xc3\xadt.top\""},
	    {"\"homoglyph\"", "\"Homoglyph\""},
	    {"\"high\"", "\"very high\""},
	    {"\"block\"", "\"flag\""},
	    {"\"http\"", "\"smtp\""},
	    {"\"5-9\"", "\"3\""},
	    {":12", ":"
		    "-1"},
	    {":12", ":"
		    "0"},
	    {":12", ":"
		    "1.5"},
	    {":12", ":"
		    "1e300"},
	    {":12", ":"
		    "\"12\""},
	    {"2026-11-23", "2026-11-23T22:00Z"},
	    {"2026-11-23", "2026-11-31"},
	    {"2026-11-23", "2026-11-3"},
	    {"2026-11-23", "1969-12-31"},
	    {"2026-11-23", ""},
	    {"[\"*.vcb.vietc0mbank.top\"]", "[7]"},
	    {"[\"*.vcb.vietc0mbank.top\"]", "[\"a b\"]"},
	    {"[\"*.vcb.vietc0mbank.top\"]", "[\"a\",\"b\",\"c\",\"d\",\"e\"]"},
	    {"[\"*.vcb.vietc0mbank.top\"]", "{}"},
	    {"\"198.51.100.9\"", "\"198.51.100.999\""},
	    {"\"198.51.100.9\"", "\"fe80::1%eth0\""},
	    {"\"198.51.100.9\"", "7"},
	    {"[\"198.51.100.9\",\"2001:DB8::9\"]", "\"198.51.100.9\""},
	    {"[\"198.51.100.9\",\"2001:DB8::9\"]",
	     "[\"::1\",\"::2\",\"::3\",\"::4\",\"::5\",\"::6\",\"::7\",\"::8\",\"::9\"]"},
	    {"\"why\":\"0 stands for o\",", ""},
	    {"{\"name\"", "[{\"name\""},
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct logged_event event;
		if (read_changed(changes[i][0], changes[i][1], &event)) {
			fail_msg("%s for %s was taken", changes[i][1], changes[i][0]);
		}
	}
}

static void test_sizes(void **state)
{
	(void)state;
	struct logged_event event;
	char text[EVENT_NAME_SIZE + 8];
	snprintf(text, sizeof text, "\"%0*d\"", EVENT_NAME_SIZE - 1, 7);
	assert_true(read_changed("\"vietc0mbank.top\"", text, &event));
	snprintf(text, sizeof text, "\"%0*d\"", EVENT_NAME_SIZE, 7);
	assert_false(read_changed("\"vietc0mbank.top\"", text, &event));
	snprintf(text, sizeof text, "\"%0*d\"", EVENT_TEXT_SIZE, 7);
	assert_false(read_changed("\"0 stands for o\"", text, &event));
}

static void test_shown_texts_are_safe(void **state)
{
	(void)state;
	struct logged_event event;
	assert_true(read_changed("\"Vietcombank\"",
				 "\"\\u001b]0;x\\u0007B\xe2\x80\xae"
				 "ank\"",
				 &event));
	for (const char *c = event.site; *c != '\0'; c++) {
		assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
	}
	assert_null(strstr(event.site, "\xe2\x80\xae")); /* right-to-left override */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_every_cut),
	    cmocka_unit_test(test_wrong_values),
	    cmocka_unit_test(test_sizes),
	    cmocka_unit_test(test_shown_texts_are_safe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
