/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/event_log.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
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

#include "daemon/event/batch.h"
#include "daemon/event/event_name.h"
#include "daemon/event/event_table.h"
#include "daemon/event/event_text.h"
#include "daemon/event/fake_sighting_queue.h"
#include "daemon/event/log_file.h"
#include "daemon/event/observed.h"
#include "daemon/event/office_networks.h"
#include "daemon/event/own_network.h"
#include "daemon/process/thread_signals.h"
#include "daemon/text/safe_text.h"

#define DEFAULT_QUEUE_SLOTS 1024
#define DEFAULT_FAKES 4096
/* How often the thread looks at the clock. */
#define LOOK_MS 30000

struct event_log {
	struct log_file *file;
	struct event_table *table;
	struct observed *observed;
	char *observed_path;                 /* NULL: none */
	struct fake_sighting_queue **queues; /* one a worker */
	uint32_t workers;
	struct batch_clock batches;
	struct office_networks office;
	event_notice_fn *notice;
	void *notice_ctx;
	event_coverage_fn *coverage;
	void *coverage_ctx;
	struct coverage covered; /* when the last day ended */
	int64_t day;             /* that it is */
	event_clock_fn *clock;
	void *clock_ctx;
	uint8_t device_key[crypto_shorthash_KEYBYTES];
	int wake_fd; /* an eventfd, counted up to wake the thread */
	pthread_t thread;
	atomic_bool is_stopping;
	atomic_bool is_reopening;
	struct {
		_Atomic uint64_t sightings, sightings_lost, left_out, lines, lines_lost, batches,
		    reopen_failures, observed_failures;
	} counts;
};

static void count(_Atomic uint64_t *counter, uint64_t more)
{
	atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

static struct batch_time machine_time(void *ctx)
{
	(void)ctx;
	return batch_time_now();
}

static void observe(struct event_log *log, const struct fake_sighting *sighting)
{
	struct finding finding = {
	    .imitates = sighting->imitates,
	    .site = sighting->site,
	    .technique = sighting->technique,
	};
	struct event_name name = {0};

	if (log->observed_path == NULL) {
		return;
	}
	memcpy(finding.why, sighting->why, sizeof(finding.why));
	event_name_make(sighting->host, sighting->host_len, sighting->labels, &name);
	observed_count(log->observed, name.registered, &finding, sighting->device_hash,
		       batch_clock_day(sighting->time_s));
}

static void take_in(struct event_log *log, const struct fake_sighting *sighting)
{
	if (sighting->action == ACTION_OBSERVE) {
		observe(log, sighting);
		return;
	}
	count(&log->counts.sightings, 1);
	count(&log->counts.left_out,
	      event_table_count(log->table, sighting, batch_clock_day(sighting->time_s)));
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

static void add_to_batch(void *ctx, const struct event *event)
{
	batch_add(ctx, event);
}

static void tell(struct event_log *log, uint64_t written)
{
	char text[128];

	if (log->notice == NULL || written == 0) {
		return;
	}
	(void)snprintf(text, sizeof(text),
		       "%" PRIu64 " %s written to the event log; see 'truegate report'", written,
		       written == 1 ? "fake" : "fakes");
	log->notice(log->notice_ctx, text);
}

/* Writes by which ways names were read on the day that ended. */
static void write_coverage(struct event_log *log, int64_t today)
{
	struct coverage now;
	unsigned shares[COVERAGE_PARTS];
	size_t len;

	if (log->day == today || log->coverage == NULL || !log->coverage(log->coverage_ctx, &now)) {
		return;
	}
	if (coverage_shares(&now, &log->covered, shares)) {
		char *line = coverage_line(log->day, shares, &len);

		if (line == NULL || !log_file_append(log->file, line, len)) {
			count(&log->counts.lines_lost, 1);
		}
		free(line);
	}
	log->covered = now;
}

static void write_batch(struct event_log *log, int64_t today)
{
	struct batch batch = {0};

	event_table_batch(log->table, today, add_to_batch, &batch);

	uint64_t written = batch_write(&batch, log->file);

	count(&log->counts.lines, written);
	count(&log->counts.lines_lost, batch.lost);
	count(&log->counts.left_out, batch.left_out);
	tell(log, written);
	write_coverage(log, today);
	log->day = today;
	if (log->observed_path != NULL && observed_end_day(log->observed, today) &&
	    !observed_save(log->observed, log->observed_path)) {
		count(&log->counts.observed_failures, 1);
	}
	/* Last: who reads this number finds the batch done. */
	atomic_fetch_add_explicit(&log->counts.batches, 1, memory_order_release);
}

/* Waits until woken or until the clock is to be looked at. */
static void wait_for_work(struct event_log *log)
{
	struct pollfd wake = {.fd = log->wake_fd, .events = POLLIN};
	uint64_t unused;

	if (poll(&wake, 1, LOOK_MS) > 0) {
		(void)!read(log->wake_fd, &unused, sizeof(unused));
	}
}

static void *run_log(void *ctx)
{
	struct event_log *log = ctx;

	while (!atomic_load(&log->is_stopping)) {
		wait_for_work(log);
		if (atomic_exchange(&log->is_reopening, false) && !log_file_reopen(log->file)) {
			count(&log->counts.reopen_failures, 1);
		}
		drain(log);

		struct batch_time now = log->clock(log->clock_ctx);

		if (batch_clock_due(&log->batches, &now)) {
			write_batch(log, batch_clock_day(now.real_s));
		}
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
	event_table_free(log->table);
	observed_free(log->observed);
	free(log->observed_path);
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

	log->table = event_table_new(config->fakes != 0 ? config->fakes : DEFAULT_FAKES);
	log->observed = observed_new();
	log->queues = calloc(config->workers, sizeof(struct fake_sighting_queue *));
	if (log->table == NULL || log->observed == NULL || log->queues == NULL) {
		return false;
	}
	if (config->observed != NULL && (log->observed_path = strdup(config->observed)) == NULL) {
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
	log->coverage = config->coverage;
	log->coverage_ctx = config->coverage_ctx;
	log->clock = config->clock != NULL ? config->clock : machine_time;
	log->clock_ctx = config->clock_ctx;
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
	if (log->observed_path != NULL && !observed_load(log->observed, log->observed_path)) {
		count(&log->counts.observed_failures, 1); /* begun again from nothing */
	}
	office_networks_read(&log->office);
	tzset();

	struct batch_time now = log->clock(log->clock_ctx);

	batch_clock_start(&log->batches, &now);
	log->day = batch_clock_day(now.real_s);
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

static size_t address_len(const struct packet *packet)
{
	return packet->ip_version == 4 ? 4 : 16;
}

static uint64_t hash_device(const struct event_log *log, const struct packet *packet)
{
	uint64_t hash;

	crypto_shorthash((unsigned char *)&hash, packet->source, address_len(packet),
			 log->device_key);
	return hash;
}

/* The fake's server, unless it may be somebody's device. */
static void copy_server(const struct event_log *log, struct address *out,
			const struct packet *packet)
{
	size_t len = address_len(packet);

	if (own_network_has(packet->dest, len) ||
	    office_networks_have(&log->office, packet->dest, len) ||
	    office_networks_adjoin(packet->dest, packet->source, len)) {
		return;
	}
	out->len = (uint8_t)len;
	memcpy(out->octets, packet->dest, len);
}

/* Whether the sighting is an event, or is counted for suggestions. */
static bool is_counted(const struct observation *observation, const struct packet *packet,
		       const struct finding *finding, bool handshake_seen)
{
	if (packet->protocol == IPPROTO_TCP && observation->via != VIA_DNS && !handshake_seen) {
		return false;
	}
	return finding->action != ACTION_WARN || observation->via != VIA_DNS;
}

static void fill_slot(const struct event_log *log, struct fake_sighting *slot,
		      const struct observation *observation, const struct packet *packet,
		      const struct finding *finding)
{
	memcpy(slot->host, observation->host, observation->host_len);
	slot->host[observation->host_len] = '\0';
	slot->host_len = observation->host_len;
	slot->labels = finding->labels;
	slot->via = observation->via;
	slot->technique = finding->technique;
	slot->confidence = finding->confidence;
	slot->action = finding->action;
	safe_text(finding->imitates, strlen(finding->imitates), slot->imitates,
		  sizeof(slot->imitates));
	safe_text(finding->site, strlen(finding->site), slot->site, sizeof(slot->site));
	memcpy(slot->why, finding->why, sizeof(slot->why));
	slot->device_hash = hash_device(log, packet);
}

bool event_log_add(struct event_log *log, uint32_t worker, const struct observation *observation,
		   const struct packet *packet, const struct finding *finding, bool handshake_seen,
		   uint64_t time_s)
{
	if (!is_counted(observation, packet, finding, handshake_seen)) {
		return true;
	}

	struct fake_sighting *slot = fake_sighting_queue_slot(log->queues[worker]);

	if (slot == NULL) {
		count(&log->counts.sightings_lost, 1);
		return false;
	}
	fill_slot(log, slot, observation, packet, finding);
	slot->server.len = 0;
	if (handshake_seen && observation->via != VIA_DNS) {
		copy_server(log, &slot->server, packet);
	}
	slot->time_s = time_s;
	fake_sighting_queue_put(log->queues[worker]);
	wake_thread(log);
	return true;
}

void event_log_stats(const struct event_log *log, struct event_log_stats *out)
{
	*out = (struct event_log_stats){
	    .sightings = atomic_load(&log->counts.sightings),
	    .sightings_lost = atomic_load(&log->counts.sightings_lost),
	    .left_out = atomic_load(&log->counts.left_out),
	    .lines = atomic_load(&log->counts.lines),
	    .lines_lost = atomic_load(&log->counts.lines_lost),
	    .batches = atomic_load(&log->counts.batches),
	    .reopen_failures = atomic_load(&log->counts.reopen_failures),
	    .observed_failures = atomic_load(&log->counts.observed_failures),
	};
}
