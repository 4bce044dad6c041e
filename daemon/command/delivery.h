/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A signed policy on its way into force: verified, compared, agreed to, installed, loaded by the
 * daemon. What `policy install`, `policy rollback` and `policy fetch` have in common.
 */
#ifndef DAEMON_COMMAND_DELIVERY_H
#define DAEMON_COMMAND_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/command/command.h"
#include "daemon/config/config.h"
#include "daemon/store/store.h"
#include "policy/signed_policy.h"

#define DELIVERY_CHANGES_SIZE 2048

/* Zero-initialise it, and free it with delivery_end(), whatever failed. */
struct delivery {
	const char *program; /* for messages */
	struct config config;
	struct store *store;                 /* NULL: not opened */
	uint32_t yes;                        /* version to install without asking; 0: ask */
	bool is_unattended;                  /* never ask */
	bool is_older;                       /* the version need not be newer */
	char why[DIAGNOSTIC_TEXT_SIZE];      /* the last that was said of a failure; or empty */
	char changes[DELIVERY_CHANGES_SIZE]; /* what installing changes, a line each */
	size_t changes_left_out;             /* for which there was no room */
};

/* Reads the configuration; named as config_load_usual() takes it. \returns false after a message.
 */
bool delivery_configure(struct delivery *delivery, const char *program, const char *config);

/* Opens the folder of policies, which keeps other commands out. \returns false after a message. */
bool delivery_open(struct delivery *delivery);
void delivery_end(struct delivery *delivery);

/* Reads a signed policy with what goes with it here: key, local file, catalogue. */
bool delivery_read(const struct delivery *delivery, const char *path, struct signed_policy *out,
		   struct diagnostics *diagnostics);

/* Verifies a policy and puts it in force. \returns STATUS_NOTHING when it is in force, whether it
 * was before or not; else STATUS_ERROR after a message, and what was in force stays. */
enum status delivery_install(struct delivery *delivery, const char *path);

/* Has the daemon load what is in force now. \returns false when it refused. */
bool delivery_tell_daemon(struct delivery *delivery, uint32_t version);

/* Says after a failure which version stays. */
void delivery_tell_what_stays(const struct delivery *delivery);

#endif
