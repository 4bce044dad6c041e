/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/infrastructure.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct infrastructure behind(const char *name)
{
	return infrastructure_behind(name, strlen(name));
}

static bool stands_behind(const char *name)
{
	return infrastructure_stands_behind(name, strlen(name));
}

static void test_what_stands_behind(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum infrastructure_kind kind;
		const char *domain;
	} rows[] = {
	    {"www.amazon.com.edgekey.net", INFRASTRUCTURE_DELIVERY, "edgekey.net"},
	    {"a.edgesuite.net", INFRASTRUCTURE_DELIVERY, "edgesuite.net"},
	    {"itunes-apple.com.akadns.net", INFRASTRUCTURE_DELIVERY, "akadns.net"},
	    {"scapi.vmware.com.cdn.cloudflare.net", INFRASTRUCTURE_DELIVERY, "cdn.cloudflare.net"},
	    {"teams.microsoft.com.mcas.ms", INFRASTRUCTURE_PROXY, "mcas.ms"},
	    {"www-bidv-com-vn.translate.goog", INFRASTRUCTURE_PROXY, "translate.goog"},
	    {"bidv-com-vn.mail.protection.outlook.com", INFRASTRUCTURE_MAIL,
	     "mail.protection.outlook.com"},
	    {"vietc0mbank.top.dbl.spamhaus.org", INFRASTRUCTURE_LOOKUP, "dbl.spamhaus.org"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct infrastructure found = behind(rows[i].name);

		assert_int_equal(found.kind, rows[i].kind);
		assert_false(found.open);
		assert_string_equal(rows[i].name + found.offset, rows[i].domain);
		assert_true(stands_behind(rows[i].name));
	}
}

/* Whoever opens an account can have a label there: it excuses nothing. */
static void test_open_ones_excuse_nothing(void **state)
{
	(void)state;
	static const char *const names[] = {
	    "vietcombank.trafficmanager.net",
	    "vietcombank.github.io",
	    "paypal.weebly.com",
	    "vietcombank.azureedge.net",
	    "paypal.b-cdn.net",
	    "amazon.com.s3.amazonaws.com",
	    "paypal.global.ssl.fastly.net",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(behind(names[i]).kind, INFRASTRUCTURE_DELIVERY);
		assert_true(behind(names[i]).open);
		assert_false(stands_behind(names[i]));
	}
}

/* Only at a label's boundary, and with nothing behind. */
static void test_label_boundaries(void **state)
{
	(void)state;
	static const char *const names[] = {
	    "",
	    ".",
	    "net",
	    "my-edgekey.net",
	    "paypal.com.my-edgekey.net",
	    "paypal.com.edgekey.net.top",
	    "paypal.com.edgekey.ne",
	    "forticloud.com.geo.fortinet.net",
	    "cloudflare.net",
	    "paypal.cloudflare.net",
	    "www.vietcombank.com.vn",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(behind(names[i]).kind, INFRASTRUCTURE_NONE);
		assert_false(stands_behind(names[i]));
	}
	/* a listed domain itself has nothing in front */
	assert_int_equal(behind("edgekey.net").kind, INFRASTRUCTURE_DELIVERY);
	assert_int_equal(behind("edgekey.net").offset, 0);
	assert_false(stands_behind("edgekey.net"));
	/* what is behind len is not read */
	assert_true(infrastructure_stands_behind("a.edgekey.net.top", 13));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_stands_behind),
	    cmocka_unit_test(test_open_ones_excuse_nothing),
	    cmocka_unit_test(test_label_boundaries),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
