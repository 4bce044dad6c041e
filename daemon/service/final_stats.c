/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/service/final_stats.h"

#include <inttypes.h>

void final_stats_add_worker(struct summary *summary, const struct worker_stats *stats)
{
	worker_stats_add(&summary->total, stats);
}

void final_stats_print(const struct summary *summary, FILE *out)
{
	const struct queue_stats *queue = &summary->total.queue;
	const struct gate_stats *gate = &summary->total.gate;
	const struct inspector_stats *seen = &summary->total.inspector;
	fprintf(out,
		"truegate: %" PRIu64 " packets in %" PRIu64 " batches, %" PRIu64
		" passed unseen, %" PRIu64 " cut short, %" PRIu64 " queue errors\n",
		queue->packets, queue->batches, queue->missed, queue->cut, queue->errors);
	fprintf(out,
		"truegate: %" PRIu64 " flows, %" PRIu64 " released, %" PRIu64 " evicted, %" PRIu64
		" streams given up, %" PRIu64 " names read\n",
		seen->flows, seen->flows_released, seen->flows_evicted, seen->streams_given_up,
		seen->observations);
	fprintf(out,
		"truegate: %" PRIu64 " malformed, %" PRIu64 " malformed DNS, %" PRIu64
		" malformed HTTP, %" PRIu64 " fragments\n",
		seen->malformed, seen->dns_malformed, seen->http_malformed, seen->fragments);
	/* No findings, no answers: a daemon that is stopped again and again would tell when. */
	fprintf(out, "truegate: %" PRIu64 " could not be answered, %" PRIu64 " could not be sent\n",
		gate->unanswered, summary->send_failures);
}
