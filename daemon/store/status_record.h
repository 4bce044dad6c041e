/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The record at the beginning of the status file, written in one go: numbers, a line of reason,
 * spaces up to its size. Internal to daemon/store.
 */
#ifndef DAEMON_STORE_STATUS_RECORD_H
#define DAEMON_STORE_STATUS_RECORD_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define STATUS_RECORD_SIZE 1024

struct status_record {
	uint32_t round, version;
	bool refused;
	char why[STATUS_RECORD_SIZE];
};

/* \returns false when the file holds no record. */
bool status_record_read(int fd, struct status_record *out);

/* The lock that the daemon has on the file as long as it lives. */
static inline struct flock status_record_lock(void)
{
	return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

/*
 * Opens the file of a daemon that lives, to be read.
 *
 * \param daemon  gets its process id.
 * \returns a descriptor that the caller closes; -1 when no daemon holds the file.
 */
int status_record_open(const char *path, pid_t *daemon);

#endif
