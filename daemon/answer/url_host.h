/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Host names from the network, made fit to stand in a URL.
 */
#ifndef DAEMON_ANSWER_URL_HOST_H
#define DAEMON_ANSWER_URL_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "dpi/observation.h"

/*
 * Writes the name as browsers put it into a URL: A-labels, lower case, no trailing dot.
 *
 * \returns false when that is not made of labels of 1 to 63 letters, digits, "-" and "_".
 */
bool url_host(const char *host, size_t host_len, char out[HOST_NAME_MAX_LEN + 1]);

#endif
