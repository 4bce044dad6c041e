/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "policy/file/protected_domain.h"

static void assert_read(const char *written, const char *name, const char *label,
			const char *suffix)
{
	struct protected_domain domain;
	char why[256] = "";
	if (!protected_domain_read(written, &domain, why, sizeof(why))) {
		fail_msg("\"%s\" %s", written, why);
	}
	assert_string_equal(domain.name, name);
	assert_string_equal(domain.label, label);
	assert_int_equal(domain.any_suffix, suffix == NULL);
	if (suffix != NULL) {
		assert_string_equal(domain.suffix, suffix);
	} else {
		assert_null(domain.suffix);
	}
	protected_domain_clear(&domain);
}

static void assert_refused(const char *written, const char *part_of_why)
{
	struct protected_domain domain;
	char why[256] = "";
	assert_false(protected_domain_read(written, &domain, why, sizeof(why)));
	if (strstr(why, part_of_why) == NULL) {
		fail_msg("\"%s\": \"%s\" lacks \"%s\"", written, why, part_of_why);
	}
}

static void test_registrable_domains(void **state)
{
	(void)state;
	assert_read("vietcombank.com.vn", "vietcombank.com.vn", "vietcombank", "com.vn");
	assert_read("VietComBank.Com.VN", "vietcombank.com.vn", "vietcombank", "com.vn");
	assert_read("google.com", "google.com", "google", "com");
	assert_read("dichvucong.gov.vn", "dichvucong.gov.vn", "dichvucong", "gov.vn");
	assert_read("office.example", "office.example", "office", "example");
	assert_read("blogspot.com", "blogspot.com", "blogspot", "com");
	assert_read("bücher.example", "xn--bcher-kva.example", "xn--bcher-kva", "example");
	/* where others register in turn, though the list's ICANN section does not say so */
	assert_read("amazon.com.be", "amazon.com.be", "amazon", "com.be");
	assert_read("office.github.io", "office.github.io", "office", "github.io");
	assert_read("foo.公司.cn", "foo.xn--55qx5d.cn", "foo", "xn--55qx5d.cn");
}

static void test_any_suffix(void **state)
{
	(void)state;
	assert_read("google.*", "google.*", "google", NULL);
	assert_read("Google.*", "google.*", "google", NULL);
	assert_read("bücher.*", "xn--bcher-kva.*", "xn--bcher-kva", NULL);
	assert_refused("www.google.*", "write one, such as \"google.*\"");
	assert_refused("a b.*", "contains a character");
	assert_refused("*.*", "contains a character");
	assert_refused("google.*.com", "contains a character");
	assert_refused("google*", "contains a character");
	assert_refused("*", "contains a character");
	assert_refused(".*", "empty label");
	assert_refused("12.*", "ends in a number");
}

static void test_what_is_not_registrable(void **state)
{
	(void)state;
	assert_refused("com.vn", "is a public suffix; write the site's own name under it, such as "
				 "\"example.com.vn\"");
	assert_refused("www.vietcombank.com.vn",
		       "write \"vietcombank.com.vn\", it covers every name under it");
	assert_refused("*.vietcombank.com.vn", "leave that out");
	assert_refused("vietcombank",
		       "has no dot; write the whole domain, such as \"vietcombank.com.vn\"");
	assert_refused("vn", "has no dot");
	assert_refused("www.office.github.io", "write \"office.github.io\"");
	assert_refused("vietcombank.zzz", "is under \".zzz\", which is not a top-level domain");
	assert_refused("a.b.office.example", "write \"office.example\"");
	assert_refused("", "is empty");
	assert_refused("192.0.2.1", "IP address");
	assert_refused("https://vietcombank.com.vn/", "without scheme");
	assert_refused("vietcombank.com.vn.", "ends in a dot");
}

static void test_overlong_entries(void **state)
{
	(void)state;
	char written[4096];
	memset(written, 'a', sizeof(written));
	written[sizeof(written) - 1] = '\0';
	assert_refused(written, "longer");
	memcpy(written + sizeof(written) - 3, ".*", 3);
	assert_refused(written, "longer");
	strcpy(written + 200, ".*");
	assert_refused(written, "63");
	strcpy(written + 63, ".*");
	struct protected_domain domain;
	char why[256];
	assert_true(protected_domain_read(written, &domain, why, sizeof(why)));
	assert_int_equal(strlen(domain.label), 63);
	protected_domain_clear(&domain);
	/* a message about a long name fits, whatever its length */
	char small[16];
	assert_false(
	    protected_domain_read("www.vietcombank.com.vn", &domain, small, sizeof(small)));
	assert_int_equal(strlen(small), sizeof(small) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_registrable_domains),
	    cmocka_unit_test(test_any_suffix),
	    cmocka_unit_test(test_what_is_not_registrable),
	    cmocka_unit_test(test_overlong_entries),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
