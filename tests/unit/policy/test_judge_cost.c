/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No name costs more than a bound, counted in what is weighed and not in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/bench/seeded.h"
#include "tests/unit/policy/judging.h"

static const char text[] =
    "version = 1; contact = \"it@office.example\";\n"
    "sites = (\n"
    "  { name = \"Amazon\"; domains = [ \"amazon.com\", \"amazon.ca\", \"amazon.co.jp\","
    "      \"amazon.co.uk\", \"amazon.de\", \"amazon.fr\", \"amazon.it\", \"amazon.es\","
    "      \"amazon.in\", \"amazon.nl\", \"amazon.pl\", \"amazon.se\", \"amazon.sg\","
    "      \"amazon.ae\", \"amazon.sa\", \"amazon.eg\", \"amazon.com.au\" ]; },\n"
    "  { name = \"PayPal\"; domains = [ \"paypal.com\" ]; },\n"
    "  { name = \"Facebook\"; domains = [ \"facebook.com\" ]; },\n"
    "  { name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; tokens = [ \"vcb\" ]; }\n"
    ");\n";

static size_t work_of(const char *host)
{
	struct finding finding;
	(void)judging_of(&judging, host, &finding);
	return judge_work(judging.judge);
}

/* The piece over and over, in labels of 60 letters, under a suffix. */
static void repeat(const char *piece, const char *suffix, char *out, size_t size)
{
	const size_t piece_len = strlen(piece);
	const size_t room = size - 1 - strlen(suffix);
	size_t len = 0;
	for (size_t i = 0; len < room; i++) {
		const bool full = len % 61 == 60;
		out[len++] = full ? '.' : piece[i % piece_len];
	}
	while (len > 0 && (out[len - 1] == '.' || out[len - 1] == '-')) {
		len--;
	}
	memcpy(out + len, suffix, strlen(suffix) + 1);
}

static void test_repeated_tokens(void **state)
{
	static const char *const pieces[] = {
	    "amazon",         "amaz0n",      "arnazon", "amazon-", "amazonpaypal", "facebookamazon",
	    "amazon-paypal-", "vietcombank", "vcb",     "vcb-",    "paypa1-",      "a-mazon-",
	};
	static const char *const suffixes[] = {".com", ".xyz", ".co.jp", ".com.vn"};
	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		for (size_t j = 0; j < sizeof(suffixes) / sizeof(*suffixes); j++) {
			char host[240];
			repeat(pieces[i], suffixes[j], host, sizeof(host));
			assert_true(work_of(host) <= JUDGE_WORK_MAX);
		}
	}
}

static void test_pieces_at_random(void **state)
{
	static const char *const pieces[] = {"amazon", "arnazon", "paypal", "paypa1", "facebook",
					     "vcb",    "-",       ".",      "co",     "jp",
					     "login",  "com",     "vn",     "x"};
	(void)state;
	struct seeded random = {7};
	for (int round = 0; round < 20000; round++) {
		char host[240] = "a";
		while (strlen(host) < 200) {
			const size_t which =
			    seeded_below(&random, (uint32_t)(sizeof(pieces) / sizeof(*pieces)));
			strcat(host, pieces[which]);
		}
		strcat(host, "b.top");
		assert_true(work_of(host) <= JUDGE_WORK_MAX);
	}
}

/* The registered label has its turn however much stands in front. */
static void test_the_registered_label_comes_first(void **state)
{
	(void)state;
	char host[240];
	repeat("amazon-paypal-", ".vietc0mbank.top", host, sizeof(host));
	struct finding finding;
	assert_int_equal(judging_of(&judging, host, &finding), JUDGE_FOUND);
	assert_string_equal(finding.imitates, "vietcombank.com.vn");
	assert_int_equal(finding.confidence, CONFIDENCE_HIGH);
}

static int set_up(void **state)
{
	(void)state;
	judging = judging_new(text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_repeated_tokens),
	    cmocka_unit_test(test_pieces_at_random),
	    cmocka_unit_test(test_the_registered_label_comes_first),
	};
	return cmocka_run_group_tests(tests, set_up, judging_tear_down);
}
