/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/store/reload_request.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/store/status_record.h"

#define POLL_MS 20

/*
 * Waits for another record than the one of `round`: a refusal, or that the version is in force. A
 * daemon that was loading when it was told, as for logrotate, first says what came of that.
 *
 * \param out  gets the last record.
 */
static bool wait_for_version(int fd, unsigned seconds, uint32_t round, uint32_t version,
			     struct status_record *out)
{
	const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
	for (unsigned tries = 0; tries < seconds * 1000 / POLL_MS; tries++) {
		if (status_record_read(fd, out) && out->round != round &&
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
	struct status_record record = {0};
	(void)status_record_read(fd, &record);
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

enum reload reload_request(const char *path, unsigned seconds, uint32_t version, char *why,
			   size_t why_size)
{
	pid_t daemon;
	const int fd = status_record_open(path, &daemon);
	if (fd < 0) {
		return RELOAD_NO_DAEMON;
	}
	const enum reload answer = ask(fd, daemon, seconds, version, why, why_size);
	close(fd);
	return answer;
}
