/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/status/status_report.h"

#include <inttypes.h>
#include <stdarg.h>

const char *health_text(enum health health)
{
	return health == HEALTH_GOOD       ? "fine"
	       : health == HEALTH_DEGRADED ? "degraded"
					   : "not running";
}

__attribute__((format(printf, 2, 3))) static void add(struct problems *problems, const char *format,
						      ...)
{
	va_list arguments;

	if (problems->count == PROBLEMS_MAX) {
		return;
	}
	va_start(arguments, format);
	(void)vsnprintf(problems->texts[problems->count++], PROBLEM_SIZE, format, arguments);
	va_end(arguments);
}

static void judge_daemon(const struct gateway *gateway, struct problems *out)
{
	if (gateway->refusal[0] != '\0') {
		add(out, "the last policy was refused: %s", gateway->refusal);
	}
	if (!gateway->has_state) {
		add(out, "the daemon has not written its numbers; is it of another version?");
		return;
	}
	if (gateway->age_s > STATE_AGE_MAX_S) {
		add(out, "the daemon's numbers are %" PRIu64 " s old: it hangs; restart it",
		    gateway->age_s);
	}
	if (gateway->state.workers_silent > 0) {
		add(out, "%" PRIu64 " of %" PRIu64 " workers do not answer",
		    gateway->state.workers_silent, gateway->state.workers);
	}
}

/* Packets that no judge saw: one in a thousand is worth a look. */
static void judge_queues(const struct gateway *gateway, struct problems *out)
{
	const struct queue_table *queues = &gateway->queues;
	uint64_t unseen = queues->dropped + queues->user_dropped +
			  (gateway->has_state ? gateway->state.missed : 0);

	if (!gateway->has_queues) {
		add(out, "%s cannot be read; run this as root", QUEUE_TABLE_PATH);
	} else if (queues->served < gateway->queues_wanted) {
		add(out, "%" PRIu32 " of %" PRIu32 " queues are served", queues->served,
		    gateway->queues_wanted);
	}
	if (unseen > 0 && unseen > queues->packets / 1000) {
		add(out,
		    "%" PRIu64 " packets passed unseen; raise queue.receive_octets or queue.count",
		    unseen);
	}
}

enum health status_judge(const struct gateway *gateway, struct problems *out)
{
	out->count = 0;
	if (!gateway->running) {
		add(out, "the daemon does not run; systemctl start truegate");
	} else {
		judge_daemon(gateway, out);
		judge_queues(gateway, out);
	}
	if (gateway->fetched.error[0] != '\0') {
		add(out, "the last fetch of a policy failed: %s", gateway->fetched.error);
	}
	if (gateway->rules.rules == RULES_OFF) {
		add(out, "no rules hand packets to it; see truegate-rules(8)");
	} else if (gateway->rules.rules == RULES_UNKNOWN) {
		add(out, "truegate-rules cannot say which rules stand; run this as root");
	}
	if (gateway->forwards_ipv4 == 0 && gateway->forwards_ipv6 != 1) {
		add(out, "this machine does not forward; set net.ipv4.ip_forward on a gateway");
	}
	if (!gateway->running) {
		return HEALTH_DOWN;
	}
	return out->count > 0 ? HEALTH_DEGRADED : HEALTH_GOOD;
}
