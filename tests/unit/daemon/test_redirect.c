/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/answer/own_name.h"
#include "daemon/answer/plain_dns.h"
#include "daemon/answer/redirect.h"
#include "dpi/observation.h"

static const char *location(const char *page, const char *host, bool head_only)
{
	static char out[REDIRECT_SIZE + 1];
	static char url[REDIRECT_SIZE + 1];
	size_t len = redirect_write(page, host, strlen(host), head_only, out, REDIRECT_SIZE);

	assert_true(len > 0);
	out[len] = '\0';
	assert_memory_equal(out, "HTTP/1.1 303 See Other\r\nLocation: ", 34);
	(void)snprintf(url, sizeof(url), "%s", out + 34);
	url[strcspn(url, "\r")] = '\0';

	/* The head tells the body's length, whether the body follows or not. */
	const char *body = strstr(out, "\r\n\r\n");
	size_t told = 0;

	assert_non_null(body);
	assert_int_equal(sscanf(strstr(out, "Content-Length: "), "Content-Length: %zu", &told), 1);
	assert_int_equal(strlen(body + 4), head_only ? 0 : told);
	return url;
}

static void test_where_it_leads(void **state)
{
	(void)state;
	assert_string_equal(location("truegate.internal", "a.top", false),
			    "http://truegate.internal/a.top");
	assert_string_equal(location("[fd53::80]", "a.top", true), "http://[fd53::80]/a.top");
	assert_string_equal(location("198.18.53.80", "việtcombank.example", false),
			    "http://198.18.53.80/xn--vitcombank-dv3e.example");
	/* What cannot stand in a URL is left out, and can so write no head or link of its own. */
	assert_string_equal(location("p", "a\r\nSet-Cookie: x", false), "http://p/");
	assert_string_equal(location("p", "\"><script>", false), "http://p/");
}

static void test_longest_and_too_small(void **state)
{
	(void)state;
	char host[HOST_NAME_MAX_LEN + 1], out[REDIRECT_SIZE];

	for (size_t i = 0; i < HOST_NAME_MAX_LEN; i++) {
		host[i] = i % 64 == 63 ? '.' : 'a';
	}
	host[HOST_NAME_MAX_LEN] = '\0';

	size_t len = redirect_write(host, host, HOST_NAME_MAX_LEN, false, out, sizeof(out));

	assert_in_range(len, 1, REDIRECT_SIZE);
	for (size_t size = 1; size < len; size++) {
		char *exact = malloc(size);

		assert_non_null(exact);
		assert_int_equal(redirect_write(host, host, HOST_NAME_MAX_LEN, false, exact, size),
				 0);
		free(exact);
	}
}

static void test_own_names(void **state)
{
	(void)state;
	static const struct {
		const char *host;
		enum own_name without, with; /* canary names */
	} cases[] = {
	    {"truegate.internal", OWN_NAME_PAGE, OWN_NAME_PAGE},
	    {"a.b.truegate.internal", OWN_NAME_PAGE, OWN_NAME_PAGE},
	    {"xtruegate.internal", OWN_NAME_NONE, OWN_NAME_NONE},
	    {"truegate.internal.top", OWN_NAME_NONE, OWN_NAME_NONE},
	    {"internal", OWN_NAME_NONE, OWN_NAME_NONE},
	    {"use-application-dns.net", OWN_NAME_NONE, OWN_NAME_ABSENT},
	    {"mask.icloud.com", OWN_NAME_NONE, OWN_NAME_ABSENT},
	    {"icloud.com", OWN_NAME_NONE, OWN_NAME_NONE},
	    {"_dns.resolver.arpa", OWN_NAME_NONE, OWN_NAME_NO_DATA},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *host = cases[i].host;

		assert_int_equal(own_name_of(host, strlen(host), false), cases[i].without);
		assert_int_equal(own_name_of(host, strlen(host), true), cases[i].with);
	}
}

static void test_plain_dns(void **state)
{
	(void)state;
	static const uint8_t a[4] = {192, 0, 2, 10}, b[4] = {192, 0, 2, 11};
	const struct device_address device_a = {a, 4}, device_b = {b, 4};
	struct plain_dns *table = plain_dns_new();

	assert_non_null(table);
	assert_false(plain_dns_asked(table, device_a, "a.top", 5, 0));
	plain_dns_note(table, device_a, "a.top", 5, 0);
	assert_true(plain_dns_asked(table, device_a, "a.top", 5, PLAIN_DNS_SECONDS));
	assert_false(plain_dns_asked(table, device_a, "a.top", 5, PLAIN_DNS_SECONDS + 1));
	assert_false(plain_dns_asked(table, device_b, "a.top", 5, 0));
	assert_false(plain_dns_asked(table, device_a, "b.top", 5, 0));
	plain_dns_free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_where_it_leads),
	    cmocka_unit_test(test_longest_and_too_small),
	    cmocka_unit_test(test_own_names),
	    cmocka_unit_test(test_plain_dns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
