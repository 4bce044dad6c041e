/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/store/status_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/store/status_record.h"

struct status_file {
	int fd;
	uint32_t round; /* of the last record */
};

struct status_file *status_file_open(const char *path, char *error, size_t error_size)
{
	struct status_file *file = calloc(1, sizeof *file);
	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	struct flock lock = status_record_lock();
	if (file == NULL || fd < 0) {
		snprintf(error, error_size, "%s: cannot be opened: %s", path, strerror(errno));
	} else if (fcntl(fd, F_SETLK, &lock) < 0) {
		snprintf(error, error_size,
			 "%s: another truegate holds it; stop that one, or set another `status`",
			 path);
	} else {
		/* Counted on from the daemon before, so that no record is taken for one of its own.
		 */
		struct status_record record = {0};
		(void)status_record_read(fd, &record);
		file->round = record.round;
		file->fd = fd;
		return file;
	}
	if (fd >= 0) {
		close(fd);
	}
	free(file);
	return NULL;
}

void status_file_close(struct status_file *file)
{
	if (file == NULL) {
		return;
	}
	close(file->fd);
	free(file);
}

void status_file_write(struct status_file *file, uint32_t version, const char *refusal)
{
	if (file == NULL) {
		return;
	}
	char record[STATUS_RECORD_SIZE + 1];
	file->round++;
	const int len = snprintf(
	    record, sizeof record, "round %" PRIu32 " version %" PRIu32 " %s\n%s\n", file->round,
	    version, refusal == NULL ? "loaded" : "refused", refusal == NULL ? "" : refusal);
	if (len < 0) {
		return;
	}
	const size_t used = (size_t)len < STATUS_RECORD_SIZE ? (size_t)len : STATUS_RECORD_SIZE;
	memset(record + used, ' ', STATUS_RECORD_SIZE - used);
	/* Nothing waits for it but a person at a terminal, who is told when nothing comes. */
	(void)!pwrite(file->fd, record, STATUS_RECORD_SIZE, 0);
}

void status_file_put_state(struct status_file *file, const char *text)
{
	char state[STATUS_STATE_MAX + 1];
	const size_t len = strlen(text);
	if (file == NULL || len > STATUS_STATE_MAX) {
		return;
	}
	memcpy(state, text, len);
	memset(state + len, ' ', sizeof state - len);
	(void)!pwrite(file->fd, state, sizeof state, STATUS_RECORD_SIZE);
}

bool status_file_look(const char *path, struct status_look *out)
{
	*out = (struct status_look){0};
	pid_t daemon;
	struct status_record record = {0};
	const int fd = status_record_open(path, &daemon);
	if (fd < 0) {
		return false;
	}
	const bool has_record = status_record_read(fd, &record);
	if (has_record) {
		out->pid = daemon;
		out->version = record.version;
		snprintf(out->refusal, sizeof out->refusal, "%s", record.refused ? record.why : "");
		const ssize_t len = pread(fd, out->state, STATUS_STATE_MAX, STATUS_RECORD_SIZE);
		out->state[len > 0 ? len : 0] = '\0';
	}
	close(fd);
	return has_record;
}
