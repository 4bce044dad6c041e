/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Serves the gateway's page (libmicrohttpd) in a thread of its own, which no packet waits for:
 *
 *   GET /             what is protected and excepted, who signed, what is seen; ?name=, ?from=
 *   GET /NAME         whether and why a name is warned of, and how to go on
 *   GET /NAME.json    the same for help desks
 *   POST /NAME        goes on: at warn at once, at block after a second page asked again
 *
 * A GET grants nothing. A POST needs the token of a page that this device read (proceed.h) and
 * comes from the page's own origin. Nothing is logged of who asks for what.
 */
#ifndef DAEMON_SITE_SITE_H
#define DAEMON_SITE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/answer/proceed.h"
#include "daemon/config/site_address.h"
#include "policy/policy.h"

/* Connections at once, of all and of one address; what comes beyond waits or is closed. */
#define SITE_CONNECTIONS 128
#define SITE_CONNECTIONS_OF_ONE 16

/* A connection that is silent so long is ended, in seconds. */
#define SITE_IDLE_SECONDS 5

struct site_config {
	int descriptor; /* of site_listen(); closed by site_stop() */
	struct site_address address;
	struct proceed *proceed;
	bool canary;
};

struct site_server;

/*
 * Starts the thread, with all signals blocked.
 *
 * \param policy  and judge: used by the thread until others are set; both outlive it.
 * \returns NULL with a sentence in error; the descriptor is closed then as well.
 */
struct site_server *site_start(const struct site_config *config, const struct policy *policy,
			       struct judge *judge, char *error, size_t error_size);

/* Gives it another policy; the one before is not used any more when this returns. */
void site_set_policy(struct site_server *site, const struct policy *policy, struct judge *judge);

/* NULL is allowed. */
void site_stop(struct site_server *site);

#endif
