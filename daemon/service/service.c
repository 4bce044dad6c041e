/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/service/service.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "daemon/answer/proceed.h"
#include "daemon/answer/raw_sender.h"
#include "daemon/config/config.h"
#include "daemon/config/site_address.h"
#include "daemon/event/event_log.h"
#include "daemon/gate/worker.h"
#include "daemon/metrics/listener.h"
#include "daemon/metrics/minute.h"
#include "daemon/service/final_stats.h"
#include "daemon/service/privilege.h"
#include "daemon/service/single_instance.h"
#include "daemon/service/syscall_filter.h"
#include "daemon/site/site.h"
#include "daemon/site/site_listen.h"
#include "daemon/status/daemon_state.h"
#include "daemon/store/status_file.h"
#include "daemon/store/store.h"
#include "policy/policy.h"

/* A policy and what each worker and the page judge with. */
struct loaded_policy {
	struct policy *policy;
	struct judge *judges[LIVE_QUEUES_MAX];
	struct judge *site_judge;
};

struct live {
	struct config config;
	struct raw_sender *sender;
	struct proceed *proceed;
	struct plain_dns *plain_dns;
	struct event_log *events;
	struct status_file *status; /* NULL when it cannot be had */
	struct loaded_policy rule;
	struct worker *workers[LIVE_QUEUES_MAX];
	uint32_t worker_count;     /* of workers started */
	struct listener *listener; /* NULL when metrics are not asked for */
	int site_descriptor;       /* -1 once the page has it, or when it is not open */
	struct site_server *site;  /* the gateway's page */
	struct minute minute;      /* of the listener's thread */
	pthread_mutex_t asking;    /* workers are asked by one thread at a time */
	bool dry_run;              /* warns nobody */
	uint64_t reloaded_s;
	uint64_t started_s;
	/* What the listener's thread reads of what this one writes. */
	struct {
		_Atomic uint32_t version;
		_Atomic uint64_t sites, octets, reloads, refused;
	} shown;
};

static void show_policy(struct live *live)
{
	const struct policy *policy = live->rule.policy;
	atomic_store_explicit(&live->shown.version, policy_version(policy), memory_order_relaxed);
	atomic_store_explicit(&live->shown.sites, policy_site_count(policy), memory_order_relaxed);
	atomic_store_explicit(&live->shown.octets, policy_memory(policy), memory_order_relaxed);
}

static void rule_clear(struct loaded_policy *rule)
{
	for (size_t i = 0; i < LIVE_QUEUES_MAX; i++) {
		judge_free(rule->judges[i]);
	}
	judge_free(rule->site_judge);
	policy_free(rule->policy);
	*rule = (struct loaded_policy){0};
}

/* Loads a policy beside the one in force. \returns false, with the reasons in diagnostics. */
static bool rule_load(const struct config *config, struct loaded_policy *out,
		      struct diagnostics *diagnostics)
{
	const struct policy_source source = {.path = config->policy,
					     .key = config->policy_key,
					     .local = config->policy_local,
					     .established = config->established,
					     .catalogue = config->catalogue};
	*out = (struct loaded_policy){.policy = policy_load_from(&source, diagnostics)};
	if (out->policy == NULL) {
		return false;
	}
	out->site_judge = judge_new(out->policy);
	bool made = out->site_judge != NULL;
	for (uint32_t i = 0; made && i < config->queue.count; i++) {
		out->judges[i] = judge_new(out->policy);
		made = out->judges[i] != NULL && judge_remember_honest(out->judges[i]);
	}
	if (!made) {
		diagnostics_add(diagnostics, config->policy, 0, 0, "out of memory");
		rule_clear(out);
	}
	return made;
}

/* How many fakes a batch of the event log has, never which. */
static void tell_notice(void *ctx, const char *text)
{
	(void)ctx;
	fprintf(stderr, "truegate: %s\n", text);
}

static bool send_packet(void *ctx, enum direction direction, uint32_t ifindex,
			const uint8_t *packet, size_t len)
{
	return raw_sender_send(ctx, direction, ifindex, packet, len);
}

static bool open_proceed(struct live *live, char *error, size_t error_size)
{
	live->proceed = proceed_new(live->config.proceed.grants);
	live->plain_dns = plain_dns_new();
	if (live->proceed == NULL || live->plain_dns == NULL) {
		snprintf(error, error_size, "cannot start: %s", strerror(errno));
		return false;
	}
	return true;
}

static void collect_workers(struct live *live, struct metrics *out);

/* For the event log's thread. */
static bool say_coverage(void *ctx, struct coverage *out)
{
	struct live *live = ctx;
	struct metrics seen = {0};
	collect_workers(live, &seen);
	memcpy(out->parts, seen.workers.inspector.flows_by_via,
	       sizeof seen.workers.inspector.flows_by_via);
	memcpy(out->parts + COVERAGE_HIDDEN, seen.workers.inspector.flows_hidden,
	       sizeof seen.workers.inspector.flows_hidden);
	return seen.worker_count > 0 && seen.workers_silent == 0;
}

static bool open_events(struct live *live, char *error, size_t error_size)
{
	const struct event_log_config config = {
	    .path = live->config.events,
	    .observed = live->config.observed,
	    .workers = live->config.queue.count,
	    .queue_slots = live->config.limits.event_slots,
	    .fakes = live->config.limits.event_fakes,
	    .notice = tell_notice,
	    .coverage = say_coverage,
	    .coverage_ctx = live,
	};
	live->events = event_log_open(&config, error, error_size);
	return live->events != NULL;
}

static bool start_workers(struct live *live, char *error, size_t error_size)
{
	struct site_address site;
	live->config.limits.flows.ask_ndpi = true;
	/* Read once already, with the configuration. */
	(void)site_address_read(live->config.site.address, live->config.site.address6, &site);
	for (uint32_t i = 0; i < live->config.queue.count; i++) {
		const struct worker_config config = {
		    .gate = {.worker = i,
			     .flows = &live->config.limits.flows,
			     .answered = live->config.limits.answered,
			     .events = live->events,
			     .dry_run = live->dry_run,
			     .proceed = live->proceed,
			     .plain_dns = live->plain_dns,
			     .site = site,
			     .canary = live->config.dns.canary != 0,
			     .send = send_packet,
			     .send_ctx = live->sender},
		    .queue = (uint16_t)(live->config.queue.first + i),
		    .receive_octets = live->config.queue.receive_octets,
		    .released_mark = live->config.mark.released,
		    .policy = live->rule.policy,
		    .judge = live->rule.judges[i],
		};
		live->workers[i] = worker_start(&config, error, error_size);
		if (live->workers[i] == NULL) {
			return false;
		}
		live->worker_count++;
	}
	return true;
}

/* What the workers answer within a second; of one that hangs, what it said before. */
static void collect_workers(struct live *live, struct metrics *out)
{
	struct timespec until;
	pthread_mutex_lock(&live->asking);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	for (uint32_t i = 0; i < live->worker_count; i++) {
		worker_ask(live->workers[i]);
	}
	for (uint32_t i = 0; i < live->worker_count; i++) {
		struct worker_stats stats;
		out->workers_silent += worker_read(live->workers[i], &until, &stats) ? 0 : 1;
		worker_stats_add(&out->workers, &stats);
	}
	out->worker_count = live->worker_count;
	pthread_mutex_unlock(&live->asking);
}

static uint64_t shown(const _Atomic uint64_t *number)
{
	return atomic_load_explicit(number, memory_order_relaxed);
}

static void collect(void *ctx, struct metrics *out)
{
	struct live *live = ctx;
	collect_workers(live, out);
	event_log_stats(live->events, &out->events);
	raw_sender_stats(live->sender, &out->sent, &out->send_failures);
	minute_hold(&live->minute, out, batch_time_now().elapsed_s);
	out->started_s = live->started_s;
	out->policy_version = atomic_load_explicit(&live->shown.version, memory_order_relaxed);
	out->policy_sites = shown(&live->shown.sites);
	out->policy_octets = shown(&live->shown.octets);
	out->reloads = shown(&live->shown.reloads);
	out->reloads_refused = shown(&live->shown.refused);
	out->installs_refused = store_refusals(live->config.policy_store);
}

/* Writes the daemon's own numbers for `truegate status`. */
static void write_state(struct live *live)
{
	struct metrics seen = {0};
	const char *signer = policy_signer(live->rule.policy);
	collect_workers(live, &seen);
	struct daemon_state state = {
	    .started_s = live->started_s,
	    .written_s = batch_time_now().elapsed_s,
	    .workers = seen.worker_count,
	    .workers_silent = seen.workers_silent,
	    .packets = seen.workers.queue.packets,
	    .missed = seen.workers.queue.missed,
	    .flows = seen.workers.inspector.flows,
	    .flows_released = seen.workers.inspector.flows_released,
	    .sites = policy_site_count(live->rule.policy),
	    .reloaded_s = live->reloaded_s,
	    .dry_run = live->dry_run,
	};
	memcpy(state.names, seen.workers.gate.observations, sizeof state.names);
	memcpy(state.seen, seen.workers.inspector.flows_by_via, sizeof state.seen);
	memcpy(state.hidden, seen.workers.inspector.flows_hidden, sizeof state.hidden);
	state.other = seen.workers.inspector.flows_other;
	if (signer != NULL) {
		const char *comment = policy_signed_comment(live->rule.policy);
		snprintf(state.signer, sizeof state.signer, "%s%s%s", signer,
			 comment != NULL ? ": " : "", comment != NULL ? comment : "");
	}
	char *text = daemon_state_write(&state);
	if (text != NULL) {
		status_file_put_state(live->status, text);
	}
	free(text);
}

static bool offers_metrics(const struct live *live)
{
	return live->config.metrics[0] != '\0';
}

static bool start_listener(struct live *live, char *error, size_t error_size)
{
	if (!offers_metrics(live)) {
		return true;
	}
	live->minute.begun_s = batch_time_now().elapsed_s;
	show_policy(live);
	live->listener = listener_start(live->config.metrics, collect, live, error, error_size);
	return live->listener != NULL;
}

static bool open_site(struct live *live, char *error, size_t error_size)
{
	live->site_descriptor = site_listen((uint16_t)live->config.site.port);
	if (live->site_descriptor < 0) {
		snprintf(error, error_size,
			 "cannot serve the gateway's page at port %" PRIu32
			 ": %s; end what uses it, or set site.port, and --site-port of "
			 "truegate-rules",
			 live->config.site.port, strerror(errno));
	}
	return live->site_descriptor >= 0;
}

static bool start_site(struct live *live, char *error, size_t error_size)
{
	struct site_config config = {.descriptor = live->site_descriptor,
				     .proceed = live->proceed,
				     .canary = live->config.dns.canary != 0};
	(void)site_address_read(live->config.site.address, live->config.site.address6,
				&config.address);
	live->site_descriptor = -1;
	live->site =
	    site_start(&config, live->rule.policy, live->rule.site_judge, error, error_size);
	return live->site != NULL;
}

/* In this order: what needs root, what must be possible without, then nothing more than serving
 * takes. No packet comes before: rules go on when the daemon is ready. */
static bool start(struct live *live, const char *config_path)
{
	struct diagnostics diagnostics = {0};
	if (!config_load(config_path, &live->config, &diagnostics)) {
		diagnostics_print(&diagnostics, stderr);
		return false;
	}
	char error[512] = "";
	if (!privilege_forbid_dumps()) {
		fprintf(stderr, "truegate: cannot forbid core files: %s\n", strerror(errno));
		return false;
	}
	if (!single_instance_take()) {
		fprintf(stderr, "truegate: %s%s\n",
			errno == EADDRINUSE
			    ? "another truegate serves this gateway; one daemon serves all its "
			      "queues: raise queue.count"
			    : "cannot see whether another truegate serves this gateway: ",
			errno == EADDRINUSE ? "" : strerror(errno));
		return false;
	}
	live->status = status_file_open(live->config.status, error, sizeof error);
	if (live->status == NULL) {
		fprintf(stderr, "truegate: %s; 'truegate policy install' cannot tell this daemon\n",
			error);
	}
	live->sender = raw_sender_open(live->config.mark.answer, 0, error, sizeof error);
	if (live->sender == NULL || !open_site(live, error, sizeof error) ||
	    !privilege_drop(live->config.user, error, sizeof error)) {
		fprintf(stderr, "truegate: %s\n", error);
		return false;
	}
	if (!rule_load(&live->config, &live->rule, &diagnostics)) {
		diagnostics_print(&diagnostics, stderr);
		return false;
	}
	if (!open_proceed(live, error, sizeof error) || !open_events(live, error, sizeof error) ||
	    !start_workers(live, error, sizeof error) ||
	    !start_listener(live, error, sizeof error) || !start_site(live, error, sizeof error) ||
	    !syscall_filter_apply(error, sizeof error)) {
		fprintf(stderr, "truegate: %s\n", error);
		return false;
	}
	return true;
}

static void reload(struct live *live)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
		   (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000);
	event_log_reopen(live->events);
	live->reloaded_s = (uint64_t)time(NULL);
	struct diagnostics diagnostics = {0};
	struct loaded_policy next;
	if (rule_load(&live->config, &next, &diagnostics)) {
		for (uint32_t i = 0; i < live->worker_count; i++) {
			worker_set_policy(live->workers[i], next.policy, next.judges[i]);
		}
		site_set_policy(live->site, next.policy, next.site_judge);
		rule_clear(&live->rule);
		live->rule = next;
		show_policy(live);
		atomic_fetch_add_explicit(&live->shown.reloads, 1, memory_order_relaxed);
		fprintf(stderr, "truegate: policy version %" PRIu32 " is in force\n",
			policy_version(live->rule.policy));
		status_file_write(live->status, policy_version(live->rule.policy), NULL);
	} else {
		atomic_fetch_add_explicit(&live->shown.refused, 1, memory_order_relaxed);
		char refusal[DIAGNOSTIC_TEXT_SIZE];
		diagnostic_text(&diagnostics.items[0], refusal);
		status_file_write(live->status, policy_version(live->rule.policy), refusal);
		diagnostics_print(&diagnostics, stderr);
		fprintf(stderr,
			"truegate: the policy was refused; version %" PRIu32 " stays in force\n",
			policy_version(live->rule.policy));
	}
	sd_notify(0, "READY=1");
}

/* Ends what start() began, as far as it came. */
static void stop(struct live *live, struct summary *summary)
{
	listener_stop(live->listener);
	site_stop(live->site);
	if (live->site_descriptor >= 0) {
		close(live->site_descriptor);
	}
	/* From here on nobody asks them: the event log's thread still runs. */
	pthread_mutex_lock(&live->asking);
	const uint32_t workers = live->worker_count;
	live->worker_count = 0;
	pthread_mutex_unlock(&live->asking);
	for (uint32_t i = 0; i < workers; i++) {
		struct worker_stats stats;
		worker_stop(live->workers[i], &stats);
		final_stats_add_worker(summary, &stats);
	}
	if (live->events != NULL) {
		event_log_close(live->events);
	}
	if (live->sender != NULL) {
		raw_sender_stats(live->sender, &summary->sent, &summary->send_failures);
		raw_sender_close(live->sender);
	}
	status_file_close(live->status);
	proceed_free(live->proceed);
	plain_dns_free(live->plain_dns);
	rule_clear(&live->rule);
	config_release(&live->config);
}

/*
 * Tells systemd's watchdog that packets are decided on. Each worker is given the policy it has once
 * more, which it takes between two batches: one that hangs holds this up, so that systemd ends the
 * daemon, and the rules let the traffic pass. The event log has no say: a disk that stands still
 * costs only events.
 */
static void answer_watchdog(const struct live *live)
{
	for (uint32_t i = 0; i < live->worker_count; i++) {
		worker_set_policy(live->workers[i], live->rule.policy, live->rule.judges[i]);
	}
	sd_notify(0, "WATCHDOG=1");
}

/* How often the numbers for `truegate status` are written, at least. */
#define STATE_EVERY_US UINT64_C(10000000)

/* Serves signals, and the watchdog where there is one, until a signal asks to stop. */
static void serve(struct live *live, const sigset_t *signals)
{
	uint64_t limit_us = 0;
	const bool watched = sd_watchdog_enabled(0, &limit_us) > 0;
	const uint64_t pause_us =
	    watched && limit_us / 2 < STATE_EVERY_US ? limit_us / 2 : STATE_EVERY_US;
	const struct timespec pause = {
	    .tv_sec = (time_t)(pause_us / 1000000),
	    .tv_nsec = (long)(pause_us % 1000000) * 1000,
	};
	for (;;) {
		write_state(live);
		const int number = sigtimedwait(signals, NULL, &pause);
		if (number == SIGHUP) {
			reload(live);
		} else if (number == SIGTERM || number == SIGINT) {
			return;
		}
		if (watched) {
			answer_watchdog(live);
		}
	}
}

bool service_run(const char *config_path, bool dry_run)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);

	struct live live = {.site_descriptor = -1,
			    .asking = PTHREAD_MUTEX_INITIALIZER,
			    .dry_run = dry_run,
			    .started_s = (uint64_t)time(NULL)};
	struct summary summary = {0};
	if (!start(&live, config_path)) {
		stop(&live, &summary);
		return false;
	}
	fprintf(stderr,
		"truegate: policy version %" PRIu32 " is in force, %zu sites, queues %" PRIu32
		" to %" PRIu32 "\n",
		policy_version(live.rule.policy), policy_site_count(live.rule.policy),
		live.config.queue.first, live.config.queue.first + live.config.queue.count - 1);
	status_file_write(live.status, policy_version(live.rule.policy), NULL);
	sd_notify(0, "READY=1");
	serve(&live, &signals);
	sd_notify(0, "STOPPING=1");
	stop(&live, &summary);
	final_stats_print(&summary, stderr);
	return true;
}
