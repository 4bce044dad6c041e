/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/file/parsed_policy.h"
#include "policy/pattern/pattern.h"
#include "policy/settings/setting.h"

/* What stands around the part that a test is about; that part is on line 2. */
#define SITES "sites = ( { name = \"N\"; domains = [ \"nnn.vn\" ]; } );\n"
#define HEAD "version = 1; contact = \"ask\";\n"

struct expected {
	unsigned line;
	unsigned column;
	const char *text; /* a part of it */
};

static void print_all(const struct diagnostics *diagnostics)
{
	diagnostics_print(diagnostics, stderr);
}

/* Reads a policy and expects exactly these messages, in this order. */
static void assert_errors(const char *text, const struct expected *expected, size_t count)
{
	struct diagnostics diagnostics = {0};
	struct parsed_policy *parsed = parsed_policy_read(text, "p.conf", &diagnostics);
	parsed_policy_free(parsed);
	if (parsed != NULL || diagnostics.count != count) {
		print_all(&diagnostics);
		fail_msg("%zu messages expected:\n%s", count, text);
	}
	for (size_t i = 0; i < count; i++) {
		const struct diagnostic *item = &diagnostics.items[i];
		if (item->line != expected[i].line || item->column != expected[i].column ||
		    strstr(item->text, expected[i].text) == NULL) {
			print_all(&diagnostics);
			fail_msg("%u:%u: %s expected:\n%s", expected[i].line, expected[i].column,
				 expected[i].text, text);
		}
		assert_string_equal(item->file, "p.conf");
	}
}

static void assert_error(const char *text, unsigned line, unsigned column, const char *message)
{
	const struct expected expected = {line, column, message};
	assert_errors(text, &expected, 1);
}

static void test_what_is_required(void **state)
{
	(void)state;
	const struct expected all[] = {
	    {0, 0, "add version = 1;"}, {0, 0, "add whom"}, {0, 0, "there are no sites"}};
	struct diagnostics diagnostics = {0};
	assert_null(parsed_policy_read("", "p.conf", &diagnostics));
	assert_int_equal(diagnostics.count, 3);
	for (size_t i = 0; i < 3; i++) {
		bool found = false;
		for (size_t j = 0; j < 3; j++) {
			found = found || strstr(diagnostics.items[j].text, all[i].text) != NULL;
		}
		assert_true(found);
	}
	assert_error("contact = \"ask\";\n" SITES, 0, 0, "there is no version");
	assert_error("version = 1;\n" SITES, 0, 0, "there is no contact");
	assert_error(HEAD, 0, 0, "there are no sites");
}

static void test_version(void **state)
{
	(void)state;
	const char *wrong[] = {
	    "0",    "-1",  "1.5",        "\"1\"",       "true",
	    "[1]",  "{}",  "4294967296", "99999999999", "99999999999999999999999",
	    "\"\"", "1.0", "()",         "0x1",         "1L"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char text[256];
		snprintf(text, sizeof(text), "contact = \"ask\";\n  version = %s;\n" SITES,
			 wrong[i]);
		assert_error(text, 2, 3, "version must be a whole number from 1 to 4294967295");
	}
}

static void test_contact(void **state)
{
	(void)state;
	const struct {
		const char *written, *message;
	} wrong[] = {
	    {"5", "must be a quoted string"},
	    {"\"\"", "fewer than three letters or digits"},
	    {"\" \"", "fewer than three letters or digits"},
	    {"\".\"", "fewer than three letters or digits"},
	    {"\"-- @ --\"", "fewer than three letters or digits"},
	    {"\"a\\nb\"", "invisible or control"},
	    {"\"a\\x1b[2J\"", "invisible or control"},
	    {"\"a\u2028b\"", "invisible or control"},
	    {"\"a\u202eb\"", "invisible or control"},
	    {"\"\u3164\u3164\u3164\"", "invisible or control"}, /* blank letters */
	    {"\"ab\u200bc\"", "invisible or control"},
	    {"\"a\xff\"", "save the file in UTF-8"},
	    {"\"a\xe1\xba\"", "not UTF-8"},
	    {"\"\xed\xa0\x80\"", "not UTF-8"},
	    {"\"Illegal site. Police 113\"", "write no sentences"},
	    {"\"Your visit has been recorded!\"", "has a character that it cannot have"},
	    {"\"see https://evil.example\"", "has a character that it cannot have"},
	    {"\"This site is illegal (Decree 15/2020), your visit has been recorded, call 113\"",
	     "at most 64 characters"},
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char text[512];
		snprintf(text, sizeof(text), "version = 1;\ncontact = %s;\n" SITES,
			 wrong[i].written);
		assert_error(text, 2, 1, wrong[i].message);
	}
	static const char *const fine[] = {
	    "it@office.example",
	    "+84 24 3825 1234",
	    "113",
	    "Phòng CNTT, máy lẻ 123",
	    "IT (room 3.14) / help_desk@office.example",
	    "Phòng Công nghệ",
	};
	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++) {
		char text[512];
		struct diagnostics diagnostics = {0};
		snprintf(text, sizeof(text), "version = 1;\ncontact = \"%s\";\n" SITES, fine[i]);
		struct parsed_policy *parsed = parsed_policy_read(text, "p.conf", &diagnostics);
		print_all(&diagnostics);
		assert_non_null(parsed);
		parsed_policy_free(parsed);
	}
}

/* A name that a page or a mail shows cannot be made to say something. */
static void test_site_names(void **state)
{
	(void)state;
	const struct {
		const char *name, *message;
	} wrong[] = {
	    {"a lawful site. It spreads lies", "write no sentences"},
	    {"banned (Art. 117)", "write no sentences"},
	    {"Bank: your visit is reported", "a character that a site's name cannot have"},
	    {"Bank!", "a character that a site's name cannot have"},
	    {"Bank, of course", "a character that a site's name cannot have"},
	    {"\u3164", "invisible or control"},
	    {"a lawful site that spreads false news and is banned", "at most 40 characters"},
	    {"", "write what people call the site"},
	    {"- -", "write what people call the site"},
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char text[512];
		snprintf(text, sizeof(text),
			 HEAD "sites = ( { name = \"%s\"; domains = [ \"nnn.vn\" ]; } );\n",
			 wrong[i].name);
		assert_error(text, 2, 13, wrong[i].message);
	}
}

static void test_actions(void **state)
{
	(void)state;
	assert_error(HEAD "actions = \"block\";\n" SITES, 2, 1, "must be in braces");
	assert_error(HEAD "actions = { high = \"drop\"; };\n" SITES, 2, 13,
		     "must be \"observe\", \"warn\" or \"block\", such as high = \"block\"");
	assert_error(HEAD "actions = { low = 1; };\n" SITES, 2, 13, "such as low = \"observe\"");
	assert_error(HEAD "actions = { hihg = \"warn\"; };\n" SITES, 2, 13,
		     "did you mean \"high\"?");
	assert_error(HEAD "actions = { certain = \"warn\"; };\n" SITES, 2, 13,
		     "actions has only high, medium and low");
	assert_error(HEAD "actions = { high = \"Block\"; };\n" SITES, 2, 13, "must be");
}

static void test_actions_upside_down(void **state)
{
	(void)state;
	assert_error(HEAD "actions = { high = \"warn\"; medium = \"block\"; };\n" SITES, 2, 1,
		     "high = \"warn\" is milder than medium, which is \"block\"; write medium = "
		     "\"warn\" or raise high");
	assert_error(HEAD "actions = { high = \"observe\"; };\n" SITES, 2, 1,
		     "medium, which is \"warn\" unless set; write medium = \"observe\"");
	assert_error(HEAD "actions = { medium = \"block\"; high = \"warn\"; };\n" SITES, 2, 1,
		     "high = \"warn\" is milder");
}

/* A faint resemblance is no reason to stop anything. */
static void test_low_never_stops(void **state)
{
	(void)state;
	assert_error(HEAD "actions = { low = \"block\"; };\n" SITES, 2, 13,
		     "low can only be \"observe\"");
	assert_error(HEAD
		     "actions = { high = \"block\"; medium = \"warn\"; low = \"warn\"; };\n" SITES,
		     2, 46, "low can only be \"observe\"");
}

/* Names that are not delegated protect nobody: they only make twins of real ones. */
static void test_top_levels(void **state)
{
	(void)state;
	assert_error(HEAD "sites = ( { name = \"N\"; domains = [ \"facebook.zzz\" ]; } );\n", 2, 37,
		     "is under \".zzz\", which is not a top-level domain; check its spelling");
	assert_error(HEAD
		     "sites = ( { name = \"N\"; domains = [ \"nnn.vn\" ]; own = [ \"n.zzz\" ]; "
		     "} );\n",
		     2, 57, "is under \".zzz\"");
	static const char *const fine[] = {"office.example", "office.internal", "office.test",
					   "nnn.com.vn",     "nnn.xn--p1ai",    "nnn.dev"};
	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++) {
		char text[512];
		struct diagnostics diagnostics = {0};
		snprintf(text, sizeof(text),
			 HEAD "sites = ( { name = \"N\"; domains = [ \"%s\" ]; } );\n", fine[i]);
		struct parsed_policy *parsed = parsed_policy_read(text, "p.conf", &diagnostics);
		print_all(&diagnostics);
		assert_non_null(parsed);
		parsed_policy_free(parsed);
	}
}

static void test_unknown_settings(void **state)
{
	(void)state;
	const char *scope =
	    "Truegate flags names for their resemblance to a protected site and for "
	    "nothing else: sites to protect go in sites, names never to flag in "
	    "exceptions";
	assert_error(HEAD "blocklist = [ \"a.example\" ];\n" SITES, 2, 1, scope);
	assert_error(HEAD "flag = ( \"casino\" );\n" SITES, 2, 1, scope);
	assert_error(HEAD "categories = { gambling = true; };\n" SITES, 2, 1, scope);
	assert_error(HEAD "words = \"casino\";\n" SITES, 2, 1, scope);
	assert_error(HEAD " excepions = [];\n" SITES, 2, 2, "did you mean \"exceptions\"?");
	assert_error(HEAD " Sites = 5;\n" SITES, 2, 2, "did you mean \"sites\"?");
	assert_error("contact = \"ask\"; version = 1; site = 1;\n" SITES, 1, 31,
		     "did you mean \"sites\"?");
	char text[512];
	char name[201];
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	snprintf(text, sizeof(text), HEAD "%s = 1;\n" SITES, name);
	assert_error(text, 2, 1, "unknown setting \"aaaa");
}

static void test_what_is_no_site(void **state)
{
	(void)state;
	assert_error(HEAD "sites = [ \"nnn.vn\" ];\n", 2, 1, "a list in round brackets");
	assert_error(HEAD "sites = { };\n", 2, 1, "a list in round brackets");
	assert_error(HEAD "sites = 5;\n", 2, 1, "a list in round brackets");
	assert_error(HEAD "sites = ( );\n", 2, 1, "sites is empty");
	assert_error(HEAD "sites = ( \"nnn.vn\" );\n", 2, 11, "a site is written in braces");
	assert_error(HEAD "sites = ( [ \"nnn.vn\" ] );\n", 2, 11, "a site is written in braces");
	assert_error(HEAD "sites = ( { domains = [ \"nnn.vn\" ]; } );\n", 2, 11, "has no name");
	assert_error(HEAD "sites = ( { name = \"N\"; } );\n", 2, 11, "has no domains");
	assert_error(HEAD "sites = ( { name = 5; domains = [ \"nnn.vn\" ]; } );\n", 2, 13,
		     "name must be a quoted string");
	assert_error(HEAD "sites = ( { name = \"\"; domains = [ \"nnn.vn\" ]; } );\n", 2, 13,
		     "write what people call the site");
	assert_error(HEAD "sites = ( { name = \"N\"; domains = [ ]; } );\n", 2, 25,
		     "domains is empty");
	assert_error(HEAD "sites = ( { name = \"N\"; domains = \"nnn.vn\"; } );\n", 2, 25,
		     "domains must be quoted strings in brackets");
	const struct expected numbers[] = {{2, 37, "not a quoted string"},
					   {2, 40, "not a quoted string"}};
	assert_errors(HEAD "sites = ( { name = \"N\"; domains = [ 5, 6 ]; } );\n", numbers, 2);
	assert_error(HEAD
		     "sites = ( { name = \"N\"; domains = [\"nnn.vn\"]; tokens = \"n\"; } );\n",
		     2, 47, "tokens must be quoted strings in brackets");
}

static void test_places_inside_sites(void **state)
{
	(void)state;
	const struct expected expected[] = {
	    {3, 5, "unknown setting \"label\"; a site has only name, domains, own and tokens"},
	    {4, 17, "\"www.nganhang.vn\" is too narrow; write \"nganhang.vn\""},
	    {5, 20, "\"com.vn\" is a public suffix"},
	    {6, 5, "\"192.0.2.1\" is an IP address"},
	    {8, 16, "token \"\"\\\" has a character other than letters"},
	    {8, 25,
	     "token \"casino\" is not this site's own; write a label of its domains "
	     "(\"nganhang\")"},
	    {8, 35, "tokens contains a value that is not a quoted string"},
	    {9, 14, "this site has no name"},
	};
	assert_errors(HEAD "sites = ( { name = \"Ngân hàng\"; # the ( \" first\n"
			   "    label = { a = true; b = ( 1, -2.5e3, [ false ], { } ) };\n"
			   "    domains = ( \"www.nganhang.vn\", /* ( \n"
			   " */ \"nganhàng.vn\", \"com.vn\",\n"
			   "    \"192.0.2.1\", \"nganhang.vn\"\n"
			   "  );\n"
			   "    tokens = ( \"\\\"\\\\\" , \"casino\", 0x1F ); },\n"
			   "             { domains = [ \"xyz.vn\" ]; } );\n",
		      expected, sizeof(expected) / sizeof(*expected));
}

#define SITE(name, domain, token)                                                                  \
	"{ name = \"" name "\"; domains = [ \"" domain "\" ]; tokens = [ \"" token "\" ]; }"

static void test_what_stands_twice(void **state)
{
	(void)state;
	assert_error(HEAD
		     "sites = (\n" SITE("N", "nnn.vn", "nn") ",\n" SITE("N", "abc.vn", "ac") ");\n",
		     4, 3, "the site name \"N\" appears twice; first at p.conf:3:3");
	assert_error(
	    HEAD "sites = (\n" SITE("N", "nnn.vn", "nn") ",\n" SITE("M", "NNN.vn", "nnn") ");\n", 4,
	    27, "domain \"nnn.vn\" appears twice; first at p.conf:3:27");
	assert_error(HEAD "sites = (\n" SITE("N", "bücher.vn", "bch") ",\n" SITE(
			 "M", "xn--bcher-kva.vn", "bc") ");\n",
		     4, 27, "domain \"xn--bcher-kva.vn\" appears twice");
	assert_error(HEAD
		     "sites = (\n" SITE("N", "nnn.*", "nn") ",\n" SITE("M", "nnn.*", "nnn") ");\n",
		     4, 27, "domain \"nnn.*\" appears twice");
	assert_error(HEAD
		     "sites = (\n" SITE("N", "nmo.vn", "NO") ",\n" SITE("M", "nko.vn", "no") ");\n",
		     4, 50, "token \"no\" appears twice; first at p.conf:3:50");
	assert_error(HEAD "sites = (\n" SITE("N", "nko.vn", "no\", \"no") ");\n", 3, 56,
		     "token \"no\" appears twice; first at p.conf:3:50");
	assert_error(HEAD
		     "sites = (\n" SITE("N", "nko.vn", "no") ",\n" SITE("M", "no.vn", "no") ");\n",
		     3, 50,
		     "token \"no\" is the label of another site's domain, at p.conf:4:27; leave "
		     "it out");
	assert_error(HEAD "exceptions = [ \"a.vn\", \"A.vn\" ];\n" SITES, 2, 24,
		     "exception \"a.vn\" appears twice; first at p.conf:2:16");
	assert_error(HEAD "decorations = [ \"ab\", \"ab\" ];\n" SITES, 2, 23,
		     "decoration \"ab\" appears twice; first at p.conf:2:17");
}

static void test_exceptions(void **state)
{
	(void)state;
	assert_error(HEAD "exceptions = \"a.vn\";\n" SITES, 2, 1, "quoted strings in brackets");
	assert_error(HEAD "exceptions = { a = 1 };\n" SITES, 2, 1, "quoted strings in brackets");
	const struct {
		const char *entry;
		const char *message;
	} wrong[] = {
	    {".+", "has a dot at character 1"},
	    {".*\\\\.com", "has a dot at character 1"},
	    {"[a-z]+\\\\.(vn|com)", "[ ] at character 1"},
	    {"[^q].*", "[ ] at character 1"},
	    {"[a-pr-z].*", "[ ] at character 1"},
	    {"[a-p].*|[r-z].*", "[ ] at character 1"},
	    {"a\\\\d\\\\.vn", "character 2 is not allowed"},
	    {"a+\\\\.vn", "character 2 is not allowed"},
	    {"a{2}\\\\.vn", "character 2 is not allowed"},
	    {"shop.(vn|com)",
	     "has a dot at character 5 that would stand for any character; write \\."},
	    {"(a\\\\.)?com\\\\.vn", "exception \"com.vn\" is a public suffix"},
	    {"(a|b)(c|d)(e|f)(g|h)(i|j)(k|l)(m|n)\\\\.vn", "stands for more than 64 words"},
	    {"com.vn", "is a public suffix"},
	    {"vn", "is a public suffix"},
	    {"", "is empty"},
	    {"a..vn", "empty label"},
	    {"-a.vn", "hyphen"},
	    {"192.0.2.1", "IP address"},
	    {"^a\\\\.vn$", "character 1 is not allowed"},
	    {"(?i)a", "character 2 is not allowed"},
	    {"(a", "has a bracket at character 1 that is never closed"},
	    {"*.a.vn", "character 1 is not allowed"},
	    {"https://a.vn/", "character 6 is not allowed"},
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char text[256];
		snprintf(text, sizeof(text), HEAD "exceptions = [ \"ok.vn\",\n \"%s\" ];\n" SITES,
			 wrong[i].entry);
		assert_error(text, 3, 2, wrong[i].message);
	}
}

static void test_decorations(void **state)
{
	(void)state;
	assert_error(HEAD "decorations = 5;\n" SITES, 2, 1, "quoted strings in brackets");
	const struct {
		const char *entry;
		const char *message;
	} wrong[] = {
	    {"", "is empty"},
	    {"a*", "character 2 is not allowed"},
	    {"(ab)?", "matches the empty text"},
	    {".+", "has a dot at character 1"},
	    {"[a-z]", "[ ] at character 1"},
	    {"[a-pr-z]+", "[ ] at character 1"},
	    {"[^q]+", "[ ] at character 1"},
	    {".{8,}", "has a dot at character 1"},
	    {"[aeiou]", "[ ] at character 1"},
	    {"\\\\d+", "character 1 is not allowed"},
	    {"a", "fewer than two letters"},
	    {"(a|bc)", "fewer than two letters"},
	    {"24", "fewer than two letters"},
	    {"a\\\\.b", "has a dot"},
	    {"(?=a)", "character 2 is not allowed"},
	    {"(*COMMIT)a", "character 2 is not allowed"},
	    {"xác", "character 2 is not allowed"},
	    {"a(b", "has a bracket at character 2 that is never closed"},
	    {"ab)", "has a bracket at character 3 that closes nothing"},
	    {"((((((ab))))))", "too many brackets in one another"},
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char text[256];
		snprintf(text, sizeof(text), HEAD "decorations = [ \"ok\",\n \"%s\" ];\n" SITES,
			 wrong[i].entry);
		assert_error(text, 3, 2, wrong[i].message);
	}
}

/* Writes a setting with count patterns of a form that takes a number. */
static char *many_patterns(const char *setting, const char *form, unsigned count)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	fprintf(out, HEAD "%s = [", setting);
	for (unsigned i = 0; i < count; i++) {
		fputs(i > 0 ? ", \"" : " \"", out);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		fprintf(out, form, i);
#pragma GCC diagnostic pop
		fputs("\"", out);
	}
	fputs(" ];\n" SITES, out);
	fclose(out);
	return text;
}

static void test_many_patterns(void **state)
{
	(void)state;
	const char *const settings[] = {"exceptions", "decorations"};
	for (size_t i = 0; i < 2; i++) {
		char *text = many_patterns(settings[i], i == 0 ? "ab?c%u\\\\.vn" : "ab?c%u",
					   PATTERN_COUNT_MAX + 1);
		assert_error(text, 2, 1, "has 257 patterns");
		free(text);
		text = many_patterns(settings[i], i == 0 ? "ab?c%u\\\\.vn" : "ab?c%u",
				     PATTERN_COUNT_MAX);
		struct diagnostics diagnostics = {0};
		struct parsed_policy *parsed = parsed_policy_read(text, "p.conf", &diagnostics);
		assert_non_null(parsed);
		parsed_policy_free(parsed);
		free(text);
	}
}

/* Two letters twice or thrice would be most names. */
static void test_short_decorations(void **state)
{
	(void)state;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	fputs(HEAD "decorations = [ \"login\"", out);
	for (char c = 'a'; c <= 'z'; c++) {
		fprintf(out, ", \"%c(a|e)\"", c);
	}
	fputs(" ];\n" SITES, out);
	fclose(out);
	assert_error(text, 2, 1, "52 words of two letters; write at most 32");
	free(text);
	text = many_patterns("decorations", "(a|b)?(c|d)?x(e|f)?y%u", 64);
	assert_error(text, 2, 1, "stand for 1728 words; write at most 1024");
	free(text);
}

static void test_too_many_labels(void **state)
{
	(void)state;
	for (unsigned labels = 1024; labels <= 1025; labels++) {
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);
		assert_non_null(out);
		fputs(HEAD "sites = (\n", out);
		for (unsigned i = 0; i < labels; i++) {
			fprintf(out,
				"%s{ name = \"N%u\"; domains = [ \"nnn%u.vn\", \"nnn%u.com\" ]; }",
				i > 0 ? ",\n" : "", i, i, i);
		}
		fputs(");\n", out);
		fclose(out);
		struct diagnostics diagnostics = {0};
		struct parsed_policy *parsed = parsed_policy_read(text, "p.conf", &diagnostics);
		assert_int_equal(parsed != NULL, labels == 1024);
		if (parsed == NULL) {
			assert_int_equal(diagnostics.count, 1);
			assert_non_null(
			    strstr(diagnostics.items[0].text,
				   "protects 1025 different labels; write at most 1024"));
		}
		parsed_policy_free(parsed);
		free(text);
	}
}

/* libconfig compares each name with all others of its group. */
static void test_no_group_has_very_many_settings(void **state)
{
	(void)state;
	char text[4096] = HEAD;
	for (unsigned i = 0; i <= SETTING_MEMBERS_MAX; i++) {
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "a%u = 1;\n", i);
	}
	struct diagnostics diagnostics = {0};
	assert_null(parsed_policy_read(text, "p.conf", &diagnostics));
	assert_int_equal(diagnostics.count, 1);
	assert_int_equal(diagnostics.items[0].column, 1);
	assert_non_null(strstr(diagnostics.items[0].text, "too many settings together"));
}

static void test_syntax(void **state)
{
	(void)state;
	assert_error("version = 1; version = 2;\n", 1, 14, "duplicate setting name; write it once");
	assert_error(HEAD "sites = ( { name = \"N\"; domains = [ \"n.vn\" ]; name = \"M\"; } );\n",
		     2, 47, "duplicate setting name; write it once");
	assert_error(HEAD "sites = ( { name = \"N\"; domains = [ \"nnn.vn\", 5 ]; } );\n", 2, 47,
		     "put every entry in quotes");
	assert_error(HEAD "decorations = [ 5, 6, \"a\" ];\n", 2, 23, "put every entry in quotes");
	assert_error(HEAD "decorations = [ 5, true ];\n", 2, 20, "put every entry in quotes");
	assert_error(HEAD "actions \"x\";\n", 2, 1, "a \"=\" is missing after this name");
	assert_error(HEAD "actions", 2, 1, "a \"=\" is missing after this name");
	assert_error(HEAD "actions =", 2, 9, "a value is missing after this");
	assert_error(HEAD "actions = ;\n", 2, 11, "a value is missing here");
	assert_error(HEAD "actions = it;\n", 2, 11, "strings need quotes");
	assert_error(HEAD "actions = \"a\" \"b\";\n", 2, 15, "a semicolon is missing before this");
	assert_error(HEAD "actions = { }; /* open\n" SITES, 2, 16, "this comment is never closed");
	assert_error(HEAD "= 5;\n", 2, 1, "a setting is expected here");
	assert_error(HEAD ";\n", 2, 1, "a setting is expected here");
	assert_error(HEAD "\"a\" = 5;\n", 2, 1, "a setting is expected here");
	assert_error(HEAD "$", 2, 1, "a setting is expected here");
	assert_error("\x01", 1, 1, "a setting is expected here");
	assert_error(HEAD "a = -;", 2, 5, "a value is missing here");
}

static void test_syntax_of_lists(void **state)
{
	(void)state;
	assert_error(HEAD "sites = ( { name = \"N\" );\n", 2, 11, "closed by one of another kind");
	assert_error(HEAD "sites = ( { name = \"N\" }\n", 2, 9, "never closed");
	assert_error(HEAD "sites = ( ) );\n", 2, 13, "closes nothing");
	assert_error(HEAD "sites = ( { name = \"N\"; }, );\n", 2, 26,
		     "a comma stands before a closing bracket; remove it");
	assert_error(HEAD "exceptions = [ \"a\", # b\n ];\n", 2, 19, "a comma stands before");
	assert_error(HEAD "exceptions = [ , \"a\" ];\n", 2, 16, "a value is missing here");
	assert_error(HEAD "exceptions = [ \"a\",, \"b\" ];\n", 2, 20, "a value is missing here");
	assert_error(HEAD "exceptions = [ \"a\" \"b\" ];\n", 2, 20,
		     "a comma or a closing bracket is missing before this");
	assert_error(HEAD "exceptions = [ \"a\"; ];\n", 2, 19, "a comma or a closing bracket");
	assert_error(HEAD "exceptions = [ a ];\n", 2, 16, "strings need quotes");
	assert_error(HEAD "sites = ( { name = \"N\" } { name = \"M\" } );\n", 2, 26,
		     "a comma or a closing bracket");
	assert_error(HEAD "sites = [ { name = \"N\" } ];\n", 2, 11, "[ ] may hold only strings");
	assert_error(HEAD "exceptions = [ \"a\"\ndecorations = [ ];\n", 3, 1,
		     "a comma or a closing bracket is missing before this");
	assert_error(HEAD "a = ((((((((((((((((((((1))))))))))))))))))));\n", 2, 21,
		     "nested too deep");
}

static void test_syntax_of_texts(void **state)
{
	(void)state;
	assert_error(HEAD "actions = \"x;\n" SITES, 2, 11, "no closing quote (\") on its line");
	assert_error(HEAD "actions = \"x\ny\";\n", 2, 11, "no closing quote");
	assert_error(HEAD "actions = \"", 2, 11, "no closing quote");
	assert_error(HEAD "actions = \"\\\"", 2, 11, "no closing quote");
	assert_error(HEAD "actions = \"a\\x00b\";\n", 2, 13, "\\x00 cannot appear");
	assert_error(HEAD "actions = \"\\\\\\x00\";\n", 2, 14, "\\x00 cannot appear");
	assert_error(HEAD "actions = \"\\x00\";\n", 2, 12, "\\x00 cannot appear");
}

static void test_includes(void **state)
{
	(void)state;
	assert_error("@\n", 1, 1, "@include cannot be used");
	assert_error(HEAD "@include \"/etc/passwd\"\n", 2, 1,
		     "@include cannot be used; write it here");
	assert_error(HEAD "a = \n  @include \"/etc/passwd\"\n", 3, 3, "@include cannot be used");
	assert_error(HEAD "a = [ \n@include \"/etc/passwd\"\n", 3, 1, "@include cannot be used");
}

static void test_an_include_in_a_comment_or_text_is_none(void **state)
{
	(void)state;
	const char *text = "version = 1;\n/*\n@include \"a\"\n*/\n# @include \"b\"\n"
			   "contact = \"a@bc\";\n" SITES;
	struct diagnostics diagnostics = {0};
	struct parsed_policy *parsed = parsed_policy_read(text, "p.conf", &diagnostics);
	print_all(&diagnostics);
	assert_non_null(parsed);
	assert_string_equal(parsed->contact, "a@bc");
	parsed_policy_free(parsed);
}

static void test_messages_beyond_the_bound_are_counted(void **state)
{
	(void)state;
	char text[4096] = HEAD;
	for (int i = 0; i < 30; i++) {
		strcat(text, "u");
		for (int j = 0; j <= i; j++) {
			strcat(text, "x");
		}
		strcat(text, " = 1;\n");
	}
	strcat(text, SITES);
	struct diagnostics diagnostics = {0};
	assert_null(parsed_policy_read(text, "p.conf", &diagnostics));
	assert_int_equal(diagnostics.count, DIAGNOSTICS_MAX);
	assert_int_equal(diagnostics.more, 30 - DIAGNOSTICS_MAX);
	assert_int_equal(diagnostics.items[0].line, 2);
}

static void test_earlier_messages_are_left_alone(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};
	diagnostics_add(&diagnostics, "other", 99, 1, "earlier");
	assert_null(parsed_policy_read("x = 1;", "p.conf", &diagnostics));
	assert_string_equal(diagnostics.items[0].text, "earlier");
	assert_int_equal(diagnostics.count, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_required),
	    cmocka_unit_test(test_site_names),
	    cmocka_unit_test(test_low_never_stops),
	    cmocka_unit_test(test_top_levels),
	    cmocka_unit_test(test_short_decorations),
	    cmocka_unit_test(test_too_many_labels),
	    cmocka_unit_test(test_version),
	    cmocka_unit_test(test_contact),
	    cmocka_unit_test(test_actions),
	    cmocka_unit_test(test_actions_upside_down),
	    cmocka_unit_test(test_unknown_settings),
	    cmocka_unit_test(test_what_is_no_site),
	    cmocka_unit_test(test_places_inside_sites),
	    cmocka_unit_test(test_what_stands_twice),
	    cmocka_unit_test(test_exceptions),
	    cmocka_unit_test(test_decorations),
	    cmocka_unit_test(test_many_patterns),
	    cmocka_unit_test(test_syntax),
	    cmocka_unit_test(test_no_group_has_very_many_settings),
	    cmocka_unit_test(test_syntax_of_lists),
	    cmocka_unit_test(test_syntax_of_texts),
	    cmocka_unit_test(test_includes),
	    cmocka_unit_test(test_an_include_in_a_comment_or_text_is_none),
	    cmocka_unit_test(test_messages_beyond_the_bound_are_counted),
	    cmocka_unit_test(test_earlier_messages_are_left_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
