/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the daemon says of itself in its status file, as JSON. Numbers of packets and flows; nothing
 * that a fake changes, no name, no address.
 */
#ifndef DAEMON_STATUS_DAEMON_STATE_H
#define DAEMON_STATUS_DAEMON_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/inspector.h"
#include "dpi/observation.h"

/* Longest texts, with the NUL. */
#define DAEMON_STATE_TEXT_SIZE 256

struct daemon_state {
	uint64_t started_s; /* CLOCK_REALTIME */
	uint64_t written_s; /* CLOCK_BOOTTIME, so that its age can be told */
	uint64_t workers, workers_silent;
	uint64_t packets;                    /* since the start, as the two below */
	uint64_t missed;                     /* passed unseen: a queue's buffer was full */
	uint64_t names[VIA_COUNT];           /* host names read */
	uint64_t seen[VIA_COUNT];            /* flows by the way their names are read */
	uint64_t hidden[HIDDEN_COUNT];       /* flows by what hides their names */
	uint64_t other;                      /* flows released that are none of these */
	uint64_t flows, flows_released;      /* begun; of which nothing more is wanted */
	uint64_t sites;                      /* that the policy protects */
	char signer[DAEMON_STATE_TEXT_SIZE]; /* who signed the policy; empty: nobody was asked */
	uint64_t reloaded_s;                 /* CLOCK_REALTIME of the last reload; 0: none */
	bool dry_run;                        /* warns nobody */
};

/* \returns the JSON, without line feeds; NULL without memory. The caller frees it with free(). */
char *daemon_state_write(const struct daemon_state *state);

/* Reads it with suspicion: a daemon that was taken over may have written it. Texts are made fit to
 * show. \returns false when it is not such a text. */
bool daemon_state_read(const char *text, struct daemon_state *out);

#endif
