/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/name.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "policy/name/confusables.h"

static bool parse(const char *host, struct name *out)
{
	return name_parse(host, strlen(host), out);
}

/* The elements as one text. */
static void expect_elements(const char *host, const char *text, const char *elements)
{
	struct name name;

	assert_true(parse(host, &name));
	assert_string_equal(name.text, text);
	assert_int_equal(name.text_len, strlen(text));
	assert_int_equal(name.element_count, strlen(elements));
	assert_memory_equal(name.base, elements, name.element_count);
}

static void test_plain(void **state)
{
	(void)state;
	struct name name;

	expect_elements("www.Example-1.COM", "www.example-1.com", "wwwexample-1com");
	expect_elements("_dmarc.a_b.example", "_dmarc.a_b.example", "-dmarca-bexample");
	expect_elements("localhost", "localhost", "localhost");
	assert_true(parse("ab.cde.f", &name));
	assert_int_equal(name.label_count, 3);
	assert_int_equal(name.text_label[0], 0);
	assert_int_equal(name.text_label[1], 3);
	assert_int_equal(name.text_label[2], 7);
	assert_int_equal(name.text_label[3], 9);
	assert_int_equal(name.label[1], 2);
	assert_int_equal(name.label[2], 5);
	assert_int_equal(name.label[3], 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(name_label_of(&name, i), i < 2 ? 0 : i < 5 ? 1 : 2);
	}
}

/* Every way to write one name gives the same one. */
static void test_forms(void **state)
{
	(void)state;
	static const char *const forms[] = {
	    "xn--vitcombank-06a.com.vn",
	    "XN--Vitcombank-06A.COM.VN.",
	    "vi\xc3\xa8tcombank.com.vn",  /* è */
	    "VI\xc3\x88TCOMBANK.com.vn",  /* È */
	    "vie\xcc\x80tcombank.com.vn", /* e and a combining grave */
	    "vi\xc3\xa8tcombank\xe3\x80\x82"
	    "com.vn.", /* ideographic full stop */
	    "vi\xc3\xa8tcombank\xef\xbc\x8e"
	    "com\xef\xbd\xa1vn",                    /* fullwidth, halfwidth */
	    "\xef\xbd\x96i\xc3\xa8tcombank.com.vn", /* fullwidth v */
	    "vi\xc3\xa8t\xc2\xad"
	    "combank.com.vn", /* soft hyphen, mapped to nothing */
	};
	struct name first, other;

	assert_true(parse(forms[0], &first));
	assert_string_equal(first.text, forms[0]);
	for (size_t i = 1; i < sizeof(forms) / sizeof(forms[0]); i++) {
		assert_true(parse(forms[i], &other));
		assert_string_equal(other.text, first.text);
		assert_int_equal(other.element_count, first.element_count);
		assert_memory_equal(other.base, first.base, first.element_count);
		assert_memory_equal(other.kind, first.kind, first.element_count);
		assert_memory_equal(other.origin, first.origin,
				    first.element_count * sizeof(first.origin[0]));
	}
	assert_int_equal(first.kind[2], CONFUSABLE_VIETNAMESE);
	assert_int_equal(first.origin[2], 0xe8);
}

static void test_u_label_that_maps_to_ascii(void **state)
{
	(void)state;
	expect_elements("\xef\xbd\x81pple.com", "apple.com", "applecom");  /* fullwidth a */
	expect_elements("a\xe2\x80\x8dpple.com", "apple.com", "applecom"); /* joiner */
}

/* UTS 46 section 6: these are valid in IDNA 2008, and what is registered has them. */
static void test_deviation_characters_stay(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
	    {"STRAßE.de", "xn--strae-oqa.de"},                     /* sharp s */
	    {"ΕΛΛΆς.gr", "xn--hxarsa0b.gr"},                       /* final sigma */
	    {"نامه\xe2\x80\x8cای.com", "xn--mgba3gch31f060k.com"}, /* non-joiner between letters */
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct name name;

		assert_true(parse(pairs[i][0], &name));
		assert_string_equal(name.text, pairs[i][1]);
	}
}

static void test_character_of_several_elements(void **state)
{
	(void)state;
	struct name name;

	/* U+01C6 is taken apart by the mapping */
	expect_elements("\xc7\x86x.com", "xn--dx-2va.com", "dzxcom");
	/* U+A733 LATIN SMALL LETTER AA is a letter of its own to NFKC */
	assert_true(parse("\xea\x9c\xb3x.com", &name));
	assert_memory_equal(name.base, "aax", 3);
	assert_int_equal(name.origin[0], 0xa733);
	assert_int_equal(name.origin[1], 0);
}

static void test_bad_a_labels_are_read_as_ascii(void **state)
{
	(void)state;
	expect_elements("xn--9.com", "xn--9.com", "xn--9com");
	expect_elements("xn--.com", "xn--.com", "xn--com");
	expect_elements("xn--a-99.com", "xn--a-99.com", "xn--a-99com");
	expect_elements("xn--99999999999999.com", "xn--99999999999999.com",
			"xn--99999999999999com");
}

static void test_not_a_name(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "",
	    ".",
	    "..",
	    ".a",
	    "a..b",
	    "a..",
	    "a b.com",
	    "a/b.com",
	    "a:1",
	    "a@b.com",
	    "*.com",
	    "a%62.com",
	    "a\tb.com",
	    "\"a\"",
	    "[::1]",
	    "1.2.3.4",
	    "1.2.3.4.",
	    "999.0.0.1",
	    "\xff.com",
	    "a\xc3.com",
	    "\xed\xa0\x80.com",
	    "\xc3\xa8/.com", /* a U-label with a character of no host name */
	    "\xe3\x80\x82",  /* an ideographic full stop alone */
	    "\xc2\xad.com",  /* a label that is mapped to nothing */
	};
	struct name name;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(parse(bad[i], &name));
	}
	assert_false(name_parse("a\0b", 3, &name));
	assert_true(parse("1.2.3.4.5", &name));
	assert_true(parse("1.2.3", &name));
}

static void test_lengths(void **state)
{
	(void)state;
	char host[1100];
	struct name name;

	memset(host, 'a', sizeof(host));
	assert_true(name_parse(host, 63, &name));
	assert_false(name_parse(host, 64, &name));
	for (size_t i = 63; i < sizeof(host); i += 64) {
		host[i] = '.';
	}
	assert_true(name_parse(host, 253, &name)); /* RFC 1035 section 3.1 */
	assert_int_equal(name.text_len, 253);
	assert_false(name_parse(host, 254, &name));
	assert_false(name_parse(host, sizeof(host), &name));
	for (size_t i = 0; i < sizeof(host); i++) {
		host[i] = i % 2 == 0 ? 'a' : '.';
	}
	assert_true(name_parse(host, 253, &name));
	assert_int_equal(name.label_count, LABELS_MAX);
	assert_true(name_parse(host, 254, &name)); /* the last octet is the trailing dot */
	assert_false(name_parse(host, 255, &name));
}

/* A name of ASCII is read in a pass of its own. It is the same name as when a full stop of another
 * width, which is a dot, has it read character by character. */
static void test_ascii_is_read_as_any_text(void **state)
{
	(void)state;
	static const char *const hosts[] = {
	    "www.example.com",
	    "WWW.Example.COM",
	    "_dmarc.example.com",
	    "a-b.xn--bcher-kva.example.",
	    "x.1.2.3.4.example",
	    "x--y.-1-.n",
	    "Shop-9.exa_mple.com",
	    "a..b",
	    ".a",
	    "a.",
	    ".",
	    "a b.com",
	    "a*.com",
	    "1.2.3.4",
	};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		char wide[128];
		size_t len = 0;
		struct name ascii, any;

		for (const char *at = hosts[i]; *at != '\0'; at++) {
			const size_t octets = *at == '.' ? 3 : 1;

			memcpy(wide + len, *at == '.' ? "\xe3\x80\x82" : at, octets);
			len += octets;
		}
		const bool is_name = name_parse(hosts[i], strlen(hosts[i]), &ascii);
		assert_int_equal(name_parse(wide, len, &any), is_name);
		if (!is_name) {
			continue;
		}
		assert_string_equal(ascii.text, any.text);
		assert_int_equal(ascii.text_len, any.text_len);
		assert_int_equal(ascii.label_count, any.label_count);
		assert_int_equal(ascii.element_count, any.element_count);
		for (size_t label = 0; label <= ascii.label_count; label++) {
			assert_int_equal(ascii.text_label[label], any.text_label[label]);
			assert_int_equal(ascii.label[label], any.label[label]);
		}
		for (size_t j = 0; j < ascii.element_count; j++) {
			assert_int_equal(ascii.base[j], any.base[j]);
			assert_int_equal(ascii.origin[j], any.origin[j]);
			assert_int_equal(ascii.kind[j], any.kind[j]);
		}
	}
}

/* The longest U-labels: each in 63 octets as an A-label, or refused. */
static void test_long_u_labels(void **state)
{
	(void)state;
	char host[256];
	struct name name;
	bool accepted = true;

	for (size_t count = 1; count <= 63; count++) {
		bool now;

		for (size_t i = 0; i < count; i++) {
			memcpy(host + 4 * i, "\xf0\x9f\x90\x8d", 4);
		}
		now = name_parse(host, 4 * count, &name);
		assert_true(accepted || !now);
		assert_true(!now || name.text_len <= LABEL_OCTETS_MAX);
		accepted = now;
	}
	assert_false(accepted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain),
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_u_label_that_maps_to_ascii),
	    cmocka_unit_test(test_deviation_characters_stay),
	    cmocka_unit_test(test_character_of_several_elements),
	    cmocka_unit_test(test_bad_a_labels_are_read_as_ascii),
	    cmocka_unit_test(test_not_a_name),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_long_u_labels),
	    cmocka_unit_test(test_ascii_is_read_as_any_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
