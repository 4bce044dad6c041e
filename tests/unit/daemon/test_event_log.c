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
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "daemon/event/event_log.h"

/* An hour that is over, so that the thread writes its events at once. */
#define PAST_S (UINT64_C(490000) * 3600)

struct place {
	char directory[64];
	char path[96];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	if (place == NULL) {
		return -1;
	}
	(void)snprintf(place->directory, sizeof(place->directory), "/tmp/truegate-event-XXXXXX");
	if (mkdtemp(place->directory) == NULL) {
		return -1;
	}
	(void)snprintf(place->path, sizeof(place->path), "%s/events.jsonl", place->directory);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;
	char moved[128];

	(void)snprintf(moved, sizeof(moved), "%s.1", place->path);
	unlink(moved);
	unlink(place->path);
	rmdir(place->directory);
	free(place);
	return 0;
}

static struct event_log *open_log(const struct event_log_config *config)
{
	char error[512] = "";
	struct event_log *log = event_log_open(config, error, sizeof(error));

	if (log == NULL) {
		print_error("%s\n", error);
	}
	assert_non_null(log);
	return log;
}

/* The client 192.0.2.77 asks 198.51.100.9. */
static const uint8_t client[4] = {192, 0, 2, 77};
static const uint8_t server[4] = {198, 51, 100, 9};
static const uint8_t client6[16] = {0x20, 1, 0x0d, 0xb8, 0, 1, [15] = 0x77};
static const uint8_t server6[16] = {0x20, 1, 0x0d, 0xb8, 0, 2, [15] = 9};

static bool add_packet(struct event_log *log, const char *host, enum via via,
		       const struct packet *packet, uint64_t time_s)
{
	const struct observation observation = {host, (uint16_t)strlen(host), via};
	const struct finding finding = {
	    .imitates = "vietcombank.com.vn",
	    .site = "Vietcombank",
	    .technique = TECHNIQUE_HOMOGLYPH,
	    .confidence = CONFIDENCE_HIGH,
	    .action = ACTION_BLOCK,
	    .why = "0 stands for o",
	};

	return event_log_add(log, 0, &observation, packet, &finding, time_s);
}

static bool add(struct event_log *log, const char *host, enum via via, uint8_t last_octet,
		uint64_t time_s)
{
	uint8_t source[4];
	const struct packet packet = {.ip_version = 4, .source = source, .dest = server};

	memcpy(source, client, sizeof(source));
	source[3] = last_octet;
	return add_packet(log, host, via, &packet, time_s);
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	assert_non_null(file);
	assert_non_null(text);
	text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
	fclose(file);
	return text;
}

static size_t line_count(const char *text)
{
	size_t lines = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++) {
		lines++;
	}
	return lines;
}

/* Waits until the thread has counted as many lines as written or lost. */
static struct event_log_stats wait_for_lines(struct event_log *log, uint64_t lines)
{
	struct event_log_stats stats;

	for (int i = 0; i < 500; i++) {
		event_log_stats(log, &stats);
		if (stats.lines + stats.lines_lost >= lines) {
			return stats;
		}
		usleep(10000);
	}
	fail_msg("the log's thread did not write in 5 s");
	return stats;
}

static void test_line_is_as_documented(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1};
	struct event_log *log = open_log(&config);
	struct stat status;
	/* The hour that is going on stays open until the log is closed. */
	const time_t now = time(NULL);
	struct tm utc;
	char expected[512];

	for (uint8_t device = 1; device <= 3; device++) {
		assert_true(add(log, "vietc0mbank.top", device == 2 ? VIA_HTTP : VIA_DNS, device,
				(uint64_t)now));
	}
	event_log_close(log);

	char *text = read_file(place->path);

	assert_non_null(gmtime_r(&now, &utc));
	assert_true(
	    strftime(expected, sizeof(expected),
		     "{\"name\":\"vietc0mbank.top\",\"imitates\":\"vietcombank.com.vn\","
		     "\"site\":\"Vietcombank\",\"technique\":\"homoglyph\",\"confidence\":"
		     "\"high\",\"action\":\"block\",\"why\":\"0 stands for o\",\"via\":\"http\","
		     "\"hour\":\"%Y-%m-%dT%H:00Z\",\"count\":3,\"devices\":\"2-4\","
		     "\"addresses\":[\"198.51.100.9\"]}\n",
		     &utc) > 0);
	assert_string_equal(text, expected);
	free(text);
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(status.st_mode & 0137, 0);
}

static void test_dns_has_no_addresses(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1};
	struct event_log *log = open_log(&config);

	assert_true(add(log, "vietc0mbank.top", VIA_DNS, 1, PAST_S));
	event_log_close(log);

	char *text = read_file(place->path);

	assert_non_null(strstr(text, "\"via\":\"dns\""));
	assert_non_null(strstr(text, "\"devices\":\"1\",\"addresses\":[]}\n"));
	free(text);
}

static void test_past_hour_is_written_while_running_and_this_hour_at_the_end(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1};
	struct event_log *log = open_log(&config);

	assert_true(add(log, "now.example", VIA_DNS, 1, (uint64_t)time(NULL)));
	assert_true(add(log, "past.example", VIA_DNS, 1, PAST_S));
	wait_for_lines(log, 1);

	char *text = read_file(place->path);

	assert_int_equal(line_count(text), 1);
	assert_non_null(strstr(text, "past.example"));
	free(text);
	event_log_close(log);
	text = read_file(place->path);
	assert_int_equal(line_count(text), 2);
	assert_non_null(strstr(text, "now.example"));
	free(text);
}

/* A request to a device of the office, which names a fake: the device is none. */
static void test_addresses_of_the_office_are_left_out(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1};
	struct event_log *log = open_log(&config);
	static const struct {
		uint8_t version;
		uint8_t address[16];
		bool kept;
	} servers[] = {
	    {4, {10, 1, 2, 3}, false},
	    {4, {172, 16, 0, 1}, false},
	    {4, {172, 31, 255, 255}, false},
	    {4, {192, 168, 0, 7}, false},
	    {4, {100, 64, 0, 1}, false},
	    {4, {100, 127, 255, 255}, false},
	    {4, {169, 254, 1, 1}, false},
	    {4, {127, 0, 0, 1}, false},
	    {4, {0, 0, 0, 0}, false},
	    {4, {9, 255, 255, 255}, true},
	    {4, {172, 15, 0, 1}, true},
	    {4, {172, 32, 0, 1}, true},
	    {4, {192, 169, 0, 1}, true},
	    {4, {100, 63, 0, 1}, true},
	    {4, {100, 128, 0, 1}, true},
	    {6, {0xfd, 0x12, [15] = 1}, false},
	    {6, {0xfc, 0, [15] = 1}, false},
	    {6, {0xfe, 0x80, [15] = 1}, false},
	    {6, {[15] = 1}, false},
	    {6, {0}, false},
	    {6, {0x20, 1, 0x0d, 0xb8, [15] = 1}, true},
	    {6, {0xfe, 0, [15] = 1}, true},
	};
	const size_t count = sizeof(servers) / sizeof(servers[0]);

	for (size_t i = 0; i < count; i++) {
		const struct packet packet = {.ip_version = servers[i].version,
					      .source = servers[i].version == 4 ? client : client6,
					      .dest = servers[i].address};
		char host[32];

		(void)snprintf(host, sizeof(host), "fake%zu.top", i);
		assert_true(add_packet(log, host, VIA_HTTP, &packet, PAST_S));
	}
	wait_for_lines(log, count);
	event_log_close(log);

	char *text = read_file(place->path);

	for (size_t i = 0; i < count; i++) {
		char name[48];

		(void)snprintf(name, sizeof(name), "{\"name\":\"fake%zu.top\"", i);
		const char *line = strstr(text, name);

		assert_non_null(line);
		const char *addresses = strstr(line, "\"addresses\":[");

		assert_non_null(addresses);
		assert_int_equal(strncmp(addresses, "\"addresses\":[]", 14) != 0, servers[i].kept);
	}
	free(text);
}

static void test_names_with_metacharacters_stay_json(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1};
	struct event_log *log = open_log(&config);

	assert_true(add(log, "a\"b\\c{}<script>.example", VIA_HTTP, 1, PAST_S));
	assert_true(add(log, "\xff\xfe\xe2\x80.example", VIA_HTTP, 1, PAST_S));
	assert_true(add(log, "vi\xe1\xbb\x87tcombank.example", VIA_HTTP, 1, PAST_S));
	event_log_close(log);

	char *text = read_file(place->path);
	char *rest = text;

	assert_int_equal(line_count(text), 3);
	for (char *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';) {
		cJSON *object = cJSON_Parse(line);

		assert_non_null(object);
		assert_true(cJSON_IsString(cJSON_GetObjectItem(object, "name")));
		cJSON_Delete(object);
		for (const char *at = line; *at != '\0'; at++) {
			assert_true((unsigned char)*at >= ' ' && (unsigned char)*at < 0x7f);
		}
	}
	free(text);
}

/* Neither in the file nor in a notice nor in what the process writes to its outputs. */
static void keep_notice(void *ctx, const char *text)
{
	char *kept = ctx;

	strcat(strcat(kept, text), "\n");
}

static void test_no_device_in_log_and_notices(void **state)
{
	struct place *place = *state;
	char notices[8192] = "";
	const struct event_log_config config = {
	    .path = place->path, .workers = 1, .notice = keep_notice, .notice_ctx = notices};
	struct event_log *log = open_log(&config);
	const struct observation observation = {"vietc0mbank.top", 15, VIA_HTTP};
	const struct packet packet = {
	    .ip_version = 6, .source = client6, .dest = server6, .source_port = 54321};
	const struct finding finding = {.imitates = "vietcombank.com.vn",
					.site = "Viet\x1b[31mcombank",
					.why = "0 stands for o"};

	for (int i = 0; i < 5; i++) {
		assert_true(event_log_add(log, 0, &observation, &packet, &finding, PAST_S));
		assert_true(add(log, "vietc0mbank.top", VIA_HTTP, 77, PAST_S));
	}
	wait_for_lines(log, 1);
	event_log_close(log);

	char *text = read_file(place->path);
	const char *const outputs[] = {text, notices};

	assert_non_null(strstr(text, "2001:db8:2::9"));
	for (size_t i = 0; i < 2; i++) {
		assert_null(strstr(outputs[i], "192.0.2"));
		assert_null(strstr(outputs[i], "2001:db8:1"));
		assert_null(strstr(outputs[i], "54321"));
		assert_null(strchr(outputs[i], '\x1b'));
	}
	assert_non_null(strstr(notices, "vietc0mbank.top imitates vietcombank.com.vn (Viet"));
	free(text);
}

static void test_full_disk_costs_events_and_nothing_else(void **state)
{
	(void)state;
	const struct event_log_config config = {.path = "/dev/full", .workers = 1};
	struct event_log *log = open_log(&config);

	assert_true(add(log, "a.example", VIA_DNS, 1, PAST_S));
	assert_true(add(log, "b.example", VIA_DNS, 1, PAST_S));

	struct event_log_stats stats = wait_for_lines(log, 2);

	assert_int_equal(stats.lines, 0);
	assert_int_equal(stats.lines_lost, 2);
	assert_int_equal(stats.sightings, 2);
	event_log_close(log);
}

/* A limit on the file's size stands for a disk that fills in the middle of a line. */
static void test_half_lines_are_taken_back(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1};
	struct event_log *log = open_log(&config);
	struct rlimit before;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	const struct rlimit small = {.rlim_cur = 600, .rlim_max = before.rlim_max};

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (int i = 0; i < 4; i++) {
		char host[32];

		(void)snprintf(host, sizeof(host), "fake%d.example", i);
		assert_true(add(log, host, VIA_DNS, 1, PAST_S));
	}
	struct event_log_stats stats = wait_for_lines(log, 4);

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(stats.lines, 2);
	assert_int_equal(stats.lines_lost, 2);
	assert_true(add(log, "after.example", VIA_DNS, 1, PAST_S));
	wait_for_lines(log, 5);
	event_log_close(log);

	char *text = read_file(place->path);

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
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1};
	FILE *file = fopen(place->path, "w");

	assert_non_null(file);
	fputs("{\"name\":\"cut sh", file);
	fclose(file);

	struct event_log *log = open_log(&config);

	assert_true(add(log, "a.example", VIA_DNS, 1, PAST_S));
	event_log_close(log);

	char *text = read_file(place->path);

	assert_int_equal(line_count(text), 2);
	assert_non_null(strstr(text, "cut sh\n{\"name\":\"a.example\""));
	free(text);
}

static void test_reopen_follows_a_rotation(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1};
	struct event_log *log = open_log(&config);
	char moved[128];

	(void)snprintf(moved, sizeof(moved), "%s.1", place->path);
	assert_true(add(log, "old.example", VIA_DNS, 1, PAST_S));
	wait_for_lines(log, 1);
	assert_int_equal(rename(place->path, moved), 0);
	assert_true(add(log, "between.example", VIA_DNS, 1, PAST_S));
	wait_for_lines(log, 2);
	event_log_reopen(log);
	for (int i = 0; i < 500 && access(place->path, F_OK) != 0; i++) {
		usleep(10000);
	}
	assert_true(add(log, "new.example", VIA_DNS, 1, PAST_S));
	event_log_close(log);

	char *old = read_file(moved), *new = read_file(place->path);

	assert_int_equal(line_count(old), 2);
	assert_non_null(strstr(old, "between.example"));
	assert_int_equal(line_count(new), 1);
	assert_non_null(strstr(new, "new.example"));
	free(old);
	free(new);
}

static void test_failed_reopen_keeps_the_old_file(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1};
	struct event_log *log = open_log(&config);
	struct event_log_stats stats = {0};
	char moved[128];

	(void)snprintf(moved, sizeof(moved), "%s.1", place->path);
	assert_int_equal(rename(place->path, moved), 0);
	assert_int_equal(mkdir(place->path, 0700), 0);
	event_log_reopen(log);
	for (int i = 0; i < 500 && stats.reopen_failures == 0; i++) {
		event_log_stats(log, &stats);
		usleep(10000);
	}
	assert_int_equal(stats.reopen_failures, 1);
	assert_int_equal(rmdir(place->path), 0);
	assert_true(add(log, "a.example", VIA_DNS, 1, PAST_S));
	event_log_close(log);

	char *text = read_file(moved);

	assert_int_equal(line_count(text), 1);
	free(text);
}

static void test_one_notice_for_a_fake_and_hour(void **state)
{
	struct place *place = *state;
	char notices[8192] = "";
	const struct event_log_config config = {
	    .path = place->path, .workers = 1, .notice = keep_notice, .notice_ctx = notices};
	struct event_log *log = open_log(&config);
	uint64_t now = (uint64_t)time(NULL);

	for (uint8_t device = 1; device <= 5; device++) {
		assert_true(add(log, "a.example", VIA_DNS, device, now));
		assert_true(add(log, "b.example", VIA_HTTP, device, now));
	}
	event_log_close(log);
	assert_int_equal(line_count(notices), 2);
	assert_non_null(strstr(notices, "b.example imitates vietcombank.com.vn (Vietcombank): "
					"homoglyph, high, block: 0 stands for o\n"));
}

/* The thread is kept busy by a notice that takes its time; the worker must not wait for it. */
static void sleep_long(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
	usleep(200000);
}

static void test_full_queue_loses_sightings_without_waiting(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {
	    .path = place->path, .workers = 1, .queue_slots = 4, .notice = sleep_long};
	struct event_log *log = open_log(&config);
	struct event_log_stats stats;
	struct timespec begin, end;
	uint64_t refused = 0;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 0; i < 1000; i++) {
		refused += add(log, "a.example", VIA_DNS, 1, PAST_S) ? 0 : 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	assert_true(refused >= 900);
	assert_true((end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000 <
		    150);
	event_log_stats(log, &stats);
	assert_int_equal(stats.sightings_lost, refused);
	event_log_close(log);
}

static void test_more_fakes_than_the_table_holds(void **state)
{
	struct place *place = *state;
	const struct event_log_config config = {.path = place->path, .workers = 1, .fakes = 4};
	struct event_log *log = open_log(&config);
	uint64_t now = (uint64_t)time(NULL);
	struct event_log_stats stats;

	for (int i = 0; i < 10; i++) {
		char host[32];

		(void)snprintf(host, sizeof(host), "fake%d.example", i);
		assert_true(add(log, host, VIA_DNS, 1, now));
	}
	stats = wait_for_lines(log, 6);
	assert_int_equal(stats.written_early, 6);
	event_log_close(log);

	char *text = read_file(place->path);

	assert_int_equal(line_count(text), 10);
	assert_ptr_equal(strstr(text, "fake0.example"), text + strlen("{\"name\":\""));
	free(text);
}

static void test_errors_name_the_file(void **state)
{
	(void)state;
	const struct event_log_config config = {.path = "/nonexistent/events.jsonl", .workers = 1};
	char error[512] = "";

	assert_null(event_log_open(&config, error, sizeof(error)));
	assert_non_null(strstr(error, "/nonexistent/events.jsonl: No such file or directory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_line_is_as_documented, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_dns_has_no_addresses, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_addresses_of_the_office_are_left_out, make_place,
					    remove_place),
	    cmocka_unit_test_setup_teardown(
		test_past_hour_is_written_while_running_and_this_hour_at_the_end, make_place,
		remove_place),
	    cmocka_unit_test_setup_teardown(test_names_with_metacharacters_stay_json, make_place,
					    remove_place),
	    cmocka_unit_test_setup_teardown(test_no_device_in_log_and_notices, make_place,
					    remove_place),
	    cmocka_unit_test_setup_teardown(test_one_notice_for_a_fake_and_hour, make_place,
					    remove_place),
	    cmocka_unit_test(test_full_disk_costs_events_and_nothing_else),
	    cmocka_unit_test_setup_teardown(test_half_lines_are_taken_back, make_place,
					    remove_place),
	    cmocka_unit_test_setup_teardown(test_begins_a_line_behind_half_a_line, make_place,
					    remove_place),
	    cmocka_unit_test_setup_teardown(test_reopen_follows_a_rotation, make_place,
					    remove_place),
	    cmocka_unit_test_setup_teardown(test_failed_reopen_keeps_the_old_file, make_place,
					    remove_place),
	    cmocka_unit_test_setup_teardown(test_full_queue_loses_sightings_without_waiting,
					    make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_more_fakes_than_the_table_holds, make_place,
					    remove_place),
	    cmocka_unit_test(test_errors_name_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
