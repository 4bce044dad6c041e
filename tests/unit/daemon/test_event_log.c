/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "tests/unit/daemon/event_office.h"

static void expect_log(const struct event_office *office, const char *expected)
{
	char *text = read_log_file(office->path);

	assert_string_equal(text, expected);
	free(text);
}

static void test_line_is_as_documented(void **state)
{
	struct event_office *office = *state;

	for (uint8_t device = 1; device <= 6; device++) {
		see(office, "www.vietc0mbank.top", device);
	}
	pass_until(office, MONDAY_S + DAY_S);
	expect_log(office,
		   "{\"name\":\"vietc0mbank.top\",\"imitates\":\"vietcombank.com.vn\","
		   "\"site\":\"Vietcombank\",\"technique\":\"homoglyph\",\"confidence\":\"high\","
		   "\"action\":\"block\",\"why\":\"0 stands for o\",\"via\":\"http\","
		   "\"date\":\"2026-11-23\",\"devices\":\"5-9\",\"count\":6,\"examples\":[],"
		   "\"addresses\":[\"198.51.100.9\"]}\n");
	assert_string_equal(office->notice,
			    "1 fake written to the event log; see 'truegate report'");
}

static void test_few_devices_have_no_count(void **state)
{
	struct event_office *office = *state;

	for (int i = 0; i < 40; i++) {
		see(office, "vietc0mbank.top", (uint8_t)(1 + i % 4));
	}
	pass_until(office, MONDAY_S + DAY_S);

	char *text = read_log_file(office->path);

	assert_non_null(strstr(text, "\"devices\":\"1-4\",\"examples\""));
	assert_null(strstr(text, "count"));
	free(text);
}

/* What many devices saw is written within the day, the rest when the day is over. */
static void test_batches_of_the_day(void **state)
{
	struct event_office *office = *state;
	char *text;

	see(office, "few.example", 1);
	for (uint8_t device = 1; device <= 5; device++) {
		see(office, "many.example", device);
	}
	pass_until(office, MONDAY_S + 12 * HOUR_S);
	text = read_log_file(office->path);
	assert_int_equal(line_count(text), 1);
	assert_non_null(strstr(text, "{\"name\":\"many.example\""));
	free(text);
	pass_until(office, MONDAY_S + 18 * HOUR_S);
	text = read_log_file(office->path);
	assert_int_equal(line_count(text), 1); /* it was not seen again */
	free(text);
	see(office, "many.example", 1);
	pass_until(office, MONDAY_S + DAY_S);
	text = read_log_file(office->path);
	assert_int_equal(line_count(text), 3);
	assert_non_null(strstr(text, "{\"name\":\"few.example\""));
	assert_null(strstr(text, "\"count\":1,"));
	free(text);
}

static void expect_untouched(const struct event_office *office, const struct stat *before)
{
	struct stat now;

	assert_int_equal(stat(office->path, &now), 0);
	assert_int_equal(now.st_size, before->st_size);
	assert_int_equal(now.st_mtim.tv_sec, before->st_mtim.tv_sec);
	assert_int_equal(now.st_mtim.tv_nsec, before->st_mtim.tv_nsec);
}

/* Neither stopping, nor restarts, nor a clock that is set, nor room that runs out writes early. */
static void test_nothing_makes_it_write_early(void **state)
{
	struct event_office *office = *state;
	struct stat before;

	stop_log(office);
	start_log_with(office, 0, 16);
	assert_int_equal(stat(office->path, &before), 0);
	for (int i = 0; i < 20; i++) {
		char name[32];

		see(office, "vietc0mbank.top", (uint8_t)(1 + i % 9));
		(void)snprintf(name, sizeof(name), "fake%d.example", i);
		see(office, name, (uint8_t)i);
		office->real_s += i % 2 == 0 ? 2 * DAY_S : -(uint64_t)DAY_S;
		office->elapsed_s += 2;
		let_work(office);
		expect_untouched(office, &before);
		if (i >= 10) {
			stop_log(office);
			expect_untouched(office, &before);
			start_log_with(office, 0, 16);
			expect_untouched(office, &before);
		}
	}
	assert_int_equal(office->notices, 0);
}

static void test_order_and_batches_say_nothing_of_the_moment(void **state)
{
	static const char *const names[] = {"b.example", "c.example", "a.example"};
	struct event_office *office = *state;
	char *texts[2];

	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < 3; i++) {
			see(office, names[turn == 0 ? i : 2 - i], 1);
			office->real_s += HOUR_S / 4;
			office->elapsed_s += HOUR_S / 4;
		}
		pass_until(office, MONDAY_S + DAY_S);
		texts[turn] = read_log_file(office->path);
		stop_log(office);
		unlink(office->path);
		office->real_s = MONDAY_S + 9 * HOUR_S;
		start_log(office);
	}
	assert_string_equal(texts[0], texts[1]);
	assert_true(strstr(texts[0], "a.example") < strstr(texts[0], "b.example"));
	free(texts[0]);
	free(texts[1]);
}

static void test_a_clock_set_back_loses_nothing(void **state)
{
	struct event_office *office = *state;

	see(office, "ahead.example", 1);
	office->real_s -= 3 * DAY_S;
	office->elapsed_s += HOUR_S;
	see(office, "now.example", 1);
	for (int i = 0; i < 300 && stats_of(office).batches == 0; i++) {
		let_work(office);
	}

	char *text = read_log_file(office->path);

	assert_int_equal(line_count(text), 1);
	assert_non_null(strstr(text, "ahead.example"));
	assert_non_null(strstr(text, "\"date\":\"2026-11-23\""));
	free(text);
}

static void test_only_what_resembles_is_written(void **state)
{
	struct event_office *office = *state;
	const struct visit visits[] = {
	    {"nguyen-van-a.vietcombank.com.vn.login-id.top", VIA_DNS, 1, NULL, ACTION_BLOCK, false,
	     5},
	    {"nguyen-van-b.www.vietc0mbank.top", VIA_DNS, 1, NULL, ACTION_BLOCK, false, 2},
	};

	for (size_t i = 0; i < 2; i++) {
		assert_true(add_visit(office, &visits[i]));
	}
	pass_until(office, MONDAY_S + DAY_S);

	char *text = read_log_file(office->path);

	assert_non_null(strstr(text, "{\"name\":\"login-id.top\""));
	assert_non_null(strstr(text, "\"examples\":[\"*.vietcombank.com.vn.login-id.top\"]"));
	assert_non_null(strstr(text, "{\"name\":\"vietc0mbank.top\""));
	assert_null(strstr(text, "nguyen"));
	assert_null(strstr(text, "192.0.2."));
	free(text);
}

static void test_names_of_one_registered_domain_are_one_event(void **state)
{
	struct event_office *office = *state;
	char name[64];

	for (int i = 0; i < 1000; i++) {
		const struct visit visit = {name, VIA_DNS, 1, NULL, ACTION_BLOCK, false, 3};

		(void)snprintf(name, sizeof(name), "vietcombank%d.login-id.top", i);
		assert_true(add_visit(office, &visit));
		while (i % 500 == 499 && stats_of(office).sightings < (uint64_t)i + 1) {
			usleep(1000);
		}
	}
	pass_until(office, MONDAY_S + DAY_S);

	char *text = read_log_file(office->path);

	assert_int_equal(line_count(text), 1);
	assert_non_null(strstr(text, "\"examples\":[\"vietcombank0.login-id.top\","
				     "\"vietcombank1.login-id.top\",\"vietcombank2.login-id.top\","
				     "\"vietcombank3.login-id.top\"]"));
	free(text);
}

/* 30,000 invented names, registered one by one; from one device, and from as many as there are. */
static void test_invented_names_fill_no_disk(void **state)
{
	struct event_office *office = *state;

	for (int turn = 0; turn < 2; turn++) {
		struct stat before;
		struct stat after;
		uint64_t seen = stats_of(office).sightings;

		assert_int_equal(stat(office->path, &before), 0);
		for (int i = 0; i < 30000; i++) {
			char name[64];

			(void)snprintf(name, sizeof(name), "vietcombank-invented-%d.top", i);
			see(office, name, (uint8_t)(turn == 0 ? 1 : i % 256));
			while (i % 500 == 499 &&
			       stats_of(office).sightings < seen + (uint64_t)i + 1) {
				usleep(100);
			}
		}
		/* A fake that many see is written all the same. */
		for (uint8_t device = 100; device < 105; device++) {
			see(office, "vietc0mbank.top", device);
		}
		pass_until(office, MONDAY_S + (uint64_t)(turn + 1) * DAY_S);
		assert_int_equal(stat(office->path, &after), 0);
		print_message("%ld octets for 30,000 names from %s\n",
			      (long)(after.st_size - before.st_size),
			      turn == 0 ? "one device" : "256 devices");
		assert_in_range(after.st_size - before.st_size, 1, 65535);
	}

	char *text = read_log_file(office->path);

	assert_non_null(strstr(text, "{\"name\":\"vietc0mbank.top\""));
	free(text);
	assert_true(stats_of(office).left_out > 50000);
}

static void test_what_nobody_was_shown_is_no_event(void **state)
{
	struct event_office *office = *state;
	const struct visit visits[] = {
	    {"observed.example", VIA_HTTP, 1, NULL, ACTION_OBSERVE, false, 0},
	    {"passed.example", VIA_DNS, 1, NULL, ACTION_WARN, false, 0},
	    {"forged.example", VIA_HTTP, 1, NULL, ACTION_BLOCK, true, 0},
	};

	for (size_t i = 0; i < 3; i++) {
		assert_true(add_visit(office, &visits[i]));
	}
	pass_until(office, MONDAY_S + DAY_S);
	expect_log(office, "");
	assert_int_equal(office->notices, 0);
}

static void test_addresses(void **state)
{
	static const uint8_t away[4] = {198, 51, 100, 7}, private[4] = {10, 1, 2, 3};
	static const uint8_t loopback[4] = {127, 0, 0, 1}, neighbour[4] = {192, 0, 2, 77};
	struct event_office *office = *state;
	const struct visit visits[] = {
	    {"a.example", VIA_HTTP, 1, away, ACTION_BLOCK, false, 0},
	    {"a.example", VIA_HTTP, 1, private, ACTION_BLOCK, false, 0},
	    {"a.example", VIA_HTTP, 1, loopback, ACTION_BLOCK, false, 0},
	    {"a.example", VIA_HTTP, 1, neighbour, ACTION_BLOCK, false, 0},
	    {"a.example", VIA_DNS, 1, NULL, ACTION_BLOCK, false, 0},
	};

	for (size_t i = 0; i < sizeof(visits) / sizeof(visits[0]); i++) {
		assert_true(add_visit(office, &visits[i]));
	}
	pass_until(office, MONDAY_S + DAY_S);

	char *text = read_log_file(office->path);

	assert_non_null(strstr(text, "\"via\":\"http\""));
	assert_non_null(strstr(text, "\"addresses\":[\"198.51.100.7\"]"));
	free(text);
}

static void test_names_with_metacharacters_stay_json(void **state)
{
	struct event_office *office = *state;
	const struct visit visit = {
	    "a\"b\\c\xff\x1b.example", VIA_HTTP, 1, NULL, ACTION_BLOCK, false, 0};

	assert_true(add_visit(office, &visit));
	pass_until(office, MONDAY_S + DAY_S);

	char *text = read_log_file(office->path);
	cJSON *object = cJSON_Parse(text);

	assert_non_null(object);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(object, "name")),
			    "a\"b\\092c\\255\\027.example");
	cJSON_Delete(object);
	free(text);
}

static void test_full_disk_costs_events_and_nothing_else(void **state)
{
	struct event_office *office = *state;
	char path[sizeof(office->path)];

	stop_log(office);
	memcpy(path, office->path, sizeof(path));
	memcpy(office->path, "/dev/full", sizeof("/dev/full"));
	start_log(office);
	see(office, "a.example", 1);
	see(office, "b.example", 1);
	pass_until(office, MONDAY_S + DAY_S);
	assert_int_equal(stats_of(office).lines, 0);
	assert_int_equal(stats_of(office).lines_lost, 2);
	memcpy(office->path, path, sizeof(path));
}

/* A limit on the file's size stands for a disk that fills in the middle of a line. */
static void test_half_lines_are_taken_back(void **state)
{
	struct event_office *office = *state;
	struct rlimit before;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	const struct rlimit small = {.rlim_cur = 700, .rlim_max = before.rlim_max};

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; i < 4; i++) {
		char host[32];

		(void)snprintf(host, sizeof(host), "fake%d.example", i);
		see(office, host, 1);
	}
	pass_until(office, MONDAY_S + DAY_S);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(stats_of(office).lines, 2);
	assert_int_equal(stats_of(office).lines_lost, 2);
	see(office, "after.example", 1);
	pass_until(office, MONDAY_S + 2 * DAY_S);

	char *text = read_log_file(office->path);

	assert_int_equal(line_count(text), 3);
	for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';) {
		cJSON *object = cJSON_Parse(line);

		assert_non_null(object);
		cJSON_Delete(object);
	}
	free(text);
}

static void test_begins_a_line_behind_half_a_line(void **state)
{
	struct event_office *office = *state;

	stop_log(office);

	FILE *file = fopen(office->path, "w");

	assert_non_null(file);
	fputs("{\"name\":\"cut sh", file);
	fclose(file);
	start_log(office);
	see(office, "a.example", 1);
	pass_until(office, MONDAY_S + DAY_S);

	char *text = read_log_file(office->path);

	assert_int_equal(line_count(text), 2);
	assert_non_null(strstr(text, "cut sh\n{\"name\":\"a.example\""));
	free(text);
}

static void test_reopen_follows_a_rotation(void **state)
{
	struct event_office *office = *state;
	char moved[128];

	(void)snprintf(moved, sizeof(moved), "%s.1", office->path);
	see(office, "old.example", 1);
	pass_until(office, MONDAY_S + DAY_S);
	assert_int_equal(rename(office->path, moved), 0);
	event_log_reopen(office->log);
	for (int i = 0; i < 500 && access(office->path, F_OK) != 0; i++) {
		usleep(10000);
	}
	see(office, "new.example", 1);
	pass_until(office, MONDAY_S + 2 * DAY_S);

	char *old = read_log_file(moved);
	char *new = read_log_file(office->path);

	assert_int_equal(line_count(old), 1);
	assert_int_equal(line_count(new), 1);
	assert_non_null(strstr(new, "new.example"));
	free(old);
	free(new);
}

static void test_failed_reopen_keeps_the_old_file(void **state)
{
	struct event_office *office = *state;
	char moved[128];

	(void)snprintf(moved, sizeof(moved), "%s.1", office->path);
	assert_int_equal(rename(office->path, moved), 0);
	assert_int_equal(mkdir(office->path, 0700), 0);
	event_log_reopen(office->log);
	for (int i = 0; i < 500 && stats_of(office).reopen_failures == 0; i++) {
		usleep(10000);
	}
	assert_int_equal(stats_of(office).reopen_failures, 1);
	see(office, "a.example", 1);
	pass_until(office, MONDAY_S + DAY_S);

	char *text = read_log_file(moved);

	assert_int_equal(line_count(text), 1);
	free(text);
}

static void test_coverage_is_written_once_a_day(void **state)
{
	struct event_office *office = *state;

	office->coverage = (struct coverage){{710, 20, 200, 20, 10, 20, 10, 10}};
	pass_until(office, MONDAY_S + 12 * HOUR_S);
	expect_log(office, "");
	pass_until(office, MONDAY_S + DAY_S);
	/* Too few the next day, and other shares on the one after. */
	office->coverage.parts[VIA_DNS] += COVERAGE_LEAST - 1;
	pass_until(office, MONDAY_S + 2 * DAY_S);
	office->coverage.parts[COVERAGE_HIDDEN + HIDDEN_VPN] += 2000;
	pass_until(office, MONDAY_S + 3 * DAY_S);
	expect_log(office,
		   "{\"date\":\"2026-11-23\",\"coverage\":{\"dns\":71,\"http\":2,"
		   "\"tls\":20,\"quic\":2,\"doh\":1,\"dot\":2,\"vpn\":1,\"nameless\":1}}\n"
		   "{\"date\":\"2026-11-25\",\"coverage\":{\"dns\":0,\"http\":0,"
		   "\"tls\":0,\"quic\":0,\"doh\":0,\"dot\":0,\"vpn\":100,\"nameless\":0}}\n");
	assert_int_equal(office->notices, 0);
}

static void test_errors_name_the_file(void **state)
{
	(void)state;
	const struct event_log_config config = {.path = "/nowhere/events.jsonl", .workers = 1};
	char error[512] = "";

	assert_null(event_log_open(&config, error, sizeof(error)));
	assert_non_null(strstr(error, "/nowhere/events.jsonl"));
}

#define IN_OFFICE(test) cmocka_unit_test_setup_teardown(test, open_event_office, close_event_office)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_OFFICE(test_line_is_as_documented),
	    IN_OFFICE(test_few_devices_have_no_count),
	    IN_OFFICE(test_batches_of_the_day),
	    IN_OFFICE(test_nothing_makes_it_write_early),
	    IN_OFFICE(test_order_and_batches_say_nothing_of_the_moment),
	    IN_OFFICE(test_a_clock_set_back_loses_nothing),
	    IN_OFFICE(test_only_what_resembles_is_written),
	    IN_OFFICE(test_names_of_one_registered_domain_are_one_event),
	    IN_OFFICE(test_invented_names_fill_no_disk),
	    IN_OFFICE(test_what_nobody_was_shown_is_no_event),
	    IN_OFFICE(test_addresses),
	    IN_OFFICE(test_names_with_metacharacters_stay_json),
	    IN_OFFICE(test_full_disk_costs_events_and_nothing_else),
	    IN_OFFICE(test_half_lines_are_taken_back),
	    IN_OFFICE(test_begins_a_line_behind_half_a_line),
	    IN_OFFICE(test_reopen_follows_a_rotation),
	    IN_OFFICE(test_failed_reopen_keeps_the_old_file),
	    IN_OFFICE(test_coverage_is_written_once_a_day),
	    cmocka_unit_test(test_errors_name_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
