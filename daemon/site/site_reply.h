/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the gateway's page answers to a request. Knows nothing of sockets or of the HTTP library;
 * the time is given to it. All texts of a request are from the network.
 */
#ifndef DAEMON_SITE_SITE_REPLY_H
#define DAEMON_SITE_SITE_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "daemon/answer/proceed.h"
#include "daemon/config/site_address.h"
#include "dpi/observation.h"
#include "policy/policy.h"

/* What is in force while the answer is made. */
struct site_state {
	const struct policy *policy;
	struct judge *judge; /* used by one thread at a time */
	struct proceed *proceed;
	time_t loaded;  /* when the policy came into force */
	bool canary;    /* dns.canary of truegate.conf(5) */
	uint64_t now_s; /* CLOCK_MONOTONIC, seconds */
};

/* The fields of the page's form, NUL-terminated; "" for one that was not sent. */
struct site_fields {
	char token[PROCEED_TOKEN_SIZE];
	char step[sizeof "confirm"];
	char to[sizeof "https"];
};

/*
 * Puts a piece of a field's value in its place; a field of another name is skipped.
 *
 * \param key  NULL for a piece that has no name.
 * \param offset  octets of the value that came before this piece, all of them given here.
 * \returns false when the value is longer than any that the page's form sends.
 */
bool site_fields_take(struct site_fields *fields, const char *key, uint64_t offset,
		      const char *data, size_t size);

/* A text is NULL when the request had none. */
struct site_question {
	bool posts; /* POST; otherwise GET or HEAD */
	const char *path;
	const char *host;
	const char *origin;
	const char *fetch_site; /* Sec-Fetch-Site */
	const char *typed;      /* ?name= */
	const char *from;       /* ?from= */
	struct device_address device;
	const struct site_fields *fields; /* of a POST */
};

struct site_reply {
	unsigned status;  /* of RFC 9110 section 15 */
	const char *type; /* Content-Type */
	char *text;       /* to free(); NULL when out of memory: nothing can be answered */
	char location[sizeof "https:///" + HOST_NAME_MAX_LEN]; /* Location, or "" */
};

/* Whether a request is refused by its head (path, typed, from, device and fields are not read): it
 * was sent to another host, or is a POST that does not come from the page. The refusal is in out.
 */
bool site_refuses(const struct site_address *address, const struct site_question *question,
		  struct site_reply *out);

/* Answers a request that site_refuses() lets through. Only a POST with a token lets the device go
 * on. */
void site_reply(const struct site_state *state, const struct site_question *question,
		struct site_reply *out);

#endif
