/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has a running daemon load its policy. */
#ifndef DAEMON_STORE_RELOAD_REQUEST_H
#define DAEMON_STORE_RELOAD_REQUEST_H

#include <stddef.h>
#include <stdint.h>

enum reload {
	RELOAD_NO_DAEMON,
	RELOAD_DONE,
	RELOAD_REFUSED,
	RELOAD_SILENT, /* it did not answer in time, or may not be told */
};

/*
 * Tells the daemon that holds the file to reload its policy, and waits until it says that this
 * version is in force, or that it refused.
 *
 * \param why  gets the reason, after RELOAD_REFUSED and RELOAD_SILENT.
 * \returns RELOAD_REFUSED also when it loaded another version in that time, and not this one.
 */
enum reload reload_request(const char *path, unsigned seconds, uint32_t version, char *why,
			   size_t why_size);

#endif
