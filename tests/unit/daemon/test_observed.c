/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/event/observed.h"

static const struct finding finding = {.imitates = "vietcombank.com.vn",
				       .site = "Vietcombank",
				       .technique = TECHNIQUE_TLD_SWAP,
				       .why = "m stands for n"};

static const struct observed_domain *domain_of(struct observed *observed, const char *name)
{
	const struct observed_domain *domains;
	size_t count = observed_domains(observed, &domains);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(domains[i].name, name) == 0) {
			return &domains[i];
		}
	}
	return NULL;
}

static void test_counts_days_and_devices(void **state)
{
	(void)state;
	struct observed *observed = observed_new();

	for (int64_t day = 100; day < 104; day++) {
		for (uint64_t device = 1; device <= 3 + (uint64_t)(day % 3); device++) {
			observed_count(observed, "a.example", &finding, device, day);
			observed_count(observed, "a.example", &finding, device, day);
		}
		if (day % 2 == 0) {
			observed_count(observed, "b.example", &finding, 1, day);
		}
	}
	assert_false(observed_end_day(observed, 103));
	assert_true(observed_end_day(observed, 104));
	assert_false(observed_end_day(observed, 104));
	assert_int_equal(observed_days(observed), 4);
	assert_int_equal(domain_of(observed, "a.example")->days, 4);
	assert_int_equal(domain_of(observed, "a.example")->devices, 5);
	assert_int_equal(domain_of(observed, "b.example")->days, 2);
	observed_free(observed);
}

static void test_the_least_asked_for_makes_room(void **state)
{
	(void)state;
	struct observed *observed = observed_new();
	char name[32];
	const struct observed_domain *domains;

	for (int64_t day = 1; day <= 3; day++) {
		observed_count(observed, "daily.example", &finding, 1, day);
	}
	for (int i = 0; i < 3 * OBSERVED_DOMAINS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "n%d.example", i);
		observed_count(observed, name, &finding, 1, 4);
	}
	(void)observed_end_day(observed, 5);
	assert_int_equal(observed_domains(observed, &domains), OBSERVED_DOMAINS_MAX);
	assert_non_null(domain_of(observed, "daily.example"));
	observed_free(observed);
}

static void test_fades(void **state)
{
	(void)state;
	struct observed *observed = observed_new();

	for (int64_t day = 1; day <= OBSERVED_DAYS_MAX; day++) {
		observed_count(observed, "daily.example", &finding, 1, day);
		if (day == 1) {
			observed_count(observed, "once.example", &finding, 1, day);
		}
	}
	(void)observed_end_day(observed, 1000);
	assert_int_equal(observed_days(observed), OBSERVED_DAYS_MAX / 2);
	assert_int_equal(domain_of(observed, "daily.example")->days, OBSERVED_DAYS_MAX / 2);
	assert_null(domain_of(observed, "once.example"));
	observed_free(observed);
}

static void read_back(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, size - 1, file)] = '\0';
	fclose(file);
}

/* What few asked for once does not reach the disk. */
static void test_file(void **state)
{
	(void)state;
	char path[64];
	char text[4096];
	struct observed *observed = observed_new();
	struct observed *again = observed_new();

	(void)snprintf(path, sizeof(path), "/tmp/test_observed.%d", (int)getpid());
	assert_true(observed_load(again, path)); /* not there */
	for (int64_t day = 1; day <= 3; day++) {
		observed_count(observed, "often.example", &finding, 1, day);
	}
	for (uint64_t device = 0; device < 5; device++) {
		observed_count(observed, "many.example", &finding, device, 3);
	}
	observed_count(observed, "once.example", &finding, 1, 3);
	(void)observed_end_day(observed, 4);
	assert_true(observed_save(observed, path));
	read_back(path, text, sizeof(text));
	assert_null(strstr(text, "once.example"));
	assert_true(observed_load(again, path));
	assert_int_equal(observed_days(again), 3);
	assert_int_equal(domain_of(again, "often.example")->days, 3);
	assert_int_equal(domain_of(again, "often.example")->devices, 1);
	assert_int_equal(domain_of(again, "many.example")->devices, 5);
	assert_string_equal(domain_of(again, "many.example")->site, "Vietcombank");
	assert_int_equal(domain_of(again, "many.example")->technique, TECHNIQUE_TLD_SWAP);
	observed_free(observed);
	observed_free(again);
	unlink(path);
}

static void test_other_files_are_refused(void **state)
{
	static const char *const texts[] = {"", "[]", "{\"days\":0,\"domains\":[]}", "{\"days\":3}",
					    "{\"days\":3,\"domains\":"};
	(void)state;
	char path[64];

	(void)snprintf(path, sizeof(path), "/tmp/test_observed.%d", (int)getpid());
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct observed *observed = observed_new();
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fputs(texts[i], file);
		fclose(file);
		assert_false(observed_load(observed, path));
		assert_int_equal(errno, EBADMSG);
		observed_free(observed);
	}
	unlink(path);
}

static void test_a_daemon_that_was_taken_over_writes_nothing_to_a_terminal(void **state)
{
	(void)state;
	char path[64];
	struct observed *observed = observed_new();

	(void)snprintf(path, sizeof(path), "/tmp/test_observed.%d", (int)getpid());
	FILE *file = fopen(path, "w");

	fputs("{\"days\":3,\"domains\":[{\"name\":\"a\\u001b]0;x\",\"technique\":\"typo\",\"days\":"
	      "3,\"devices\":\"1-4\"},"
	      "{\"name\":\"b.example\",\"technique\":\"typo\",\"days\":3,\"devices\":\"10+\","
	      "\"site\":\"\\u001b[2J\"}]}",
	      file);
	fclose(file);
	assert_true(observed_load(observed, path));
	const struct observed_domain *domains;
	assert_int_equal(observed_domains(observed, &domains), 1);
	assert_null(strchr(domains[0].site, '\x1b'));
	observed_free(observed);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts_days_and_devices),
	    cmocka_unit_test(test_the_least_asked_for_makes_room),
	    cmocka_unit_test(test_fades),
	    cmocka_unit_test(test_file),
	    cmocka_unit_test(test_other_files_are_refused),
	    cmocka_unit_test(test_a_daemon_that_was_taken_over_writes_nothing_to_a_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
