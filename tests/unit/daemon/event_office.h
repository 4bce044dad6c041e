/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event log whose clock the test sets; for the tests of what it writes and when. Include
 * cmocka.h and what it asks for first.
 */
#ifndef TESTS_UNIT_DAEMON_EVENT_OFFICE_H
#define TESTS_UNIT_DAEMON_EVENT_OFFICE_H

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon/event/event_log.h"

#define DAY_S 86400
#define HOUR_S 3600
/* 2026-11-23, 00:00 UTC, which is the time zone of these tests. */
#define MONDAY_S UINT64_C(1795392000)

struct event_office {
	char directory[64];
	char path[96];
	char observed[96];
	_Atomic uint64_t real_s, elapsed_s;
	struct event_log *log;
	struct coverage coverage; /* since the start */
	char notice[256];         /* the last one */
	_Atomic unsigned notices;
};

static inline struct batch_time office_time(void *ctx)
{
	struct event_office *office = ctx;

	return (struct batch_time){office->real_s, office->elapsed_s};
}

static inline void keep_notice(void *ctx, const char *text)
{
	struct event_office *office = ctx;

	(void)snprintf(office->notice, sizeof(office->notice), "%s", text);
	office->notices++;
}

static inline bool say_coverage(void *ctx, struct coverage *out)
{
	struct event_office *office = ctx;

	*out = office->coverage;
	return true;
}

static inline void start_log_with(struct event_office *office, uint32_t slots, uint32_t fakes)
{
	const struct event_log_config config = {
	    .path = office->path,
	    .observed = office->observed,
	    .workers = 1,
	    .queue_slots = slots,
	    .fakes = fakes,
	    .notice = keep_notice,
	    .notice_ctx = office,
	    .coverage = say_coverage,
	    .coverage_ctx = office,
	    .clock = office_time,
	    .clock_ctx = office,
	};
	char error[512] = "";

	office->log = event_log_open(&config, error, sizeof(error));
	if (office->log == NULL) {
		print_error("%s\n", error);
	}
	assert_non_null(office->log);
}

static inline void start_log(struct event_office *office)
{
	start_log_with(office, 0, 0);
}

static inline void stop_log(struct event_office *office)
{
	event_log_close(office->log);
	office->log = NULL;
}

static inline int open_event_office(void **state)
{
	struct event_office *office = calloc(1, sizeof(*office));

	setenv("TZ", "UTC0", 1);
	(void)snprintf(office->directory, sizeof(office->directory), "/tmp/truegate-event-XXXXXX");
	if (mkdtemp(office->directory) == NULL) {
		return -1;
	}
	(void)snprintf(office->path, sizeof(office->path), "%s/events.jsonl", office->directory);
	(void)snprintf(office->observed, sizeof(office->observed), "%s/observed.json",
		       office->directory);
	office->real_s = MONDAY_S + 9 * HOUR_S;
	office->elapsed_s = 1000;
	start_log(office);
	*state = office;
	return 0;
}

static inline int close_event_office(void **state)
{
	struct event_office *office = *state;
	char moved[128];

	event_log_close(office->log);
	(void)snprintf(moved, sizeof(moved), "%s.1", office->path);
	unlink(moved);
	unlink(office->path);
	rmdir(office->path);
	unlink(office->observed);
	rmdir(office->directory);
	free(office);
	return 0;
}

/* A finding like those of judge_name(). */
static inline struct finding a_finding(enum action action)
{
	return (struct finding){
	    .imitates = "vietcombank.com.vn",
	    .site = "Vietcombank",
	    .technique = TECHNIQUE_HOMOGLYPH,
	    .confidence = CONFIDENCE_HIGH,
	    .action = action,
	    .why = "0 stands for o",
	    .labels = 2,
	};
}

struct visit {
	const char *host;
	enum via via;
	uint8_t device;        /* the last octet of 192.0.2.X */
	const uint8_t *server; /* NULL: 198.51.100.9 */
	enum action action;
	bool no_handshake;
	uint8_t labels; /* 0: 2 */
};

static inline bool add_visit(struct event_office *office, const struct visit *visit)
{
	static const uint8_t usual_server[4] = {198, 51, 100, 9};
	const uint8_t device[4] = {192, 0, 2, visit->device};
	struct finding finding = a_finding(visit->action);
	const struct observation observation = {visit->host, (uint16_t)strlen(visit->host),
						visit->via};
	struct packet packet = {
	    .ip_version = 4,
	    .protocol = visit->via == VIA_DNS ? IPPROTO_UDP : IPPROTO_TCP,
	    .source = device,
	    .dest = visit->server != NULL ? visit->server : usual_server,
	};

	if (visit->labels != 0) {
		finding.labels = visit->labels;
	}
	return event_log_add(office->log, 0, &observation, &packet, &finding,
			     visit->via != VIA_DNS && !visit->no_handshake, office->real_s);
}

static inline void see(struct event_office *office, const char *host, uint8_t device)
{
	const struct visit visit = {
	    .host = host, .via = VIA_HTTP, .device = device, .action = ACTION_BLOCK};

	assert_true(add_visit(office, &visit));
}

static inline struct event_log_stats stats_of(const struct event_office *office)
{
	struct event_log_stats stats;

	event_log_stats(office->log, &stats);
	return stats;
}

/* Wakes the thread, which looks at the clock, and gives it time to have done what it does. */
static inline void let_work(struct event_office *office)
{
	const struct visit nothing = {
	    .host = "nothing.example", .via = VIA_DNS, .action = ACTION_OBSERVE};

	(void)add_visit(office, &nothing);
	usleep(30000);
}

/* Sets the clock ahead and waits for a batch. */
static inline void pass_until(struct event_office *office, uint64_t real_s)
{
	uint64_t before = stats_of(office).batches;

	office->elapsed_s += real_s - office->real_s;
	office->real_s = real_s;
	for (int i = 0; i < 300 && stats_of(office).batches == before; i++) {
		let_work(office);
	}
	assert_true(stats_of(office).batches > before);
}

static inline char *read_log_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	assert_non_null(file);
	assert_non_null(text);
	text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
	fclose(file);
	return text;
}

static inline size_t line_count(const char *text)
{
	size_t lines = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++) {
		lines++;
	}
	return lines;
}

#endif
