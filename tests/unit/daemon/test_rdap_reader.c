/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers of RDAP servers: the usual one, and those that would steer a mail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/report/rdap_reader.h"

#define LIST                                                                                       \
	"{\"version\":\"1.0\",\"services\":[[[\"com\",\"net\"],[\"https://rdap.example/com/v1/"    \
	"\"]],[[\"top\"],[\"http://plain.example/\",\"https://rdap.top.example\"]],[[\"old\"],"    \
	"[\"http://plain.example/\"]]]}"

static void test_servers(void **state)
{
	(void)state;
	char base[RDAP_URL_SIZE];
	assert_true(rdap_server_of(LIST, "net", base));
	assert_string_equal(base, "https://rdap.example/com/v1/");
	assert_true(rdap_server_of(LIST, "top", base));
	assert_string_equal(base, "https://rdap.top.example/");
	assert_false(rdap_server_of(LIST, "old", base));
	assert_false(rdap_server_of(LIST, "vn", base));
	for (size_t len = 0; len < strlen(LIST); len++) {
		char cut[sizeof(LIST)];
		memcpy(cut, LIST, len);
		cut[len] = '\0';
		assert_false(rdap_server_of(cut, "com", base));
	}
	assert_false(
	    rdap_server_of("{\"services\":[[],[1],{},[[\"com\"]],[[\"com\"],7]]}", "com", base));
}

static bool abuse_of(const char *mail_in, const char *role, char mail[RDAP_MAIL_SIZE])
{
	char json[1024];
	snprintf(
	    json, sizeof(json),
	    "{\"objectClassName\":\"domain\",\"entities\":[{\"roles\":[\"registrant\"],"
	    "\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"owner@example.com\"]]]},"
	    "{\"roles\":[\"registrar\"],\"entities\":[{\"roles\":[\"%s\"],\"vcardArray\":["
	    "\"vcard\",[[\"version\",{},\"text\",\"4.0\"],[\"email\",{},\"text\",\"%s\"]]]}]}]}",
	    role, mail_in);
	return rdap_abuse_mail(json, mail);
}

static void test_contact(void **state)
{
	(void)state;
	char mail[RDAP_MAIL_SIZE];
	assert_true(abuse_of("abuse@registrar.example", "abuse", mail));
	assert_string_equal(mail, "abuse@registrar.example");
	assert_false(abuse_of("abuse@registrar.example", "technical", mail));
	static const char *const bad[] = {
	    "",
	    "abuse",
	    "@a.example",
	    "a@",
	    "a@example",
	    "a@b.example\\r\\nBcc: all@x.example",
	    "a@b.example, c@d.example",
	    "<a@b.example>",
	    "a b@c.example",
	    "a@[192.0.2.1]",
	    "a@b.example\\u0000",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (abuse_of(bad[i], "abuse", mail) && strcmp(mail, "a@b.example") != 0) {
			fail_msg("'%s' was taken as '%s'", bad[i], mail);
		}
	}
	char longest[400];
	snprintf(longest, sizeof(longest), "%0*d@a.example", RDAP_MAIL_SIZE, 7);
	assert_false(abuse_of(longest, "abuse", mail));
	assert_false(rdap_abuse_mail("{\"entities\":7}", mail));
	assert_false(rdap_abuse_mail("[", mail));
}

static void test_depth_is_bounded(void **state)
{
	(void)state;
	static char json[8192];
	char mail[RDAP_MAIL_SIZE];
	for (unsigned i = 0; i < 100; i++) {
		strcat(json, "{\"entities\":[");
	}
	strcat(json, "{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"a@"
		     "b.example\"]]]}");
	for (unsigned i = 0; i < 100; i++) {
		strcat(json, "]}");
	}
	assert_false(rdap_abuse_mail(json, mail));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_servers),
	    cmocka_unit_test(test_contact),
	    cmocka_unit_test(test_depth_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
