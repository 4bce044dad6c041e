/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <cmocka.h>
#include <xxhash.h>

#include "daemon/command/seen_findings.h"

static bool add(struct seen_findings *seen, const char *host, enum via via)
{
	const struct observation observation = {
	    .host = host, .host_len = (uint16_t)strlen(host), .via = via};

	return seen_findings_add(seen, &observation);
}

static void knows_a_name_again(void **state)
{
	(void)state;
	struct seen_findings *seen = seen_findings_new();

	assert_non_null(seen);
	assert_true(add(seen, "vietc0mbank.top", VIA_DNS));
	assert_false(add(seen, "vietc0mbank.top", VIA_DNS));
	assert_true(add(seen, "vietc0mbank.topp", VIA_DNS));
	assert_true(add(seen, "vietc0mbank.to", VIA_DNS));
	assert_false(add(seen, "vietc0mbank.top", VIA_DNS));
	seen_findings_free(seen);
}

static void tells_dns_from_http(void **state)
{
	(void)state;
	struct seen_findings *seen = seen_findings_new();

	assert_non_null(seen);
	assert_true(add(seen, "vietc0mbank.top", VIA_DNS));
	assert_true(add(seen, "vietc0mbank.top", VIA_HTTP));
	assert_false(add(seen, "vietc0mbank.top", VIA_DNS));
	assert_false(add(seen, "vietc0mbank.top", VIA_HTTP));
	seen_findings_free(seen);
}

static void holds_the_longest_name(void **state)
{
	(void)state;
	struct seen_findings *seen = seen_findings_new();
	char host[HOST_NAME_MAX_LEN + 1];

	assert_non_null(seen);
	memset(host, 'a', HOST_NAME_MAX_LEN);
	host[HOST_NAME_MAX_LEN] = '\0';
	assert_true(add(seen, host, VIA_DNS));
	assert_false(add(seen, host, VIA_DNS));
	host[HOST_NAME_MAX_LEN - 1] = 'b';
	assert_true(add(seen, host, VIA_DNS));
	seen_findings_free(seen);
}

/* However many come, the last one is held, and memory is what it was (the sanitizers watch). */
static void forgets_the_oldest_when_full(void **state)
{
	(void)state;
	struct seen_findings *seen = seen_findings_new();
	char host[64];
	size_t forgotten = 0;
	const size_t count = 4 * (size_t)SEEN_FINDINGS_MAX;

	assert_non_null(seen);
	for (size_t i = 0; i < count; i++) {
		snprintf(host, sizeof(host), "vietc0mbank%zu.top", i);
		assert_true(add(seen, host, VIA_DNS));
		assert_false(add(seen, host, VIA_DNS));
	}
	/* The first three quarters are almost all gone: a row is evicted by its own load alone. */
	for (size_t i = 0; i < SEEN_FINDINGS_MAX; i++) {
		snprintf(host, sizeof(host), "vietc0mbank%zu.top", i);
		forgotten += add(seen, host, VIA_DNS);
	}
	assert_true(forgotten > SEEN_FINDINGS_MAX * 9 / 10);
	seen_findings_free(seen);
}

/* Nobody can choose names that push each other out. */
static void rows_cannot_be_chosen(void **state)
{
	(void)state;
	struct seen_findings *seen = seen_findings_new();
	enum { ROWS = SEEN_FINDINGS_MAX / SEEN_FINDINGS_ROW, CHOSEN = SEEN_FINDINGS_ROW + 1 };
	char hosts[CHOSEN][32];

	assert_non_null(seen);
	for (size_t i = 0, n = 0; n < CHOSEN; i++) {
		snprintf(hosts[n], sizeof(hosts[n]), "vietc0mbank%zu.top", i);
		n += XXH3_64bits(hosts[n], strlen(hosts[n])) % ROWS == 0;
	}
	for (size_t n = 0; n < CHOSEN; n++) {
		assert_true(add(seen, hosts[n], VIA_DNS));
	}
	assert_false(add(seen, hosts[0], VIA_DNS));
	seen_findings_free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_a_name_again),
	    cmocka_unit_test(tells_dns_from_http),
	    cmocka_unit_test(holds_the_longest_name),
	    cmocka_unit_test(forgets_the_oldest_when_full),
	    cmocka_unit_test(rows_cannot_be_chosen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
