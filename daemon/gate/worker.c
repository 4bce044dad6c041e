/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/gate/worker.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/gate/latency.h"
#include "daemon/gate/stats_request.h"
#include "daemon/process/thread_signals.h"

#define TICK_MS 250
#define TICK_US (UINT64_C(1000) * TICK_MS)
/* After so long without a packet a worker looks by itself whether it is asked for something: nobody
 * waits for ever when queue_wake() could not send. */
#define IDLE_MS 1000

/* For how long a worker knows at most that a name it met is honest: long enough for a device that
 * asks for its addresses and then for the site, so short that nothing is left of the visit. */
#define HONEST_US (UINT64_C(10) * 1000000)

/* Verdicts that are sent together. More at once cost less to send, but the first packet waits for
 * the last to be judged, and whoever it is for has nothing to do meanwhile. */
#define SENT_TOGETHER 8

struct loaded {
	const struct policy *policy;
	struct judge *judge;
};

struct worker {
	struct queue *queue;
	struct gate *gate;
	responder_send_fn *send;
	void *send_ctx;
	uint32_t released_mark;
	uint32_t number;
	struct judge *judge;
	uint64_t forgotten_us; /* when it last forgot the honest names it met */
	pthread_t thread;
	/* Whoever changes one of the following wakes the thread. */
	atomic_bool stopping;
	_Atomic(const struct loaded *) offered; /* taken by the thread, which then posts `taken` */
	sem_t taken;
	struct stats_request snapshot;
	struct latency latency;
	struct queue_packet packets[QUEUE_BATCH];
};

static uint64_t monotonic_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static struct gate_time gate_time_at(uint64_t ns)
{
	struct timespec real;
	clock_gettime(CLOCK_REALTIME_COARSE, &real);
	return (struct gate_time){.monotonic_us = ns / 1000, .real_s = (uint64_t)real.tv_sec};
}

/* What is sent in a server's place ends a connection there, so what the device sent before has to
 * be on its way first. */
static bool send_in_order(void *ctx, enum direction direction, uint32_t ifindex,
			  const uint8_t *packet, size_t len)
{
	struct worker *worker = ctx;
	queue_flush(worker->queue);
	return worker->send(worker->send_ctx, direction, ifindex, packet, len);
}

static void decide(struct worker *worker, const struct queue_packet *packet,
		   const struct gate_time *now)
{
	struct gate_arrival arrival = {.ifindex = packet->ifindex,
				       .has_link_address = packet->has_link_address};
	memcpy(arrival.link_address, packet->link_address, sizeof arrival.link_address);
	const struct gate_verdict verdict =
	    gate_packet(worker->gate, packet->octets, packet->len, &arrival, now);
	queue_decide(worker->queue, packet->id,
		     verdict.drop      ? QUEUE_DROP
		     : verdict.release ? QUEUE_ACCEPT_MARKED
				       : QUEUE_ACCEPT,
		     packet->mark | worker->released_mark);
}

static void forget_honest_in_time(struct worker *worker, uint64_t now_us)
{
	if (now_us - worker->forgotten_us >= HONEST_US) {
		judge_forget_honest(worker->judge);
		worker->forgotten_us = now_us;
	}
}

static void decide_all(struct worker *worker, size_t count)
{
	const uint64_t begun_ns = monotonic_ns();
	const struct gate_time now = gate_time_at(begun_ns);
	for (size_t i = 0; i < count;) {
		const size_t first = i;
		for (; i < count && i < first + SENT_TOGETHER; i++) {
			decide(worker, &worker->packets[i], &now);
		}
		queue_flush(worker->queue);
		latency_add(&worker->latency, monotonic_ns() - begun_ns, i - first);
	}
	forget_honest_in_time(worker, now.monotonic_us);
}

static struct worker_stats count_up(const struct worker *worker)
{
	return (struct worker_stats){
	    .queue = queue_stats(worker->queue),
	    .gate = *gate_stats(worker->gate),
	    .inspector = *gate_inspector_stats(worker->gate),
	    .responder = *gate_responder_stats(worker->gate),
	    .latency = worker->latency,
	};
}

static void give_counters(struct worker *worker)
{
	if (stats_request_wanted(&worker->snapshot)) {
		const struct worker_stats stats = count_up(worker);
		stats_request_give(&worker->snapshot, &stats);
	}
}

static void set_policy(struct worker *worker, const struct policy *policy, struct judge *judge)
{
	worker->judge = judge;
	gate_set_policy(worker->gate, policy, judge);
}

static void take_policy(struct worker *worker)
{
	const struct loaded *loaded = atomic_exchange(&worker->offered, NULL);
	if (loaded != NULL) {
		set_policy(worker, loaded->policy, loaded->judge);
		sem_post(&worker->taken);
	}
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	uint64_t ticked_us = 0;
	while (!atomic_load_explicit(&worker->stopping, memory_order_relaxed)) {
		take_policy(worker);
		give_counters(worker);
		size_t count = 0;
		queue_set_wait(worker->queue, gate_wants_tick(worker->gate) ? TICK_MS : IDLE_MS);
		if (queue_receive(worker->queue, worker->packets, &count) && count > 0) {
			decide_all(worker, count);
		} else {
			forget_honest_in_time(worker, monotonic_ns() / 1000);
		}
		if (gate_wants_tick(worker->gate)) {
			const struct gate_time now = gate_time_at(monotonic_ns());
			if (now.monotonic_us - ticked_us >= TICK_US) {
				gate_tick(worker->gate, &now);
				ticked_us = now.monotonic_us;
			}
		}
	}
	return NULL;
}

static int start_thread(struct worker *worker)
{
	sigset_t before;
	thread_signals_hold(&before);
	const int result = pthread_create(&worker->thread, NULL, work, worker);
	thread_signals_restore(&before);
	if (result == 0) {
		char name[16];
		snprintf(name, sizeof name, "queue-%u", worker->number);
		pthread_setname_np(worker->thread, name);
	}
	return result;
}

static void discard(struct worker *worker)
{
	queue_close(worker->queue);
	gate_free(worker->gate);
	sem_destroy(&worker->taken);
	stats_request_destroy(&worker->snapshot);
	free(worker);
}

struct worker *worker_start(const struct worker_config *config, char *error, size_t error_size)
{
	struct worker *worker = calloc(1, sizeof *worker);
	if (worker == NULL) {
		snprintf(error, error_size, "cannot start a worker: %s", strerror(errno));
		return NULL;
	}
	worker->released_mark = config->released_mark;
	worker->number = config->queue;
	sem_init(&worker->taken, 0, 0);
	stats_request_init(&worker->snapshot);
	worker->send = config->gate.send;
	worker->send_ctx = config->gate.send_ctx;
	struct gate_config gate = config->gate;
	gate.send = send_in_order;
	gate.send_ctx = worker;
	worker->gate = gate_new(&gate);
	if (worker->gate == NULL) {
		snprintf(error, error_size,
			 "cannot start a worker: %s; lower `limits` in the configuration when "
			 "memory is short",
			 strerror(errno));
		discard(worker);
		return NULL;
	}
	set_policy(worker, config->policy, config->judge);
	worker->queue = queue_open(config->queue, config->receive_octets, error, error_size);
	if (worker->queue == NULL) {
		discard(worker);
		return NULL;
	}
	const int result = start_thread(worker);
	if (result != 0) {
		snprintf(error, error_size, "cannot start a thread: %s", strerror(result));
		discard(worker);
		return NULL;
	}
	return worker;
}

void worker_set_policy(struct worker *worker, const struct policy *policy, struct judge *judge)
{
	const struct loaded loaded = {policy, judge};
	atomic_store(&worker->offered, &loaded);
	queue_wake(worker->queue);
	while (sem_wait(&worker->taken) != 0 && errno == EINTR) {
	}
}

void worker_ask(struct worker *worker)
{
	stats_request_ask(&worker->snapshot);
	queue_wake(worker->queue);
}

bool worker_read(struct worker *worker, const struct timespec *until, struct worker_stats *stats)
{
	return stats_request_read(&worker->snapshot, until, stats);
}

void worker_stop(struct worker *worker, struct worker_stats *stats)
{
	atomic_store(&worker->stopping, true);
	queue_wake(worker->queue);
	pthread_join(worker->thread, NULL);
	*stats = count_up(worker);
	discard(worker);
}
