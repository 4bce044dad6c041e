/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/answer/proceed.h"
#include "daemon/answer/url_host.h"

static const uint8_t device_a[4] = {192, 0, 2, 10};
static const uint8_t device_b[4] = {192, 0, 2, 11};
static const uint8_t server[4] = {198, 51, 100, 9};
static const uint8_t device6[16] = {0x20, 1, 0x0d, 0xb8, [15] = 1};
static const uint8_t server6[16] = {0x20, 1, 0x0d, 0xb8, [15] = 9};

static struct packet packet_from(const uint8_t *device)
{
	return (struct packet){.ip_version = device == device6 ? 6 : 4,
			       .source = device,
			       .dest = device == device6 ? server6 : server,
			       .dest_port = 80};
}

/* The host name in a URL that proceed_url() wrote. */
static void host_in(const char *url, char *host)
{
	assert_memory_equal(url, "http://", 7);
	strcpy(host, url + 7);
	host[strcspn(host, ":/")] = '\0';
}

static bool grant(struct proceed *w, const uint8_t *shown_on, const uint8_t *clicked_on,
		  const char *fake, uint64_t shown_s, uint64_t clicked_s)
{
	struct packet shown = packet_from(shown_on), clicked = packet_from(clicked_on);
	char url[PROCEED_URL_SIZE], host[PROCEED_URL_SIZE];
	struct proceed_request request;

	assert_true(proceed_url(w, &shown, fake, strlen(fake), shown_s, url));
	host_in(url, host);
	assert_int_equal(proceed_read(w, host, strlen(host), &request), PROCEED_FOUND);
	assert_string_equal(request.fake, fake);
	assert_int_equal(request.address_len, shown.ip_version == 4 ? 4 : 16);
	assert_memory_equal(request.address, shown.dest, request.address_len);
	return proceed_grant(w, &clicked, &request, clicked_s);
}

static bool granted(struct proceed *w, const uint8_t *device, const char *host, uint64_t now_s)
{
	struct packet packet = packet_from(device);

	return proceed_granted(w, &packet, host, strlen(host), now_s);
}

static void test_grant_is_for_the_device_the_name_and_a_quarter_of_an_hour(void **state)
{
	(void)state;
	struct proceed *w = proceed_new(NULL);

	assert_non_null(w);
	assert_false(granted(w, device_a, "vietc0mbank.top", 1000));
	assert_true(grant(w, device_a, device_a, "vietc0mbank.top", 1000, 1010));
	assert_true(granted(w, device_a, "vietc0mbank.top", 1010));
	assert_true(granted(w, device_a, "static.vietc0mbank.top", 1010));
	assert_true(granted(w, device_a, "vietc0mbank.top", 1010 + PROCEED_SECONDS - 1));
	assert_false(granted(w, device_a, "vietc0mbank.top", 1010 + PROCEED_SECONDS));
	assert_false(granted(w, device_b, "vietc0mbank.top", 1010));
	assert_false(granted(w, device_a, "top", 1010));
	assert_false(granted(w, device_a, "xvietc0mbank.top", 1010));
	assert_false(granted(w, device_a, "other.top", 1010));
	proceed_free(w);
}

static void test_ipv6(void **state)
{
	(void)state;
	struct proceed *w = proceed_new(NULL);

	assert_non_null(w);
	assert_true(grant(w, device6, device6, "vietc0mbank.top", 1000, 1010));
	assert_true(granted(w, device6, "vietc0mbank.top", 1010));
	assert_false(granted(w, device_a, "vietc0mbank.top", 1010));
	proceed_free(w);
}

static void test_another_device_cannot_use_the_link(void **state)
{
	(void)state;
	struct proceed *w = proceed_new(NULL);

	assert_non_null(w);
	assert_false(grant(w, device_a, device_b, "vietc0mbank.top", 1000, 1010));
	assert_false(granted(w, device_b, "vietc0mbank.top", 1010));
	proceed_free(w);
}

static void test_old_page_is_read_but_grants_nothing(void **state)
{
	(void)state;
	struct proceed *w = proceed_new(NULL);
	uint64_t shown_s = 10 * PROCEED_SECONDS;

	assert_non_null(w);
	assert_true(grant(w, device_a, device_a, "a.top", shown_s, shown_s + PROCEED_SECONDS));
	assert_false(grant(w, device_a, device_a, "b.top", shown_s, shown_s + 2 * PROCEED_SECONDS));
	proceed_free(w);
}

static void test_port_is_kept_and_unicode_made_ascii(void **state)
{
	(void)state;
	struct proceed *w = proceed_new(NULL);
	struct packet packet = packet_from(device_a);
	char url[PROCEED_URL_SIZE], host[PROCEED_URL_SIZE];
	struct proceed_request request;
	static const char fake[] = "việtcombank.example";

	assert_non_null(w);
	packet.dest_port = 8080;
	assert_true(proceed_url(w, &packet, fake, strlen(fake), 1000, url));
	assert_non_null(strstr(url, ".truegate.internal:8080/"));
	host_in(url, host);
	assert_int_equal(proceed_read(w, host, strlen(host), &request), PROCEED_FOUND);
	assert_memory_equal(request.fake, "xn--", 4);
	assert_true(proceed_grant(w, &packet, &request, 1000));
	assert_true(granted(w, device_a, fake, 1001));
	assert_true(granted(w, device_a, request.fake, 1001));
	proceed_free(w);
}

static void test_names_that_are_not_ours(void **state)
{
	(void)state;
	static const char *const none[] = {"vietc0mbank.top", "truegate.internal.example",
					   "xtruegate.internal", "internal", "a.b"};
	static const char *const invalid[] = {
	    "truegate.internal",
	    "x.truegate.internal",
	    "abcdefghijklmnopabcdefghc6336409.truegate.internal",
	    "abcdefghijklmnopabcdefghc6336409.fake.top.truegate.internal",
	    "abcdefghijklmnopabcdefghc633640z.fake.top.truegate.internal",
	    "abcdefghijklmnopabcdefgh00000000000000000000000000000000.fake.top.truegate.internal",
	    ".fake.top.truegate.internal",
	    ".truegate.internal",
	};
	struct proceed *w = proceed_new(NULL);
	struct proceed_request request;

	assert_non_null(w);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_int_equal(proceed_read(w, none[i], strlen(none[i]), &request), PROCEED_NONE);
	}
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		assert_int_equal(proceed_read(w, invalid[i], strlen(invalid[i]), &request),
				 PROCEED_INVALID);
	}
	proceed_free(w);
}

/* One octet changed anywhere in a good name: it is no longer ours, or it grants nothing. */
static void test_forged_labels(void **state)
{
	(void)state;
	struct proceed *w = proceed_new(NULL);
	struct packet packet = packet_from(device_a);
	char url[PROCEED_URL_SIZE], host[PROCEED_URL_SIZE];
	struct proceed_request request;

	assert_non_null(w);
	assert_true(proceed_url(w, &packet, "vietc0mbank.top", 15, 1000, url));
	host_in(url, host);
	for (size_t i = 0; i < strlen(host); i++) {
		char *forged = strdup(host);

		assert_non_null(forged);
		forged[i] = forged[i] == 'a' ? 'b' : 'a';
		if (proceed_read(w, forged, strlen(forged), &request) == PROCEED_FOUND) {
			assert_true(i < 16);
			assert_false(proceed_grant(w, &packet, &request, 1000));
		}
		free(forged);
	}
	proceed_free(w);
}

static void test_keys_differ_by_process_start(void **state)
{
	(void)state;
	struct proceed *one = proceed_new(NULL), *two = proceed_new(NULL);
	struct packet packet = packet_from(device_a);
	char url[PROCEED_URL_SIZE], host[PROCEED_URL_SIZE];
	struct proceed_request request;

	assert_true(one != NULL && two != NULL);
	assert_true(proceed_url(one, &packet, "vietc0mbank.top", 15, 1000, url));
	host_in(url, host);
	assert_int_equal(proceed_read(two, host, strlen(host), &request), PROCEED_INVALID);
	proceed_free(one);
	proceed_free(two);
}

static void test_long_and_strange_names_have_no_proceed(void **state)
{
	(void)state;
	struct proceed *w = proceed_new(NULL);
	struct packet packet = packet_from(device6);
	char fake[HOST_NAME_MAX_LEN + 1], url[PROCEED_URL_SIZE], host[PROCEED_URL_SIZE];
	struct proceed_request request;
	size_t carried = 0;

	assert_non_null(w);
	for (size_t len = 1; len <= HOST_NAME_MAX_LEN; len++) {
		for (size_t i = 0; i < len; i++) {
			fake[i] = i % 64 == 63 && i + 1 < len ? '.' : 'a';
		}
		fake[len] = '\0';
		if (!proceed_url(w, &packet, fake, len, 1000, url)) {
			continue;
		}
		carried = len;
		host_in(url, host);
		assert_true(strlen(host) <= HOST_NAME_MAX_LEN);
		assert_int_equal(proceed_read(w, host, strlen(host), &request), PROCEED_FOUND);
		assert_string_equal(request.fake, fake);
	}
	assert_in_range(carried, 175, 185);
	assert_false(proceed_url(w, &packet, "a<b.example", 11, 1000, url));
	assert_false(proceed_url(w, &packet, "a..example", 10, 1000, url));
	assert_false(proceed_url(w, &packet, "\xff.example", 9, 1000, url));
	assert_false(proceed_url(w, &packet, "a/b.example", 11, 1000, url));
	proceed_free(w);
}

static void test_full_table_forgets_the_oldest_and_keeps_the_newest(void **state)
{
	(void)state;
	const struct proceed_config config = {.grants = 8};
	struct proceed *w = proceed_new(&config);

	assert_non_null(w);
	for (uint64_t i = 0; i < 12; i++) {
		char fake[32];

		(void)snprintf(fake, sizeof(fake), "fake%u.top", (unsigned)i);
		assert_true(grant(w, device_a, device_a, fake, 1000 + i, 1000 + i));
		assert_true(granted(w, device_a, fake, 1000 + i));
	}
	assert_false(granted(w, device_a, "fake0.top", 1012));
	assert_false(granted(w, device_a, "fake3.top", 1012));
	assert_true(granted(w, device_a, "fake4.top", 1012));
	assert_true(granted(w, device_a, "fake11.top", 1012));
	/* Granted again: one place, a later end. */
	assert_true(grant(w, device_a, device_a, "fake4.top", 1500, 1500));
	assert_true(granted(w, device_a, "fake5.top", 1501));
	assert_true(granted(w, device_a, "fake4.top", 1500 + PROCEED_SECONDS - 1));
	proceed_free(w);
}

static void test_suffix(void **state)
{
	(void)state;
	static const char *const bad[] = {"", ".", "a.", ".a", "A.b", "a b", "a/b", "ü.example"};
	struct proceed_config config = {.suffix = "on.office.example"};
	struct proceed *w = proceed_new(&config);
	struct packet packet = packet_from(device_a);
	char url[PROCEED_URL_SIZE], longest[128];

	assert_non_null(w);
	assert_true(proceed_url(w, &packet, "vietc0mbank.top", 15, 1000, url));
	assert_non_null(strstr(url, ".vietc0mbank.top.on.office.example/"));
	proceed_free(w);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		config.suffix = bad[i];
		errno = 0;
		assert_null(proceed_new(&config));
		assert_int_equal(errno, EINVAL);
	}
	for (size_t i = 0; i < 101; i++) {
		longest[i] = i % 51 == 50 && i < 100 ? '.' : 'a';
	}
	longest[101] = '\0';
	config.suffix = longest;
	assert_null(proceed_new(&config));
}

static void test_url_host(void **state)
{
	(void)state;
	char out[HOST_NAME_MAX_LEN + 1];
	static const char *const bad[] = {"", "a..b", ".a", "a b", "a:b", "a@b", "a\\b", "\x80"};

	assert_true(url_host("Example.COM", 11, out));
	assert_string_equal(out, "example.com");
	assert_true(url_host("a_b.example.", 12, out));
	assert_string_equal(out, "a_b.example");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(url_host(bad[i], strlen(bad[i]), out));
	}
	assert_false(url_host("a\0b", 3, out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_grant_is_for_the_device_the_name_and_a_quarter_of_an_hour),
	    cmocka_unit_test(test_ipv6),
	    cmocka_unit_test(test_another_device_cannot_use_the_link),
	    cmocka_unit_test(test_old_page_is_read_but_grants_nothing),
	    cmocka_unit_test(test_port_is_kept_and_unicode_made_ascii),
	    cmocka_unit_test(test_names_that_are_not_ours),
	    cmocka_unit_test(test_forged_labels),
	    cmocka_unit_test(test_keys_differ_by_process_start),
	    cmocka_unit_test(test_long_and_strange_names_have_no_proceed),
	    cmocka_unit_test(test_full_table_forgets_the_oldest_and_keeps_the_newest),
	    cmocka_unit_test(test_suffix),
	    cmocka_unit_test(test_url_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
