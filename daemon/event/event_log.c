/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/event_log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "daemon/event/event_text.h"
#include "daemon/event/fake_sighting_queue.h"
#include "daemon/event/hour_table.h"
#include "daemon/event/log_file.h"
#include "daemon/event/own_network.h"
#include "daemon/process/thread_signals.h"
#include "daemon/text/safe_text.h"

#define DEFAULT_QUEUE_SLOTS 1024
#define DEFAULT_FAKES 4096
/* An hour is closed so long after its end: sightings of it may still be in a worker's hands. */
#define GRACE_S 2

struct event_log {
	struct log_file *file;
	struct hour_table *table;
	struct fake_sighting_queue **queues; /* one a worker */
	uint32_t workers;
	event_notice_fn *notice;
	void *notice_ctx;
	uint8_t device_key[crypto_shorthash_KEYBYTES];
	int wake_fd; /* an eventfd, counted up to wake the thread */
	pthread_t thread;
	atomic_bool is_stopping;
	atomic_bool is_reopening;
	_Atomic uint64_t sightings;
	_Atomic uint64_t sightings_lost;
	_Atomic uint64_t lines;
	_Atomic uint64_t lines_lost;
	_Atomic uint64_t written_early;
	_Atomic uint64_t reopen_failures;
};

static void count(_Atomic uint64_t *counter)
{
	atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static void write_event(void *ctx, const struct event *event)
{
	struct event_log *log = ctx;
	size_t len;
	char *line = event_line(event, &len);
	bool written = line != NULL && log_file_append(log->file, line, len);

	count(written ? &log->lines : &log->lines_lost);
	free(line);
}

static void take_in(struct event_log *log, const struct fake_sighting *sighting)
{
	bool evicted;
	bool is_first = hour_table_count(log->table, sighting, write_event, log, &evicted);

	count(&log->sightings);
	if (evicted) {
		count(&log->written_early);
	}
	if (is_first && log->notice != NULL) {
		char text[EVENT_NOTICE_SIZE];

		event_notice(sighting, text);
		log->notice(log->notice_ctx, text);
	}
}

static void drain(struct event_log *log)
{
	for (uint32_t i = 0; i < log->workers; i++) {
		const struct fake_sighting *sighting;

		while ((sighting = fake_sighting_queue_first(log->queues[i])) != NULL) {
			take_in(log, sighting);
			fake_sighting_queue_take(log->queues[i]);
		}
	}
}

/* Waits until woken or until an hour can be closed. */
static void wait_for_work(struct event_log *log)
{
	struct pollfd wake = {.fd = log->wake_fd, .events = POLLIN};
	uint64_t now = (uint64_t)time(NULL) - GRACE_S;
	uint64_t left_s = SECONDS_AN_HOUR - now % SECONDS_AN_HOUR;
	uint64_t unused;

	/* Short enough to notice a clock that was set. */
	if (poll(&wake, 1, left_s < 60 ? (int)(1000 * left_s) : 60000) > 0) {
		(void)!read(log->wake_fd, &unused, sizeof(unused));
	}
}

static void *run_log(void *ctx)
{
	struct event_log *log = ctx;
	bool is_stopping = false;

	while (!is_stopping) {
		wait_for_work(log);
		is_stopping = atomic_load(&log->is_stopping);
		if (atomic_exchange(&log->is_reopening, false) && !log_file_reopen(log->file)) {
			count(&log->reopen_failures);
		}
		drain(log);

		uint64_t hour = ((uint64_t)time(NULL) - GRACE_S) / SECONDS_AN_HOUR;

		hour_table_close_ended(log->table, is_stopping ? UINT64_MAX : hour, write_event,
				       log);
	}
	return NULL;
}

static void wake_thread(struct event_log *log)
{
	const uint64_t one = 1;

	(void)!write(log->wake_fd, &one, sizeof(one));
}

static void free_parts(struct event_log *log)
{
	for (uint32_t i = 0; log->queues != NULL && i < log->workers; i++) {
		fake_sighting_queue_free(log->queues[i]);
	}
	free(log->queues);
	hour_table_free(log->table);
	log_file_close(log->file);
	if (log->wake_fd >= 0) {
		close(log->wake_fd);
	}
	sodium_memzero(log->device_key, sizeof(log->device_key));
	free(log);
}

static bool take_memory(struct event_log *log, const struct event_log_config *config)
{
	uint32_t slots = config->queue_slots != 0 ? config->queue_slots : DEFAULT_QUEUE_SLOTS;

	log->table = hour_table_new(config->fakes != 0 ? config->fakes : DEFAULT_FAKES);
	log->queues = calloc(config->workers, sizeof(struct fake_sighting_queue *));
	if (log->table == NULL || log->queues == NULL) {
		return false;
	}
	log->workers = config->workers;
	for (uint32_t i = 0; i < config->workers; i++) {
		log->queues[i] = fake_sighting_queue_new(slots);
		if (log->queues[i] == NULL) {
			return false;
		}
	}
	log->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return log->wake_fd >= 0;
}

static bool start_thread(struct event_log *log)
{
	sigset_t before;

	thread_signals_hold(&before);

	bool started = pthread_create(&log->thread, NULL, run_log, log) == 0;

	thread_signals_restore(&before);
	return started;
}

struct event_log *event_log_open(const struct event_log_config *config, char *error,
				 size_t error_size)
{
	struct event_log *log = calloc(1, sizeof(*log));

	if (log == NULL || sodium_init() < 0) {
		(void)snprintf(error, error_size, "out of memory for the event log");
		free(log);
		return NULL;
	}
	log->wake_fd = -1;
	log->notice = config->notice;
	log->notice_ctx = config->notice_ctx;
	randombytes_buf(log->device_key, sizeof(log->device_key));
	if (!take_memory(log, config)) {
		(void)snprintf(error, error_size, "out of memory for the event log");
		free_parts(log);
		return NULL;
	}
	log->file = log_file_open(config->path);
	if (log->file == NULL) {
		(void)snprintf(error, error_size,
			       "cannot open the event log %s: %s; name a file in a directory that "
			       "the daemon's user may write to",
			       config->path, strerror(errno));
		free_parts(log);
		return NULL;
	}
	if (!start_thread(log)) {
		(void)snprintf(error, error_size, "cannot start the event log's thread");
		free_parts(log);
		return NULL;
	}
	return log;
}

void event_log_close(struct event_log *log)
{
	if (log == NULL) {
		return;
	}
	atomic_store(&log->is_stopping, true);
	wake_thread(log);
	pthread_join(log->thread, NULL);
	free_parts(log);
}

void event_log_reopen(struct event_log *log)
{
	atomic_store(&log->is_reopening, true);
	wake_thread(log);
}

static uint64_t hash_device(const struct event_log *log, const struct packet *packet,
			    const struct observation *observation, uint64_t hour)
{
	uint8_t input[16 + sizeof(hour) + HOST_NAME_MAX_LEN];
	size_t address_len = packet->ip_version == 4 ? 4 : 16;
	size_t len = 0;
	uint64_t hash;

	memcpy(input, packet->source, address_len);
	len += address_len;
	memcpy(input + len, &hour, sizeof(hour));
	len += sizeof(hour);
	memcpy(input + len, observation->host, observation->host_len);
	len += observation->host_len;
	crypto_shorthash((unsigned char *)&hash, input, len, log->device_key);
	return hash;
}

/* The fake's server, unless it may be somebody's device. */
static void copy_server(struct address *out, const struct packet *packet, enum via via)
{
	size_t len = packet->ip_version == 4 ? 4 : 16;

	out->len = 0;
	if (via != VIA_HTTP || own_network_has(packet->dest, len)) {
		return;
	}
	out->len = (uint8_t)len;
	memcpy(out->octets, packet->dest, len);
}

bool event_log_add(struct event_log *log, uint32_t worker, const struct observation *observation,
		   const struct packet *packet, const struct finding *finding, uint64_t time_s)
{
	struct fake_sighting *slot = fake_sighting_queue_slot(log->queues[worker]);

	if (slot == NULL) {
		count(&log->sightings_lost);
		return false;
	}
	memcpy(slot->host, observation->host, observation->host_len);
	slot->host[observation->host_len] = '\0';
	slot->host_len = observation->host_len;
	slot->via = observation->via;
	slot->technique = finding->technique;
	slot->confidence = finding->confidence;
	slot->action = finding->action;
	safe_text(finding->imitates, strlen(finding->imitates), slot->imitates,
		  sizeof(slot->imitates));
	safe_text(finding->site, strlen(finding->site), slot->site, sizeof(slot->site));
	memcpy(slot->why, finding->why, sizeof(slot->why));
	copy_server(&slot->server, packet, observation->via);
	slot->device_hash = hash_device(log, packet, observation, time_s / SECONDS_AN_HOUR);
	slot->time_s = time_s;
	fake_sighting_queue_put(log->queues[worker]);
	wake_thread(log);
	return true;
}

void event_log_stats(const struct event_log *log, struct event_log_stats *out)
{
	*out = (struct event_log_stats){
	    .sightings = atomic_load(&log->sightings),
	    .sightings_lost = atomic_load(&log->sightings_lost),
	    .lines = atomic_load(&log->lines),
	    .lines_lost = atomic_load(&log->lines_lost),
	    .written_early = atomic_load(&log->written_early),
	    .reopen_failures = atomic_load(&log->reopen_failures),
	};
}
