/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/command/command.h"
#include "daemon/command/policy_session.h"
#include "daemon/command/progress.h"
#include "daemon/command/seen_findings.h"
#include "daemon/config/config.h"
#include "dpi/capture.h"
#include "dpi/inspector.h"

/* The clock and the file position are looked at once in so many packets. */
#define PACKETS_A_PROGRESS 4096

static const char help[] =
    "usage: truegate replay [--policy FILE] [--format text|jsonl] CAPTURE\n"
    "\n"
    "Takes the host names out of a capture (pcap or pcapng; '-' is standard input) and\n"
    "shows those that imitate a site that the policy protects, each once for each of\n"
    "DNS, HTTP, TLS and QUIC. Nothing else of the traffic is shown or kept.\n"
    "\n"
    "  --policy FILE   the policy (default " DEFAULT_POLICY ")\n"
    "  --established FILE\n"
    "                  established names (default " LIVE_CONFIG_ESTABLISHED ",\n"
    "                  where that is)\n"
    "  --format FORMAT text for people (default), jsonl for programs: one JSON object a\n"
    "                  line\n"
    "\n"
    "Exits with 0 when no name imitates a site, with 1 when one does, with 2 on errors.\n";

struct replay {
	struct policy_session judging;
	struct output output;
	struct capture *capture;
	struct inspector *inspector;
	struct seen_findings *seen;
	struct progress progress;
	uint64_t packets;
	uint64_t findings;
	uint64_t shown; /* of the findings */
	bool failed;    /* output; stop */
	struct inspection inspection;
};

static void see(struct replay *replay, const struct observation *observation)
{
	struct finding finding;

	if (replay->failed || judge_name(replay->judging.judge, observation->host,
					 observation->host_len, &finding) != JUDGE_FOUND) {
		return;
	}
	replay->findings++;
	if (!seen_findings_add(replay->seen, observation)) {
		return;
	}
	replay->shown++;
	progress_clear(&replay->progress);
	replay->failed = !output_finding(&replay->output, observation->host, observation->host_len,
					 &finding, &observation->via);
}

static void inspect(struct replay *replay, const struct capture_packet *captured)
{
	struct inspection *inspection = &replay->inspection;
	struct packet packet;
	enum packet_result result = packet_parse(captured->octets, captured->len, &packet);

	if (result != PACKET_OK) {
		(void)inspector_unparsed(replay->inspector, result);
		return;
	}
	do {
		inspector_packet(replay->inspector, &packet, captured->time_us, inspection);
		for (size_t i = 0; i < inspection->count; i++) {
			see(replay, &inspection->sightings[i].observation);
		}
	} while (inspection->more);
}

static void show_progress(struct replay *replay)
{
	uint64_t done, total;

	capture_progress(replay->capture, &done, &total);
	progress_update(&replay->progress, replay->packets, done, total);
}

/* \returns how the capture ended; CAPTURE_PACKET when output failed before. */
static enum capture_result replay_packets(struct replay *replay)
{
	struct capture_packet packet;

	while (!replay->failed) {
		enum capture_result result = capture_next(replay->capture, &packet);

		if (result != CAPTURE_PACKET && result != CAPTURE_SKIPPED) {
			return result;
		}
		if (result == CAPTURE_PACKET) {
			inspect(replay, &packet);
		}
		if (++replay->packets % PACKETS_A_PROGRESS == 0) {
			show_progress(replay);
		}
	}
	return CAPTURE_PACKET;
}

static void print_count(uint64_t count, const char *what)
{
	if (count > 0) {
		fprintf(stderr, "truegate: %" PRIu64 " %s\n", count, what);
	}
}

static void print_final_stats(const struct replay *replay)
{
	const struct inspector_stats *stats = inspector_stats(replay->inspector);

	fprintf(stderr,
		"truegate: %" PRIu64 " packets, %" PRIu64 " flows, %" PRIu64 " names, %" PRIu64
		" findings (%" PRIu64 " shown)\n",
		replay->packets, stats->flows, stats->observations, replay->findings,
		replay->shown);
	print_count(capture_skipped(replay->capture), "frames without IP skipped");
	print_count(capture_cut(replay->capture),
		    "packets were cut short by who captured them; 'tcpdump -s 0' keeps them whole");
	print_count(stats->malformed, "malformed packets skipped");
	print_count(stats->fragments, "fragments skipped");
	print_count(stats->dns_malformed, "malformed DNS messages skipped");
	print_count(stats->http_malformed, "HTTP requests without a usable host skipped");
	print_count(stats->streams_given_up, "TCP streams given up: too long or with holes");
	print_count(stats->flows_evicted, "flows forgotten: too many at once");
}

static enum status finish(struct replay *replay, enum capture_result ended)
{
	progress_clear(&replay->progress);
	if (replay->failed || !output_flush()) {
		return STATUS_ERROR;
	}
	print_final_stats(replay);
	if (ended == CAPTURE_UNREADABLE) {
		fprintf(stderr,
			"truegate replay: the capture cannot be read beyond packet %" PRIu64
			": %s\n",
			replay->packets, capture_error(replay->capture));
		return STATUS_ERROR;
	}
	if (ended == CAPTURE_TRUNCATED) {
		fprintf(stderr,
			"truegate replay: the capture ends inside packet %" PRIu64
			"; all before it was replayed\n",
			replay->packets + 1);
	}
	return replay->findings > 0 ? STATUS_FOUND : STATUS_NOTHING;
}

static bool open_parts(struct replay *replay, const char *path)
{
	char error[1024];

	replay->capture = capture_open(path, error, sizeof(error));
	if (replay->capture == NULL) {
		fprintf(stderr, "truegate replay: %s\n", error);
		return false;
	}
	replay->inspector = inspector_new(NULL);
	replay->seen = seen_findings_new();
	if (replay->inspector == NULL || replay->seen == NULL) {
		fprintf(stderr, "truegate replay: cannot be started: %s\n", strerror(errno));
		return false;
	}
	return true;
}

static void close_parts(struct replay *replay)
{
	seen_findings_free(replay->seen);
	inspector_free(replay->inspector);
	capture_close(replay->capture);
}

enum status replay_command(int argc, char **argv)
{
	enum status status;
	struct policy_session_options options;
	struct replay replay = {0};

	if (!options_go_on(policy_session_options_read(argc, argv, help, &options), &status)) {
		return status;
	}
	if (argc - options.operands != 1) {
		fputs("truegate replay: give one capture file, or '-' for standard input; see "
		      "'truegate replay --help'\n",
		      stderr);
		return STATUS_ERROR;
	}
	if (!policy_session_open(&replay.judging, &options)) {
		return STATUS_ERROR;
	}
	if (open_parts(&replay, argv[options.operands])) {
		output_open(&replay.output, options.format);
		progress_start(&replay.progress);
		status = finish(&replay, replay_packets(&replay));
	}
	close_parts(&replay);
	policy_session_close(&replay.judging);
	return status;
}
