/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/store/status_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/settings/diagnostics.h"

/* Reads a word and the number behind it. \returns what follows, or NULL when they are not there. */
static const char *read_number(const char *text, const char *word, uint32_t *out)
{
	const size_t len = strlen(word);
	if (strncmp(text, word, len) != 0 || text[len] < '0' || text[len] > '9') {
		return NULL;
	}
	char *end = NULL;
	const unsigned long number = strtoul(text + len, &end, 10);
	*out = (uint32_t)number;
	return number <= UINT32_MAX && *end == ' ' ? end + 1 : NULL;
}

bool status_record_read(int fd, struct status_record *out)
{
	static const char loaded[] = "loaded\n";
	static const char refused[] = "refused\n";
	char text[STATUS_RECORD_SIZE + 1];
	if (pread(fd, text, STATUS_RECORD_SIZE, 0) != STATUS_RECORD_SIZE) {
		return false;
	}
	text[STATUS_RECORD_SIZE] = '\0';
	const char *at = read_number(text, "round ", &out->round);
	at = at == NULL ? NULL : read_number(at, "version ", &out->version);
	if (at == NULL) {
		return false;
	}
	out->refused = strncmp(at, refused, strlen(refused)) == 0;
	if (!out->refused && strncmp(at, loaded, strlen(loaded)) != 0) {
		return false;
	}
	const char *why = at + (out->refused ? strlen(refused) : strlen(loaded));
	snprintf(out->why, sizeof out->why, "%.*s", (int)strcspn(why, "\n"), why);
	/* The daemon's user can write the file, and root reads it on a terminal. */
	text_blank_controls(out->why);
	return true;
}

int status_record_open(const char *path, pid_t *daemon)
{
	/* Its folder is the daemon's user's, who may have put something else there: a pipe would be
	 * waited for. */
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct flock lock = status_record_lock();
	struct stat status;
	if (fd < 0) {
		return -1;
	}
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && fcntl(fd, F_GETLK, &lock) == 0 &&
	    lock.l_type == F_WRLCK && lock.l_pid > 0) {
		*daemon = lock.l_pid;
		return fd;
	}
	close(fd);
	return -1;
}
