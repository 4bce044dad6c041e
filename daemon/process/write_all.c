/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/process/write_all.h"

#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

size_t write_all(int descriptor, const char *octets, size_t len)
{
	size_t done = 0;
	while (done < len) {
		const ssize_t written = write(descriptor, octets + done, len - done);
		if (written < 0 && errno == EINTR) {
			continue;
		}
		if (written <= 0) {
			break;
		}
		done += (size_t)written;
	}
	return done;
}
