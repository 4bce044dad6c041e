/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may stand as a host name in an observation. Internal to dpi/.
 */
#ifndef DPI_HOST_NAME_H
#define DPI_HOST_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"

/*
 * Whether a host is an IP address and no name: in brackets, or with a last label that is a number,
 * decimal or hexadecimal (a browser takes any such host for an IPv4 address: WHATWG URL Standard,
 * "ends in a number checker").
 */
bool host_name_is_literal(const char *host, size_t len);

/*
 * Writes the host of an HTTP request, port already taken off, as struct observation has it: lower
 * case, no trailing dot, NUL at the end.
 *
 * Of a name with a label that no host name has (of other printable ASCII than letters, digits, "-"
 * and "_"), the labels behind it are written.
 *
 * \returns false when it is empty, too long, has an empty label, an octet that ends a host (a
 * control, a blank, "/", "@", ":"), or nothing is left of it.
 */
bool host_name_from_http(const char *host, size_t len, char out[HOST_NAME_MAX_LEN + 1],
			 uint16_t *out_len);

#endif
