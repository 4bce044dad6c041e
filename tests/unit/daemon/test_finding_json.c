/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/text/finding_json.h"

static const struct finding finding = {
    .imitates = "vietcombank.com.vn",
    .site = "Vietcombank",
    .technique = TECHNIQUE_HOMOGLYPH,
    .confidence = CONFIDENCE_HIGH,
    .action = ACTION_BLOCK,
    .why = "0 stands for o",
};

static void assert_line(const char *host, const struct finding *found, const enum via *via,
			const char *expected)
{
	char line[4096];
	cJSON *object = finding_json(host, strlen(host), found, via);

	assert_non_null(object);
	assert_true(cJSON_PrintPreallocated(object, line, sizeof(line), false));
	assert_string_equal(line, expected);
	cJSON_Delete(object);
}

static void writes_the_keys_in_the_order_promised(void **state)
{
	(void)state;
	enum via via = VIA_DNS;

	assert_line("vietc0mbank.top", &finding, &via,
		    "{\"name\":\"vietc0mbank.top\",\"imitates\":\"vietcombank.com.vn\","
		    "\"site\":\"Vietcombank\",\"technique\":\"homoglyph\",\"confidence\":\"high\","
		    "\"action\":\"block\",\"why\":\"0 stands for o\",\"via\":\"dns\"}");
}

static void leaves_via_out_when_there_is_none(void **state)
{
	(void)state;
	cJSON *object = finding_json("vietc0mbank.top", 15, &finding, NULL);

	assert_non_null(object);
	assert_null(cJSON_GetObjectItemCaseSensitive(object, "via"));
	assert_int_equal(cJSON_GetArraySize(object), 7);
	cJSON_Delete(object);
}

static void says_http(void **state)
{
	(void)state;
	enum via via = VIA_HTTP;
	cJSON *object = finding_json("vietc0mbank.top", 15, &finding, &via);

	assert_string_equal(cJSON_GetObjectItemCaseSensitive(object, "via")->valuestring, "http");
	cJSON_Delete(object);
}

static void escapes_what_json_needs(void **state)
{
	(void)state;
	struct finding odd = finding;

	odd.site = "Bank \"A\" \\ Ngân hàng";
	strcpy(odd.why, "a\nb\xff");
	assert_line("quote\".top", &odd, NULL,
		    "{\"name\":\"quote\\\".top\",\"imitates\":\"vietcombank.com.vn\","
		    "\"site\":\"Bank \\\"A\\\" \\\\ Ngân hàng\",\"technique\":\"homoglyph\","
		    "\"confidence\":\"high\",\"action\":\"block\",\"why\":\"a\uFFFDb\uFFFD\"}");
}

static void writes_the_name_as_a_label(void **state)
{
	(void)state;
	cJSON *object = finding_json("vіetcombank.com", strlen("vіetcombank.com"), &finding, NULL);

	assert_string_equal(cJSON_GetObjectItemCaseSensitive(object, "name")->valuestring,
			    "xn--vetcombank-x2i.com");
	cJSON_Delete(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_the_keys_in_the_order_promised),
	    cmocka_unit_test(leaves_via_out_when_there_is_none),
	    cmocka_unit_test(says_http),
	    cmocka_unit_test(escapes_what_json_needs),
	    cmocka_unit_test(writes_the_name_as_a_label),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
