#include "daemon/live/summary.h"

#include <inttypes.h>
#include <stddef.h>

static void add(uint64_t *total, const uint64_t *more, size_t size)
{
	for (size_t i = 0; i < size / sizeof *total; i++) {
		total[i] += more[i];
	}
}

_Static_assert(sizeof(struct worker_stats) % sizeof(uint64_t) == 0 &&
		   _Alignof(struct worker_stats) == _Alignof(uint64_t),
	       "counters alone, so that they can be added one by one");

void summary_add_worker(struct summary *summary, const struct worker_stats *stats)
{
	add((uint64_t *)&summary->total, (const uint64_t *)stats, sizeof *stats);
}

void summary_print(const struct summary *summary, FILE *out)
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
		gate->findings[ACTION_OBSERVE], gate->findings[ACTION_WARN],
		gate->findings[ACTION_BLOCK], gate->dns_answered, gate->http_answered,
		gate->went_on, gate->unanswered);
	fprintf(out,
		"truegate: %" PRIu64 " packets sent in a server's place, %" PRIu64
		" could not be sent\n",
		summary->sent, summary->send_failures);
}
