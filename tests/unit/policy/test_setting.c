/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The format is libconfig's: what is taken here, libconfig takes too, and reads the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libconfig.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/settings/setting.h"

#define ROUNDS 60000

static int libconfig_kind(const struct setting *setting)
{
	switch (setting->kind) {
	case SETTING_GROUP:
		return CONFIG_TYPE_GROUP;
	case SETTING_LIST:
		return CONFIG_TYPE_LIST;
	case SETTING_ARRAY:
		return CONFIG_TYPE_ARRAY;
	case SETTING_TEXT:
		return CONFIG_TYPE_STRING;
	case SETTING_NUMBER:
		return CONFIG_TYPE_INT;
	case SETTING_BOOLEAN:
		return CONFIG_TYPE_BOOL;
	case SETTING_OTHER:
		break;
	}
	return CONFIG_TYPE_NONE;
}

static void assert_same(const struct setting *ours, const config_setting_t *theirs,
			const char *text)
{
	const int type = config_setting_type(theirs);
	const int wanted = libconfig_kind(ours);
	/* A number that int cannot hold is cut by 1.5 and wide in 1.7. */
	const bool is_wide = ours->kind == SETTING_NUMBER && ours->number > INT_MAX;
	if (wanted != CONFIG_TYPE_NONE && type != wanted && !is_wide) {
		fail_msg("type %d, not %d:\n%s", type, wanted, text);
	}
	if (ours->name != NULL) {
		assert_string_equal(ours->name, config_setting_name(theirs));
	}
	if (ours->kind == SETTING_TEXT &&
	    strcmp(ours->text, config_setting_get_string(theirs)) != 0) {
		fail_msg("\"%s\", not \"%s\":\n%s", ours->text, config_setting_get_string(theirs),
			 text);
	}
	if (ours->kind == SETTING_NUMBER && !is_wide) {
		assert_int_equal(ours->number, config_setting_get_int(theirs));
	}
	if (ours->kind == SETTING_BOOLEAN) {
		assert_int_equal(ours->number, config_setting_get_bool(theirs));
	}
	if (ours->kind <= SETTING_ARRAY) {
		assert_int_equal(ours->count, config_setting_length(theirs));
		for (size_t i = 0; i < ours->count; i++) {
			assert_same(ours->children[i], config_setting_get_elem(theirs, (unsigned)i),
				    text);
		}
	}
}

/* \returns whether it was taken, after holding it against libconfig. */
static bool compare(const char *text)
{
	struct setting_fault fault = {0};
	struct setting *root = setting_parse(text, &fault);
	if (root == NULL) {
		assert_non_null(fault.why);
		assert_true(fault.line > 0 && fault.column > 0);
		return false;
	}
	char lines[4096];
	snprintf(lines, sizeof(lines), "%s\n", text); /* 1.5 wants an end after a comment */
	config_t config;
	config_init(&config);
	if (config_read_string(&config, lines) != CONFIG_TRUE) {
		fail_msg("libconfig: %s at line %d:\n%s", config_error_text(&config),
			 config_error_line(&config), text);
	}
	assert_same(root, config_root_setting(&config), text);
	config_destroy(&config);
	setting_free(root);
	return true;
}

static void test_what_is_taken(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "",
	    "a = 1;",
	    "a : 1, b = 2 c = 3",
	    "a = \"x\\\"y\\\\z\\n\\t\\x41\\.\\d\";",
	    "a = [ ]; b = ( ); c = { };",
	    "a = [ 1, 2, 3 ]; b = [ \"x\", \"y\" ]; c = ( 1, \"x\", [ true, false ], { d = 1.5e3; "
	    "} );",
	    "# c\n// d\n/* e\n*/ a = 0x1F; b = 007; c = true; d = -5; e = 5L; f = .5;",
	    "a = 2147483647; b = 0x7fffffff;",
	    "x-y_z = \"\"; *star = 1;",
	    "sites = ( { name = \"Ngân hàng\"; domains = [ \"nganhàng.vn\" ]; } ); # no end of "
	    "line",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (!compare(texts[i])) {
			fail_msg("refused: %s", texts[i]);
		}
	}
}

/* Texts put together from pieces that mean something, the same ones each time. */
static void test_against_libconfig(void **state)
{
	(void)state;
	static const char *const pieces[] = {
	    "a",     "b",     "name",   "=",       ":",        ";",     ",",         "{",
	    "}",     "(",     ")",      "[",       "]",        "1",     "0x1f",      "-3",
	    "1.5",   "7L",    "true",   "FALSE",   "\"",       "\"x\"", "\"y\\\"\"", "\"\\x41\"",
	    "\"\\",  "# c\n", "// d\n", "/* e */", " ",        "\n",    "a = ",      "b = [",
	    "c = (", "d = {", "; }",    "\"z\",",  "@include", "\\",    "e",         "-",
	};
	uint64_t random = 0x9e3779b97f4a7c15;
	unsigned taken = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		char text[512] = "";
		const unsigned count = 1 + (unsigned)(random >> 33) % 12;
		for (unsigned i = 0; i < count; i++) {
			random = random * 6364136223846793005U + 1442695040888963407U;
			strcat(text, pieces[(random >> 33) % (sizeof(pieces) / sizeof(*pieces))]);
		}
		taken += compare(text) ? 1 : 0;
	}
	print_message("%u of %d texts were taken, each as libconfig reads it\n", taken, ROUNDS);
	assert_true(taken > ROUNDS / 100);
}

static void test_places(void **state)
{
	(void)state;
	struct setting_fault fault = {0};
	struct setting *root = setting_parse("a = 1;\n  sites = (\n\t{ tên = \"ü\" } );", &fault);
	assert_null(root);
	assert_int_equal(fault.line, 3);
	root = setting_parse("a = 1;\n/* ü */  sites = ( \"ü\",\n 0xffffffffffffffff0 );", &fault);
	assert_non_null(root);
	const struct setting *sites = setting_member(root, "sites");
	assert_int_equal(sites->line, 2);
	assert_int_equal(sites->column, 10);
	assert_int_equal(sites->children[0]->column, 20);
	assert_int_equal(sites->children[1]->line, 3);
	assert_int_equal(sites->children[1]->column, 2);
	assert_int_equal(sites->children[1]->kind, SETTING_OTHER); /* fits nowhere */
	assert_null(setting_member(root, "b"));
	assert_null(setting_text(sites));
	assert_string_equal(setting_text(sites->children[0]), "ü");
	setting_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_taken),
	    cmocka_unit_test(test_against_libconfig),
	    cmocka_unit_test(test_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
