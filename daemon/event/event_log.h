/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event log: one line of JSON for each fake and day (docs/events.md), written in batches at
 * fixed hours (batch_clock.h), never when a fake is seen. Workers hand sightings over without ever
 * waiting; a thread of its own counts and writes.
 *
 * Nothing of the device gets further than event_log_add(): there its address becomes a hash whose
 * random key dies with the process, and of those hashes ten are kept for each fake and day, to tell
 * "1-4", "5-9" and "10+".
 *
 * What no batch has is in memory only: it ends with the process, for a line written at the end
 * would tell when the fake was seen.
 */
#ifndef DAEMON_EVENT_EVENT_LOG_H
#define DAEMON_EVENT_EVENT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/event/batch_clock.h"
#include "daemon/event/coverage.h"
#include "dpi/observation.h"
#include "dpi/packet.h"
#include "policy/finding.h"

struct event_log;

/*
 * Called by the log's thread after a batch that wrote events, with one line without its end, fit
 * for a terminal and a journal: "3 fakes written to the event log; see 'truegate report'". It names
 * none of them.
 */
typedef void event_notice_fn(void *ctx, const char *text);

/* Counts since the daemon's start. Called by the log's thread, once a day. \returns false when they
 * cannot be had. */
typedef bool event_coverage_fn(void *ctx, struct coverage *out);

/* What time it is; for tests. */
typedef struct batch_time event_clock_fn(void *ctx);

struct event_log_config {
	const char *path;     /* opened for appending, made with mode 0640 */
	const char *observed; /* file for `truegate suggest` (observed.h); NULL: none */
	uint32_t workers;     /* that will call event_log_add(), numbered from 0 */
	uint32_t queue_slots; /* sightings waiting for each worker; 0: 1024; rounded up to a power
				 of two. When full, a sighting is counted as lost */
	uint32_t fakes;       /* counted at once; 0: 4096. When full, the one begun first of those
				 that one device saw is forgotten, and counted as left out */
	event_notice_fn *notice; /* may be NULL */
	void *notice_ctx;
	event_coverage_fn *coverage; /* may be NULL */
	void *coverage_ctx;
	event_clock_fn *clock; /* NULL: the machine's clocks */
	void *clock_ctx;
};

/*
 * Opens the log and starts its thread, with the signals of thread_signals.h held back.
 *
 * \param error  gets a sentence on what is wrong and what to do.
 * \returns NULL on failure; nothing is left behind. Close with event_log_close().
 */
struct event_log *event_log_open(const struct event_log_config *config, char *error,
				 size_t error_size);

/* Ends the thread and forgets what no batch has. No event_log_add() may be running or follow. */
void event_log_close(struct event_log *log);

/*
 * Hands a sighting over. Never waits, takes no memory. The strings of `finding` are copied: the
 * policy may go afterwards.
 *
 * What is not an event is not counted as one: a finding with ACTION_OBSERVE (it is only counted for
 * `truegate suggest`), a question that ACTION_WARN lets pass over DNS (nobody was shown anything),
 * and what claims to come over a TCP connection of which no handshake was seen (anybody can send
 * that in another's name).
 *
 * \param worker          number of the calling worker; one thread at a time for each number.
 * \param packet          of the sighting. Source: the device. Destination: the fake's server when
 *                        the handshake was seen, unless it is an address of own networks
 *                        (own_network.h, office_networks.h) or next to the device's.
 * \param handshake_seen  of the TCP connection that the sighting came over.
 * \param time_s          CLOCK_REALTIME, seconds.
 * \returns false when the worker's queue was full; counted.
 */
bool event_log_add(struct event_log *log, uint32_t worker, const struct observation *observation,
		   const struct packet *packet, const struct finding *finding, bool handshake_seen,
		   uint64_t time_s);

/* Has the thread close the file and open its path again (after the log was rotated). Returns at
 * once; async-signal-safe. When it cannot be opened the old file stays in use; counted. */
void event_log_reopen(struct event_log *log);

struct event_log_stats {
	uint64_t sightings;      /* taken in */
	uint64_t sightings_lost; /* a worker's queue was full */
	uint64_t left_out;       /* sightings of fakes beyond what is counted or written */
	uint64_t lines;          /* written */
	uint64_t lines_lost;     /* could not be written (disk full) */
	uint64_t batches;        /* written, empty ones too */
	uint64_t reopen_failures;
	uint64_t observed_failures; /* times that the file of `observed` could not be written */
};

/* Thread-safe; each number is right by itself. */
void event_log_stats(const struct event_log *log, struct event_log_stats *out);

#endif
