/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a host name is written in any output. Names come from the network, so neither form can hold a
 * control character or break UTF-8.
 */
#ifndef DAEMON_TEXT_NAME_TEXT_H
#define DAEMON_TEXT_NAME_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/text/safe_text.h"
#include "dpi/observation.h"

/* Each octet may become "\DDD"; with the NUL. */
#define NAME_TEXT_SIZE (4 * HOST_NAME_MAX_LEN + 1)

/* A name's U-labels may take a little more octets than its A-labels; made safe, with the NUL. */
#define NAME_UNICODE_SIZE SAFE_TEXT_SIZE(4 * HOST_NAME_MAX_LEN)

/*
 * Writes a name in ASCII: lower case, A-labels (RFC 5890 section 2.3.2.1), no trailing dot. What
 * IDNA has no A-label for, and every octet that is not printable ASCII, becomes \DDD as in
 * RFC 1035 section 5.1.
 *
 * \param host  host_len octets, at most HOST_NAME_MAX_LEN and a trailing dot; more are left out.
 */
void name_text(const char *host, size_t host_len, char out[NAME_TEXT_SIZE]);

/*
 * Writes the U-labels of a name that name_text() wrote.
 *
 * \returns false, with nothing in out, when the name has none.
 */
bool name_unicode(const char *name, char out[NAME_UNICODE_SIZE]);

#endif
