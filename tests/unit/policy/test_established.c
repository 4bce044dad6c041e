/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Established names: the set and its bounds, damaged files, and what the judge makes of them. */
#include <unistd.h>

#include "policy/engine/established.h"
#include "policy/engine/established_list.h"
#include "tests/unit/policy/judging.h"

static const char policy_text[] =
    "version = 1; contact = \"it@office.example\";"
    "actions = { high = \"block\"; medium = \"warn\"; low = \"observe\"; };"
    "sites = ( { name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; },"
    "          { name = \"PayPal\"; domains = [ \"paypal.com\" ]; } );";

static enum established_added add(struct established_list *list, const char *host)
{
	char domain[NAME_OCTETS_MAX + 1];

	return established_list_add(list, host, strlen(host), domain);
}

static void write_octets(char path[], const char *octets, size_t len)
{
	const int file = mkstemp(path);

	assert_true(file >= 0);
	assert_int_equal(write(file, octets, len), (ssize_t)len);
	close(file);
}

/* Loads these octets as a set; a message must come where they are refused. */
static struct established *load_octets(const char *octets, size_t len)
{
	char path[] = "/tmp/truegate-test-XXXXXX";
	struct diagnostics diagnostics = {0};

	write_octets(path, octets, len);
	struct established *loaded = established_load(path, &diagnostics);
	unlink(path);
	assert_int_equal(diagnostics.count, loaded == NULL ? 1 : 0);
	return loaded;
}

static bool has(const struct established *established, const char *domain)
{
	return established_has(established, domain, strlen(domain));
}

static void test_takes_registrable_domains(void **state)
{
	(void)state;
	static const char *const wrong[] = {"",       "com",     "com.vn",      "192.0.2.7",
					    "a..com", "a b.com", "x.nosuchtld", "[::1]"};
	struct established_list *list = established_list_new();
	char domain[NAME_OCTETS_MAX + 1];
	size_t len;

	assert_non_null(list);
	assert_int_equal(established_list_add(list, "WWW.Shop.Example.COM.vn.", 24, domain),
			 ESTABLISHED_TAKEN);
	assert_string_equal(domain, "example.com.vn");
	assert_int_equal(add(list, "mail.example.com.vn"), ESTABLISHED_REPEATED);
	assert_int_equal(add(list, "b\xc3\xbc"
				   "cher.de"),
			 ESTABLISHED_TAKEN);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_int_equal(add(list, wrong[i]), ESTABLISHED_NO_NAME);
	}
	assert_int_equal(established_list_count(list), 2);
	char *file = established_list_file(list, &len);
	assert_int_equal(len, ESTABLISHED_HEAD_LEN + 2 * ESTABLISHED_HASH_LEN);
	struct established *loaded = load_octets(file, len);
	assert_non_null(loaded);
	assert_int_equal(established_count(loaded), 2);
	assert_true(has(loaded, "example.com.vn") && has(loaded, "xn--bcher-kva.de"));
	assert_false(has(loaded, "example.com") || has(loaded, "www.example.com.vn") ||
		     has(loaded, ""));
	established_free(loaded);
	free(file);
	established_list_free(list);
}

static void test_bounds(void **state)
{
	(void)state;
	struct established_list *list = established_list_new();
	char host[64];
	size_t len;

	assert_non_null(list);
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(host, sizeof host, "host-%u.com", i);
		assert_int_equal(add(list, host), ESTABLISHED_TAKEN);
	}
	char *file = established_list_file(list, &len);
	print_message("100,000 names: %zu octets\n", len);
	assert_true(len < 1000000);
	struct established *loaded = load_octets(file, len);
	assert_true(established_memory(loaded) < 1000000);
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(host, sizeof host, "host-%u.com", i);
		assert_true(has(loaded, host));
		snprintf(host, sizeof host, "other-%u.com", i);
		assert_false(has(loaded, host));
	}
	established_free(loaded);
	free(file);
	for (unsigned i = 100000; i < ESTABLISHED_MAX; i++) {
		snprintf(host, sizeof host, "host-%u.com", i);
		assert_int_equal(add(list, host), ESTABLISHED_TAKEN);
	}
	assert_int_equal(add(list, "one-more.com"), ESTABLISHED_FULL);
	assert_int_equal(add(list, "host-7.com"), ESTABLISHED_REPEATED);
	file = established_list_file(list, &len);
	loaded = load_octets(file, len);
	assert_non_null(loaded);
	assert_int_equal(established_count(loaded), ESTABLISHED_MAX);
	established_free(loaded);
	free(file);
	established_list_free(list);
}

static void test_damaged_files(void **state)
{
	(void)state;
	struct established_list *list = established_list_new();
	size_t len;

	assert_non_null(list);
	for (char host[] = "a.com"; host[0] <= 'h'; host[0]++) {
		assert_int_equal(add(list, host), ESTABLISHED_TAKEN);
	}
	char *good = established_list_file(list, &len);
	established_list_free(list);
	char *octets = calloc(1, len + 8);
	assert_non_null(octets);
	for (size_t cut = 0; cut < len; cut++) {
		assert_null(load_octets(good, cut));
	}
	memcpy(octets, good, len);
	assert_null(load_octets(octets, len + 1));
	assert_null(load_octets(octets, len + 8));
	/* The magic, the count and the zeros; a hash that is no longer in its order. */
	for (size_t at = 0; at < 16; at++) {
		octets[at] ^= 1;
		assert_null(load_octets(octets, len));
		octets[at] ^= 1;
	}
	memcpy(octets + ESTABLISHED_HEAD_LEN, good + ESTABLISHED_HEAD_LEN + ESTABLISHED_HASH_LEN,
	       ESTABLISHED_HASH_LEN);
	assert_null(load_octets(octets, len));
	memset(octets + ESTABLISHED_HEAD_LEN, 0xff, ESTABLISHED_HASH_LEN);
	assert_null(load_octets(octets, len));
	/* More names than there may be, as the length says, too: nothing so large is read. */
	memcpy(octets, good, len);
	memset(octets + ESTABLISHED_MAGIC_LEN, 0xff, 4);
	assert_null(load_octets(octets, len));
	/* None at all. */
	memset(octets + ESTABLISHED_MAGIC_LEN, 0, 4);
	assert_null(load_octets(octets, ESTABLISHED_HEAD_LEN));
	free(octets);
	free(good);

	struct diagnostics diagnostics = {0};
	assert_null(established_load("/nonexistent/established", &diagnostics));
	assert_null(established_load("/tmp", &diagnostics));
	assert_null(established_load("/dev/null", &diagnostics));
	assert_int_equal(diagnostics.count, 3);
}

/* A judge of the policy with these names established; none: without a set. */
static struct judging judging_with(const char *const established[])
{
	char policy_path[] = "/tmp/truegate-test-XXXXXX";
	char path[] = "/tmp/truegate-test-XXXXXX";
	struct diagnostics diagnostics = {0};
	struct established_list *list = established_list_new();
	size_t len;

	assert_non_null(list);
	for (; *established != NULL; established++) {
		assert_int_equal(add(list, *established), ESTABLISHED_TAKEN);
	}
	char *file = established_list_file(list, &len);
	write_octets(policy_path, policy_text, strlen(policy_text));
	write_octets(path, file, len);
	if (established_list_count(list) == 0) {
		unlink(path);
	}
	const struct policy_source source = {.path = policy_path, .established = path};
	struct judging made = {.policy = policy_load_from(&source, &diagnostics)};
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(made.policy);
	made.judge = judge_new(made.policy);
	assert_non_null(made.judge);
	unlink(policy_path);
	unlink(path);
	free(file);
	established_list_free(list);
	return made;
}

static void test_own_label_is_only_observed(void **state)
{
	(void)state;
	static const char *const none[] = {NULL};
	static const char *const some[] = {"vietc0mbank.com", "paypa1.com.vn", NULL};
	static const char *const own[] = {"vietc0mbank.com", "www.vietc0mbank.com",
					  "a.b.VIETC0MBANK.com.", "paypa1.com.vn"};
	struct judging without = judging_with(none);
	struct judging with = judging_with(some);
	struct finding before, after;

	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
		assert_int_equal(judging_of(&without, own[i], &before), JUDGE_FOUND);
		assert_true(before.action > ACTION_OBSERVE);
		/* twice: the judge remembers what it found */
		for (int round = 0; round < 2; round++) {
			assert_int_equal(judging_of(&with, own[i], &after), JUDGE_FOUND);
			assert_int_equal(after.action, ACTION_OBSERVE);
			after.action = before.action;
			assert_true(same_finding(&before, &after));
		}
	}
	/* Another suffix, another label: another name. */
	static const char *const others[] = {"vietc0mbank.net", "vietc0mbank.com.vn", "paypa1.com",
					     "vietc0mbank-login.com"};
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		assert_int_equal(judging_of(&without, others[i], &before), JUDGE_FOUND);
		assert_int_equal(judging_of(&with, others[i], &after), JUDGE_FOUND);
		assert_true(before.action > ACTION_OBSERVE && same_finding(&before, &after));
	}
	judging_free(&without);
	judging_free(&with);
}

static void test_front_is_judged(void **state)
{
	(void)state;
	static const char *const none[] = {NULL};
	static const char *const some[] = {"weebly.com", "paypa1.com", "honest-shop.com", NULL};
	static const char *const fronts[] = {"vietc0mbank.weebly.com", "paypal-login.weebly.com",
					     "vietcombank.com.vn.honest-shop.com",
					     "paypal.com.honest-shop.com"};
	struct judging without = judging_with(none);
	struct judging with = judging_with(some);
	struct finding before, after;

	for (size_t i = 0; i < sizeof fronts / sizeof fronts[0]; i++) {
		assert_int_equal(judging_of(&without, fronts[i], &before), JUDGE_FOUND);
		assert_int_equal(judging_of(&with, fronts[i], &after), JUDGE_FOUND);
		assert_true(before.action > ACTION_OBSERVE && same_finding(&before, &after));
	}
	/* The established name resembles a site itself: that must not hide what stands in front. */
	assert_int_equal(judging_of(&with, "vietcombank.com.vn.paypa1.com", &after), JUDGE_FOUND);
	assert_string_equal(after.imitates, "vietcombank.com.vn");
	assert_true(after.action > ACTION_OBSERVE);
	assert_int_equal(judging_of(&with, "www.paypa1.com", &after), JUDGE_FOUND);
	assert_int_equal(after.action, ACTION_OBSERVE);
	judging_free(&without);
	judging_free(&with);
}

static void test_damaged_set_is_said(void **state)
{
	(void)state;
	char policy_path[] = "/tmp/truegate-test-XXXXXX";
	char path[] = "/tmp/truegate-test-XXXXXX";
	struct diagnostics diagnostics = {0};

	write_octets(policy_path, policy_text, strlen(policy_text));
	write_octets(path, "paypa1.com\n", 11);
	const struct policy_source source = {.path = policy_path, .established = path};
	assert_null(policy_load_from(&source, &diagnostics));
	assert_int_equal(diagnostics.count, 1);
	assert_string_equal(diagnostics.items[0].file, path);
	unlink(policy_path);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_takes_registrable_domains),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_damaged_files),
	    cmocka_unit_test(test_own_label_is_only_observed),
	    cmocka_unit_test(test_front_is_judged),
	    cmocka_unit_test(test_damaged_set_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
