/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The event log: one line of JSON for each fake and hour (docs/events.md). Workers hand sightings
 * over without ever waiting; a thread of its own counts and writes.
 *
 * Nothing of the device gets further than event_log_add(): there its address becomes a hash over
 * (address, fake, hour) whose random key dies with the process, and of those hashes ten are kept
 * for each fake and hour, to count "1", "2-4", "5-9", "10+".
 */
#ifndef DAEMON_EVENT_EVENT_LOG_H
#define DAEMON_EVENT_EVENT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"
#include "dpi/packet.h"
#include "policy/finding.h"

struct event_log;

/*
 * Called by the log's thread when a fake is first seen in an hour, so that IT staff hear of it at
 * once, while the line is written when the hour is over. The text is one line without its end, safe
 * for a terminal and a journal: "vietc0mbank.top imitates vietcombank.com.vn (Vietcombank):
 * homoglyph, high, block: 0 stands for o". Nothing of a device is in it.
 */
typedef void event_notice_fn(void *ctx, const char *text);

struct event_log_config {
	const char *path;     /* opened for appending, made with mode 0640 */
	uint32_t workers;     /* that will call event_log_add(), numbered from 0 */
	uint32_t queue_slots; /* sightings waiting for each worker; 0: 1024; rounded up to a power
				 of two. When full, a sighting is counted as lost */
	uint32_t fakes;       /* counted at once; 0: 4096. When full, the one begun first is
				 written early; seen again, it makes a further line */
	event_notice_fn *notice; /* may be NULL */
	void *notice_ctx;
};

/*
 * Opens the log and starts its thread, with the signals of thread_signals.h held back.
 *
 * \param error  gets a sentence on what is wrong and what to do.
 * \returns NULL on failure; nothing is left behind. Close with event_log_close().
 */
struct event_log *event_log_open(const struct event_log_config *config, char *error,
				 size_t error_size);

/* Takes in what is waiting, writes a line for each fake of the hour not yet over, ends the thread.
 * No event_log_add() may be running or follow. */
void event_log_close(struct event_log *log);

/*
 * Hands a sighting over. Never waits, takes no memory. The strings of `finding` are copied: the
 * policy may go afterwards.
 *
 * \param worker    number of the calling worker; one thread at a time for each number.
 * \param packet    of the sighting. Source: the device. Destination: the fake's server when via is
 * VIA_HTTP (of DNS the destination is a resolver and not looked at), unless own_network.h has it.
 * \param time_s    CLOCK_REALTIME, seconds.
 * \returns false when the worker's queue was full; counted.
 */
bool event_log_add(struct event_log *log, uint32_t worker, const struct observation *observation,
		   const struct packet *packet, const struct finding *finding, uint64_t time_s);

/* Has the thread close the file and open its path again (after the log was rotated). Returns at
 * once; async-signal-safe. When it cannot be opened the old file stays in use; counted. */
void event_log_reopen(struct event_log *log);

struct event_log_stats {
	uint64_t sightings;      /* taken in */
	uint64_t sightings_lost; /* a worker's queue was full */
	uint64_t lines;          /* written */
	uint64_t lines_lost;     /* could not be written (disk full) */
	uint64_t written_early;  /* of lines: more fakes in an hour than the table holds */
	uint64_t reopen_failures;
};

/* Thread-safe; each number is right by itself. */
void event_log_stats(const struct event_log *log, struct event_log_stats *out);

#endif
