/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the daemon says which policy is in force, and how it is told to load another. A file that the
 * daemon holds a lock on (fcntl(2)): whoever holds it is the daemon, so no number can go stale.
 */
#ifndef DAEMON_STORE_STATUS_FILE_H
#define DAEMON_STORE_STATUS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The daemon's side. */
struct status_file;

/*
 * Opens and locks the file, making it when there is none.
 *
 * \param error  on failure gets a sentence that says what is wrong and what to do.
 * \returns NULL on failure. Close with status_file_close(); NULL is allowed there and below.
 */
struct status_file *status_file_open(const char *path, char *error, size_t error_size);
void status_file_close(struct status_file *file);

/*
 * Says that a policy was loaded or refused.
 *
 * \param version  in force since then.
 * \param refusal  why the other was refused; NULL when the one in force is what was asked for.
 */
void status_file_write(struct status_file *file, uint32_t version, const char *refusal);

/* Longest text that status_file_put_state() takes. */
#define STATUS_STATE_MAX 4095

/* Puts a text beside that: the daemon's own numbers (daemon/status/daemon_state.h). One that is too
 * long is not put. */
void status_file_put_state(struct status_file *file, const char *text);

/* The other side. */
struct status_look {
	pid_t pid; /* of the daemon */
	uint32_t version;
	/* What follows was written by the daemon's user: it must be made fit to show. */
	char refusal[1024];               /* why the last policy was refused; empty: it was not */
	char state[STATUS_STATE_MAX + 1]; /* empty: none */
};

/* Looks what the daemon said last. \returns false when no daemon holds the file. */
bool status_file_look(const char *path, struct status_look *out);

#endif
