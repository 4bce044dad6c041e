/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/config/config.h"
#include "daemon/config/site_address.h"

static void test_defaults(void **state)
{
	(void)state;
	struct config config;
	struct diagnostics diagnostics = {0};
	assert_true(config_load_text("", "t", &config, &diagnostics));
	assert_int_equal(diagnostics.count, 0);
	assert_string_equal(config.policy, "/etc/truegate/policy.conf");
	assert_string_equal(config.user, "truegate");
	assert_int_equal(config.queue.first, 100);
	assert_true(config.queue.count >= 1 && config.queue.count <= LIVE_QUEUES_MAX);
	assert_int_equal(config.mark.released, 0x10000000);
	assert_int_equal(config.mark.answer, 0x20000000);
	assert_int_equal(config.limits.flows.idle_ms, 120000);
	config_release(&config);
	assert_null(config.policy);
}

static void test_every_setting(void **state)
{
	(void)state;
	static const char text[] =
	    "policy = \"/p\"; events = \"/e\"; user = \"u\";\n"
	    "queue = { first = 7; count = 3; receive_octets = 65536; };\n"
	    "mark = { released = 0x80000000; answer = 0x1; };\n"
	    "proceed = { grants = 8; }; dns = { canary = true; };\n"
	    "limits = { flows = 64; streams = 16; stream_octets = 1024; idle_seconds = 5;\n"
	    "  answered = 8; event_slots = 16; event_fakes = 32; };\n";
	struct config config;
	struct diagnostics diagnostics = {0};
	assert_true(config_load_text(text, "t", &config, &diagnostics));
	assert_string_equal(config.policy, "/p");
	assert_string_equal(config.events, "/e");
	assert_string_equal(config.user, "u");
	assert_int_equal(config.queue.first, 7);
	assert_int_equal(config.queue.count, 3);
	assert_int_equal(config.queue.receive_octets, 65536);
	assert_int_equal(config.mark.released, 0x80000000);
	assert_int_equal(config.mark.answer, 1);
	assert_int_equal(config.dns.canary, 1);
	assert_string_equal(config.site.address, SITE_DEFAULT_IPV4);
	assert_string_equal(config.site.address6, SITE_DEFAULT_IPV6);
	assert_int_equal(config.proceed.grants, 8);
	assert_int_equal(config.limits.flows.flows, 64);
	assert_int_equal(config.limits.flows.streams, 16);
	assert_int_equal(config.limits.flows.stream_octets, 1024);
	assert_int_equal(config.limits.flows.idle_ms, 5000);
	assert_int_equal(config.limits.answered, 8);
	assert_int_equal(config.limits.event_slots, 16);
	assert_int_equal(config.limits.event_fakes, 32);
	config_release(&config);
}

struct refusal {
	const char *text;
	unsigned line, column;
	const char *says;
};

static void test_refusals(void **state)
{
	(void)state;
	static const struct refusal refusals[] = {
	    {"polcy = \"/p\";", 1, 1, "unknown setting \"polcy\"; did you mean \"policy\"?"},
	    {"queue = { frist = 1; };", 1, 11,
	     "unknown setting \"frist\"; did you mean \"first\"?"},
	    {"\n\n  blocklist = [ \"a.example\" ];", 3, 3,
	     "unknown setting \"blocklist\"; see truegate.conf(5)"},
	    {"queue = 5;", 1, 1, "queue must be in braces"},
	    {"policy = { first = 1; };", 1, 1, "'policy' must be a quoted string"},
	    {"policy = 5;", 1, 1, "'policy' must be a quoted string"},
	    {"policy = \"\";", 1, 1, "'policy' must be a quoted string"},
	    {"queue = { first = \"1\"; };", 1, 11, "'queue.first' must be a number"},
	    {"queue = { first = 1.5; };", 1, 11, "from 0 to 65535"},
	    {"queue = { first = -1; };", 1, 11, "from 0 to 65535"},
	    {"queue = { first = 65536; };", 1, 11, "from 0 to 65535"},
	    {"queue = { first = 4294967396L; };", 1, 11, "from 0 to 65535"},
	    {"queue = { count = 65; };", 1, 11, "from 0 to 64"},
	    {"queue = {\n first = 65535; count = 2; };", 1, 1, "lower queue.first"},
	    {"mark = { answer = 3; };", 1, 10, "a single bit"},
	    {"mark = { answer = 0; };", 1, 10, "a single bit"},
	    {"mark = { answer = 0x100000001L; };", 1, 10, "a single bit"},
	    {"mark = { answer = 0x10000000; };", 1, 1, "two different bits"},
	    {"queue = { first = 4294967396; };", 1, 11, "from 0 to 65535"},
	    {"queue = { first = 18446744073709551716; };", 1, 11, "from 0 to 65535"},
	    {"mark = { answer = 0x100000001; };", 1, 10, "a single bit"},
	    {"user = \"first\"; queue = { first = -1; };", 1, 27, "from 0 to 65535"},
	    {"queue = { first = 1;", 1, 9, "never closed"},
	    {"queue = { first 1; };", 1, 11, "is missing"},
	    {"@include \"/etc/passwd\"", 1, 1, "include"},
	    {"user = \"a\";\nuser = \"b\";", 2, 1, "duplicate"},
	};
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		const struct refusal *refusal = &refusals[i];
		struct config config;
		struct diagnostics diagnostics = {0};
		if (config_load_text(refusal->text, "t.conf", &config, &diagnostics)) {
			fail_msg("accepted: %s", refusal->text);
		}
		assert_true(diagnostics.count >= 1);
		const struct diagnostic *said = &diagnostics.items[0];
		if (strstr(said->text, refusal->says) == NULL || said->line != refusal->line ||
		    said->column != refusal->column) {
			fail_msg("%s: %u:%u: %s", refusal->text, said->line, said->column,
				 said->text);
		}
		assert_string_equal(said->file, "t.conf");
		assert_null(config.policy);
	}
}

/* All that is wrong is told, not the first alone. */
static void test_all_errors(void **state)
{
	(void)state;
	struct config config;
	struct diagnostics diagnostics = {0};
	assert_false(config_load_text("a = 1;\nb = 2;\nuser = 3;", "t", &config, &diagnostics));
	assert_int_equal(diagnostics.count, 3);
	assert_int_equal(diagnostics.items[2].line, 3);
}

static void test_files(void **state)
{
	(void)state;
	struct config config;
	struct diagnostics diagnostics = {0};
	assert_false(config_load("/nonexistent/truegate.conf", &config, &diagnostics));
	assert_int_equal(diagnostics.count, 1);
	assert_non_null(strstr(diagnostics.items[0].text, "cannot read the configuration"));
	config_release(&config);

	diagnostics = (struct diagnostics){0};
	assert_false(config_load("/dev/zero", &config, &diagnostics));
	assert_int_equal(diagnostics.count, 1);

	char path[] = "/tmp/test_live_config.XXXXXX";
	const int fd = mkstemp(path);
	assert_true(fd >= 0);
	static const char text[] = "queue = { first = 9; };\n";
	assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
	close(fd);
	diagnostics = (struct diagnostics){0};
	assert_true(config_load(path, &config, &diagnostics));
	assert_int_equal(config.queue.first, 9);
	config_release(&config);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_defaults), cmocka_unit_test(test_every_setting),
	    cmocka_unit_test(test_refusals), cmocka_unit_test(test_all_errors),
	    cmocka_unit_test(test_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
