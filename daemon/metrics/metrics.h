/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be asked of a running daemon, as numbers for Prometheus (docs/metrics.md). Only counts:
 * no name that a device asked for, no fake, no site, no address, no device.
 */
#ifndef DAEMON_METRICS_METRICS_H
#define DAEMON_METRICS_METRICS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "daemon/event/event_log.h"
#include "daemon/gate/worker_stats.h"

struct metrics {
	struct worker_stats workers; /* added up */
	uint32_t worker_count;
	uint32_t workers_silent; /* that did not answer in time: their numbers are older */
	struct event_log_stats events;
	uint64_t sent; /* packets in a server's place */
	uint64_t send_failures;
	uint64_t started_s; /* CLOCK_REALTIME, seconds */
	uint32_t policy_version;
	uint64_t policy_sites;
	uint64_t policy_octets; /* of memory */
	uint64_t reloads;       /* that put a policy in force */
	uint64_t reloads_refused;
	uint64_t installs_refused; /* by `truegate policy install` */
};

/*
 * Writes them in Prometheus' text format, version 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
void metrics_write(const struct metrics *metrics, FILE *out);

#endif
