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
	fprintf(out,
		"truegate: findings: %" PRIu64 " observe, %" PRIu64 " warn, %" PRIu64
		" block; answered: %" PRIu64 " DNS, %" PRIu64 " HTTP, %" PRIu64 " went on, %" PRIu64
		" could not be answered\n",
		gate_findings(gate, ACTION_OBSERVE), gate_findings(gate, ACTION_WARN),
		gate_findings(gate, ACTION_BLOCK), gate->dns_answered, gate->http_answered,
		gate->proceeded, gate->unanswered);
	fprintf(out,
		"truegate: %" PRIu64 " packets sent in a server's place, %" PRIu64
		" could not be sent\n",
		summary->sent, summary->send_failures);
}
