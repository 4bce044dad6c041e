/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "policy/name/domain_name.h"

static void assert_normal(const char *written, const char *expected)
{
	char out[HOST_NAME_SIZE];
	const char *fault = domain_name_normalise(written, out);
	if (fault != NULL) {
		fail_msg("\"%s\" %s", written, fault);
	}
	assert_string_equal(out, expected);
}

static void assert_faulty(const char *written, const char *part_of_fault)
{
	char out[HOST_NAME_SIZE];
	const char *fault = domain_name_normalise(written, out);
	if (fault == NULL || strstr(fault, part_of_fault) == NULL) {
		fail_msg("\"%s\": %s", written, fault != NULL ? fault : "taken");
	}
}

static void test_names(void **state)
{
	(void)state;
	assert_normal("vietcombank.com.vn", "vietcombank.com.vn");
	assert_normal("VietComBank.COM.vn", "vietcombank.com.vn");
	assert_normal("localhost", "localhost");
	assert_normal("a--b.example", "a--b.example");
	assert_normal("1.2.3.example", "1.2.3.example");
	assert_normal("x.3com", "x.3com");
	assert_normal("x.0xg", "x.0xg");
}

static void test_internationalised_names(void **state)
{
	(void)state;
	assert_normal("bücher.example", "xn--bcher-kva.example");
	assert_normal("BÜCHER.Example", "xn--bcher-kva.example");
	assert_normal("XN--BCHER-KVA.example", "xn--bcher-kva.example");
	assert_normal("bu\u0308cher.example", "xn--bcher-kva.example");
	assert_normal("ngânhàng.vn", "xn--ngnhng-ltan.vn");
	assert_normal("ｖｉｅｔ．vn", "viet.vn");
	assert_normal("straße.example", "xn--strae-oqa.example");
}

static void test_internationalised_names_that_stand_for_nothing(void **state)
{
	(void)state;
	assert_faulty("xn--a.vn", "IDNA");
	assert_faulty("xn--.vn", "IDNA");
	assert_faulty("xn--99999999999.vn", "IDNA");
	assert_faulty("a\xff.vn", "IDNA");
	assert_faulty("a\xe1\xba.vn", "IDNA");
	assert_faulty("\u0301.vn", "IDNA");
	/* Punycode of plain ASCII, and of a capital */
	assert_faulty("xn--bank-.vn", "IDNA");
	assert_faulty("xn--bcher-2pa.vn", "IDNA");
}

static void test_what_is_no_host_name(void **state)
{
	(void)state;
	assert_faulty("", "is empty");
	assert_faulty("a.vn.", "ends in a dot");
	assert_faulty(".vn", "empty label");
	assert_faulty("a..vn", "empty label");
	assert_faulty("https://a.vn/", "without scheme");
	assert_faulty("a.vn:80", "without scheme");
	assert_faulty("a_b.vn", "contains a character");
	assert_faulty("a b.vn", "contains a character");
	assert_faulty("*.vn", "contains a character");
	assert_faulty("a\tb.vn", "contains a character");
	assert_faulty("-a.vn", "hyphen");
	assert_faulty("a-.vn", "hyphen");
	assert_faulty("::1", "contains a character");
	assert_faulty("[::1]", "contains a character");
}

static void test_ip_addresses(void **state)
{
	(void)state;
	assert_faulty("192.0.2.1", "IP address");
	assert_faulty("1", "IP address");
	assert_faulty("a.1", "IP address");
	assert_faulty("0x7f.0x1", "IP address");
	assert_faulty("a.0x", "IP address");
}

static void test_lengths(void **state)
{
	(void)state;
	char name[300];
	memset(name, 'a', sizeof(name));
	strcpy(name + 63, ".vn");
	assert_normal(name, name);
	name[63] = 'a';
	strcpy(name + 64, ".vn");
	assert_faulty(name, "63");
	for (size_t i = 0; i < sizeof(name); i++) {
		name[i] = i % 50 == 49 ? '.' : 'a';
	}
	name[253] = '\0';
	assert_normal(name, name);
	name[253] = 'a';
	name[254] = '\0';
	assert_faulty(name, "longer");
	/* short enough as written, too long in A-labels */
	name[0] = '\0';
	for (size_t i = 0; i < 25; i++) {
		strcat(name, "ợaaaaa.");
	}
	strcat(name, "vn");
	assert_in_range(strlen(name), 1, HOST_NAME_SIZE - 1);
	assert_faulty(name, "");
}

static void test_shown_labels(void **state)
{
	(void)state;
	char out[64];
	host_label_shown("xn--bcher-kva", out, sizeof(out));
	assert_string_equal(out, "bücher");
	host_label_shown("bank", out, sizeof(out));
	assert_string_equal(out, "bank");
	host_label_shown("xn--!", out, sizeof(out));
	assert_string_equal(out, "xn--!");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_internationalised_names),
	    cmocka_unit_test(test_internationalised_names_that_stand_for_nothing),
	    cmocka_unit_test(test_what_is_no_host_name),
	    cmocka_unit_test(test_ip_addresses),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_shown_labels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
