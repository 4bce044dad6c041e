/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/service/single_instance.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A NUL in front makes it abstract: gone with its process, in no file system. */
static const char name[] = "\0truegate";

bool single_instance_take(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	/* Never closed: it is held until the process ends. */
	int holder = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, name, sizeof(name) - 1);
	if (holder < 0) {
		return false;
	}
	if (bind(holder, (const struct sockaddr *)&address,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + sizeof(name) - 1)) == 0) {
		return true;
	}

	int reason = errno;

	close(holder);
	errno = reason;
	return false;
}
