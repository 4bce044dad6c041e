/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers GET /metrics (libmicrohttpd), in a thread of its own that no packet waits for.
 */
#ifndef DAEMON_METRICS_LISTENER_H
#define DAEMON_METRICS_LISTENER_H

#include <stddef.h>

#include "daemon/metrics/metrics.h"

/* Connections at once; what comes beyond waits. */
#define LISTENER_CONNECTIONS 8

/* A connection that is silent so long is ended, in seconds. */
#define LISTENER_IDLE_SECONDS 5

struct listener;

/* Fills in the numbers as they are; called by the listener's thread. */
typedef void listener_collect_fn(void *ctx, struct metrics *out);

/*
 * Listens and starts the thread, with all signals blocked.
 *
 * \param address  as metrics_address_read() takes it.
 * \param error    on failure gets a sentence that says what is wrong and what to do.
 * \returns NULL on failure. End it with listener_stop().
 */
struct listener *listener_start(const char *address, listener_collect_fn *collect, void *ctx,
				char *error, size_t error_size);

/* No call of `collect` is running or follows when it returns. NULL is allowed. */
void listener_stop(struct listener *listener);

#endif
