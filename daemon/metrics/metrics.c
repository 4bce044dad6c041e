/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/metrics/metrics.h"

#include <inttypes.h>

#include "daemon/gate/latency.h"

static void describe(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP truegate_%s %s\n# TYPE truegate_%s %s\n", name, help, name, type);
}

static void counter(FILE *out, const char *name, const char *help, uint64_t value)
{
	describe(out, name, "counter", help);
	fprintf(out, "truegate_%s %" PRIu64 "\n", name, value);
}

static void gauge(FILE *out, const char *name, const char *help, uint64_t value)
{
	describe(out, name, "gauge", help);
	fprintf(out, "truegate_%s %" PRIu64 "\n", name, value);
}

/* One number of several that differ by one label. */
static void labelled(FILE *out, const char *name, const char *label, const char *text,
		     uint64_t value)
{
	fprintf(out, "truegate_%s{%s=\"%s\"} %" PRIu64 "\n", name, label, text, value);
}

static void write_queue(FILE *out, const struct queue_stats *queue)
{
	counter(out, "packets_total", "Packets that the kernel handed over.", queue->packets);
	counter(out, "batches_total", "Times that it handed over any.", queue->batches);
	counter(out, "queue_missed_packets_total",
		"Packets that passed unseen because a queue's buffer was full.", queue->missed);
	counter(out, "queue_overruns_total",
		"Times the kernel said that it could not hand over what came.", queue->overruns);
	counter(out, "queue_cut_packets_total", "Packets longer than the kernel hands over.",
		queue->cut);
	counter(out, "queue_errors_total", "Messages of the kernel that were no packet.",
		queue->errors);
}

static void write_inspector(FILE *out, const struct inspector_stats *seen)
{
	counter(out, "flows_total", "Flows begun.", seen->flows);
	counter(out, "flows_released_total", "Flows of which nothing more was wanted.",
		seen->flows_released);
	counter(out, "flows_evicted_total", "Flows forgotten because the table was full.",
		seen->flows_evicted);
	counter(out, "streams_given_up_total", "Flows given up with a name not read whole.",
		seen->streams_given_up);
	counter(out, "fragments_total", "IP fragments, which pass unread.", seen->fragments);
	counter(out, "tls_hellos_total", "TLS connections whose first message was read.",
		seen->tls_hellos);
	counter(out, "tls_nameless_total", "Those of them without a server name: hidden.",
		seen->tls_nameless);
	describe(out, "flows_seen_total", "counter", "Flows by the way their names are read.");
	for (size_t i = 0; i < VIA_COUNT; i++) {
		labelled(out, "flows_seen_total", "via", via_text((enum via)i),
			 seen->flows_by_via[i]);
	}
	describe(out, "flows_hidden_total", "counter", "Flows by what hides their names.");
	for (size_t i = 0; i < HIDDEN_COUNT; i++) {
		labelled(out, "flows_hidden_total", "by", hidden_text((enum hidden)i),
			 seen->flows_hidden[i]);
	}
	counter(out, "flows_other_total", "Flows released that are none of these.",
		seen->flows_other);
	describe(out, "malformed_total", "counter", "What could not be read.");
	labelled(out, "malformed_total", "what", "packet", seen->malformed);
	labelled(out, "malformed_total", "what", "dns", seen->dns_malformed);
	labelled(out, "malformed_total", "what", "http", seen->http_malformed);
}

/* By action only: technique and confidence would tell one protected site's fakes from another's. */
static void write_findings(FILE *out, const struct gate_stats *gate)
{
	describe(out, "findings_total", "counter", "Names seen that imitate a protected site.");
	for (size_t i = 0; i < ACTION_COUNT; i++) {
		labelled(out, "findings_total", "action", action_text((enum action)i),
			 gate_findings(gate, (enum action)i));
	}
}

static void write_gate(FILE *out, const struct gate_stats *gate)
{
	describe(out, "observations_total", "counter", "Host names read.");
	for (size_t i = 0; i < VIA_COUNT; i++) {
		labelled(out, "observations_total", "via", via_text((enum via)i),
			 gate->observations[i]);
	}
	write_findings(out, gate);
	describe(out, "answers_total", "counter",
		 "Questions and requests answered, connections refused here.");
	labelled(out, "answers_total", "via", "dns", gate->dns_answered);
	labelled(out, "answers_total", "via", "http", gate->http_answered);
	labelled(out, "answers_total", "via", "tls", gate->tls_refused);
	labelled(out, "answers_total", "via", "quic", gate->quic_refused);
	counter(out, "answers_failed_total", "Those that should have been answered and passed.",
		gate->unanswered);
	counter(out, "proceeded_total", "Requests that passed because the person chose to proceed.",
		gate->proceeded);
}

/* An upper bound, in seconds, as short as it can be written. */
static void write_bucket(FILE *out, const char *bound, uint64_t packets)
{
	labelled(out, "verdict_seconds_bucket", "le", bound, packets);
}

static void write_latency(FILE *out, const struct latency *latency)
{
	describe(out, "verdict_seconds", "histogram",
		 "Time from a packet's arrival in the daemon to its verdict.");
	uint64_t packets = 0;
	for (size_t i = 0; i < LATENCY_BOUNDS; i++) {
		char bound[32];
		packets += latency->packets[i];
		snprintf(bound, sizeof bound, "%g", (double)latency_bounds_ns[i] / 1e9);
		write_bucket(out, bound, packets);
	}
	packets += latency->packets[LATENCY_BOUNDS];
	write_bucket(out, "+Inf", packets);
	fprintf(out, "truegate_verdict_seconds_sum %" PRIu64 ".%09" PRIu64 "\n",
		latency->sum_ns / 1000000000, latency->sum_ns % 1000000000);
	fprintf(out, "truegate_verdict_seconds_count %" PRIu64 "\n", packets);
}

static void write_events(FILE *out, const struct event_log_stats *events)
{
	counter(out, "sightings_total", "Sightings of fakes that the event log took in.",
		events->sightings);
	counter(out, "sightings_lost_total", "Sightings lost because too many came at once.",
		events->sightings_lost);
	counter(out, "events_total", "Lines written to the event log.", events->lines);
	counter(out, "events_lost_total", "Lines that could not be written.", events->lines_lost);
	counter(out, "sightings_left_out_total",
		"Sightings of fakes beyond what the event log counts or writes.", events->left_out);
	counter(out, "event_batches_total", "Times the event log was written.", events->batches);
	counter(out, "event_log_reopen_failures_total",
		"Times the event log could not be reopened.", events->reopen_failures);
	counter(out, "observed_failures_total",
		"Times the file for truegate suggest could not be read or written.",
		events->observed_failures);
}

static void write_policy(FILE *out, const struct metrics *metrics)
{
	gauge(out, "policy_version", "Version of the policy in force.", metrics->policy_version);
	gauge(out, "policy_sites", "Sites that it protects.", metrics->policy_sites);
	gauge(out, "policy_memory_bytes", "Memory that it takes, near enough.",
	      metrics->policy_octets);
	describe(out, "policy_reloads_total", "counter",
		 "Policies that the daemon was told to load.");
	labelled(out, "policy_reloads_total", "result", "done", metrics->reloads);
	labelled(out, "policy_reloads_total", "result", "refused", metrics->reloads_refused);
	counter(out, "policy_installs_refused_total",
		"Policies that truegate policy install refused on this gateway.",
		metrics->installs_refused);
}

void metrics_write(const struct metrics *metrics, FILE *out)
{
	describe(out, "build_info", "gauge", "Version of the program.");
	labelled(out, "build_info", "version", TRUEGATE_VERSION, 1);
	gauge(out, "start_time_seconds", "When the daemon started, since 1970.",
	      metrics->started_s);
	gauge(out, "workers", "Threads that decide on packets.", metrics->worker_count);
	gauge(out, "workers_silent", "Those of them that did not answer this scrape in time.",
	      metrics->workers_silent);
	write_queue(out, &metrics->workers.queue);
	write_inspector(out, &metrics->workers.inspector);
	write_gate(out, &metrics->workers.gate);
	write_latency(out, &metrics->workers.latency);
	counter(out, "sent_packets_total", "Packets sent in a server's place.", metrics->sent);
	counter(out, "send_failures_total", "Packets that could not be sent.",
		metrics->send_failures);
	write_events(out, &metrics->events);
	write_policy(out, metrics);
}
