/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where metrics are asked for: only on this machine. "127.0.0.1:9469", "[::1]:9469" or
 * "unix:/run/truegate/metrics.sock".
 */
#ifndef DAEMON_CONFIG_ADDRESS_H
#define DAEMON_CONFIG_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

struct metrics_address {
	struct sockaddr_storage socket;
	socklen_t size;
};

/* What an address looks like, for messages. */
#define METRICS_ADDRESS_EXAMPLE "\"127.0.0.1:9469\" or \"unix:/run/truegate/metrics.sock\""

/* \returns false when text is none, or one that other machines could reach. */
bool metrics_address_read(const char *text, struct metrics_address *out);

/*
 * Opens the socket and listens. A UNIX socket is made with mode 0660; one that a daemon which is no
 * more left behind is replaced.
 *
 * \returns -1 with errno set.
 */
int metrics_address_listen(const struct metrics_address *address);

/* Closes it, and removes what a UNIX socket leaves behind. */
void metrics_address_close(const struct metrics_address *address, int descriptor);

#endif
