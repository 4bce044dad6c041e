/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/store/fetched.h"

static char store[] = "/tmp/truegate-fetched-XXXXXX";

static int make_store(void **state)
{
	(void)state;
	return mkdtemp(store) == NULL ? -1 : 0;
}

static void path_of(const char *name, char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%s/%s", store, name);
}

static int remove_store(void **state)
{
	char path[PATH_MAX];
	(void)state;
	path_of("fetch", path);
	(void)unlink(path);
	return rmdir(store);
}

static void write_record(const char *text)
{
	char path[PATH_MAX];
	path_of("fetch", path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_record_comes_back(void **state)
{
	(void)state;
	struct fetched record;
	struct fetched again;
	assert_false(fetched_read(store, &again));
	record = (struct fetched){
	    .url = "https://policies.example/policy.conf",
	    .etag = "W/\"64-5\"",
	    .version = UINT32_MAX,
	    .confirmed_s = 1795701893,
	    .installed_s = 1,
	    .failed_s = 2,
	    .error = "no such server",
	    .changes = "version: 1, then 2\nsite Shopee is added\n",
	};
	assert_true(fetched_write(store, &record));
	assert_true(fetched_read(store, &again));
	assert_memory_equal(&record, &again, sizeof record);
}

static void test_record_at_its_longest(void **state)
{
	(void)state;
	static struct fetched record;
	static struct fetched again;
	memset(record.url, 'u', sizeof record.url - 1);
	memset(record.etag, 'e', sizeof record.etag - 1);
	memset(record.error, 'f', sizeof record.error - 1);
	/* The most that its lines can grow by: each of one octet gets its key. */
	for (size_t i = 0; i + 2 < sizeof record.changes; i += 2) {
		memcpy(record.changes + i, "c\n", 2);
	}
	assert_true(fetched_write(store, &record));
	assert_true(fetched_read(store, &again));
	assert_memory_equal(&record, &again, sizeof record);
}

static void test_error_is_one_line(void **state)
{
	(void)state;
	struct fetched record = {.url = "https://a.example/p", .error = "a\nversion 9\r"};
	assert_true(fetched_write(store, &record));
	assert_true(fetched_read(store, &record));
	assert_string_equal(record.error, "a version 9 ");
	assert_int_equal(record.version, 0);
}

static void test_rubbish_is_nothing(void **state)
{
	(void)state;
	struct fetched record;
	static const char *const rubbish[] = {"", "\n\n", "url", "version 7\n",
					      "\xff\xfe\n url x\n"};
	for (size_t i = 0; i < sizeof rubbish / sizeof rubbish[0]; i++) {
		write_record(rubbish[i]);
		assert_false(fetched_read(store, &record));
	}
	write_record("url https://a.example/p\nversion 4294967296\nconfirmed -1\nfailed 1x\nnew 1");
	assert_true(fetched_read(store, &record));
	assert_int_equal(record.version, 0);
	assert_int_equal(record.confirmed_s, 0);
	assert_int_equal(record.failed_s, 0);
}

static void test_policy_is_kept_and_forgotten(void **state)
{
	(void)state;
	char path[PATH_MAX];
	char signature[PATH_MAX];
	struct stat info;
	for (int round = 0; round < 2; round++) {
		assert_true(fetched_keep(store, "a\0b", 3, "sig", 3, path, sizeof path));
		assert_int_equal(stat(path, &info), 0);
		assert_int_equal(info.st_size, 3);
		path_of("fetched/policy.conf.minisig", signature);
		assert_int_equal(access(signature, R_OK), 0);
	}
	fetched_forget(store);
	path_of("fetched", path);
	assert_int_not_equal(access(path, F_OK), 0);
	fetched_forget(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_record_comes_back),
	    cmocka_unit_test(test_record_at_its_longest),
	    cmocka_unit_test(test_error_is_one_line),
	    cmocka_unit_test(test_rubbish_is_nothing),
	    cmocka_unit_test(test_policy_is_kept_and_forgotten),
	};
	return cmocka_run_group_tests(tests, make_store, remove_store);
}
