/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/store/status_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "policy/settings/diagnostics.h"

/* The file is one record, written in one go: numbers, a line of reason, spaces up to this size. */
#define RECORD_SIZE 1024

#define POLL_MS 20

struct status_file {
	int fd;
	uint32_t round; /* of the last record */
};

static struct flock whole_file(void)
{
	return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

struct record {
	uint32_t round, version;
	bool refused;
	char why[RECORD_SIZE];
};

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

/* \returns false when the file holds no record. */
static bool read_record(int fd, struct record *out)
{
	static const char loaded[] = "loaded\n";
	static const char refused[] = "refused\n";
	char text[RECORD_SIZE + 1];
	if (pread(fd, text, RECORD_SIZE, 0) != RECORD_SIZE) {
		return false;
	}
	text[RECORD_SIZE] = '\0';
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

struct status_file *status_file_open(const char *path, char *error, size_t error_size)
{
	struct status_file *file = calloc(1, sizeof *file);
	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	struct flock lock = whole_file();
	if (file == NULL || fd < 0) {
		snprintf(error, error_size, "%s: cannot be opened: %s", path, strerror(errno));
	} else if (fcntl(fd, F_SETLK, &lock) < 0) {
		snprintf(error, error_size,
			 "%s: another truegate holds it; stop that one, or set another `status`",
			 path);
	} else {
		/* Counted on from the daemon before, so that no record is taken for one of its own.
		 */
		struct record record = {0};
		(void)read_record(fd, &record);
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
	char record[RECORD_SIZE + 1];
	file->round++;
	const int len = snprintf(
	    record, sizeof record, "round %" PRIu32 " version %" PRIu32 " %s\n%s\n", file->round,
	    version, refusal == NULL ? "loaded" : "refused", refusal == NULL ? "" : refusal);
	if (len < 0) {
		return;
	}
	const size_t used = (size_t)len < RECORD_SIZE ? (size_t)len : RECORD_SIZE;
	memset(record + used, ' ', RECORD_SIZE - used);
	/* Nothing waits for it but a person at a terminal, who is told when nothing comes. */
	(void)!pwrite(file->fd, record, RECORD_SIZE, 0);
}

/*
 * Waits for another record than the one of `round`: a refusal, or that the version is in force. A
 * daemon that was loading when it was told, as for logrotate, first says what came of that.
 *
 * \param out  gets the last record.
 */
static bool wait_for_version(int fd, unsigned seconds, uint32_t round, uint32_t version,
			     struct record *out)
{
	const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
	for (unsigned tries = 0; tries < seconds * 1000 / POLL_MS; tries++) {
		if (read_record(fd, out) && out->round != round &&
		    (out->refused || out->version == version)) {
			return true;
		}
		nanosleep(&pause, NULL);
	}
	return false;
}

static enum reload ask(int fd, pid_t daemon, unsigned seconds, uint32_t version, char *why,
		       size_t why_size)
{
	struct record record = {0};
	(void)read_record(fd, &record);
	const uint32_t round = record.round;
	if (kill(daemon, SIGHUP) < 0) {
		snprintf(why, why_size, "it cannot be told: %s", strerror(errno));
		return RELOAD_SILENT;
	}
	if (wait_for_version(fd, seconds, round, version, &record)) {
		snprintf(why, why_size, "%s", record.why);
		return record.refused ? RELOAD_REFUSED : RELOAD_DONE;
	}
	if (record.round != round) {
		snprintf(why, why_size, "it has loaded version %" PRIu32 " instead",
			 record.version);
		return RELOAD_REFUSED;
	}
	snprintf(why, why_size, "it said nothing for %u seconds", seconds);
	return RELOAD_SILENT;
}

enum reload reload_daemon(const char *path, unsigned seconds, uint32_t version, char *why,
			  size_t why_size)
{
	/* The daemon's user can put a pipe there, which would be waited for. */
	const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	struct stat status;
	if (fd < 0) {
		return RELOAD_NO_DAEMON;
	}
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		close(fd);
		return RELOAD_NO_DAEMON;
	}
	struct flock lock = whole_file();
	enum reload answer = RELOAD_NO_DAEMON;
	if (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_WRLCK && lock.l_pid > 0) {
		answer = ask(fd, lock.l_pid, seconds, version, why, why_size);
	}
	close(fd);
	return answer;
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
	(void)!pwrite(file->fd, state, sizeof state, RECORD_SIZE);
}

bool status_file_look(const char *path, struct status_look *out)
{
	*out = (struct status_look){0};
	/* Its folder is the daemon's user's, who may have put something else there. */
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0) {
		return false;
	}
	struct flock lock = whole_file();
	struct stat status;
	struct record record = {0};
	const bool is_held = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
			     fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_WRLCK &&
			     lock.l_pid > 0 && read_record(fd, &record);
	if (is_held) {
		out->pid = lock.l_pid;
		out->version = record.version;
		snprintf(out->refusal, sizeof out->refusal, "%s", record.refused ? record.why : "");
		const ssize_t len = pread(fd, out->state, STATUS_STATE_MAX, RECORD_SIZE);
		out->state[len > 0 ? len : 0] = '\0';
	}
	close(fd);
	return is_held;
}
