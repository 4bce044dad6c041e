/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is written of a fake's name. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_EVENT_NAME_H
#define DAEMON_EVENT_EVENT_NAME_H

#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"

/* Longest text of a name that is kept, with "*." in front and the NUL. Only names with escapes are
 * longer; they lose labels on the left. */
#define EVENT_NAME_TEXT_SIZE (HOST_NAME_MAX_LEN + 3)

struct event_name {
	/* What can be taken down, as in "login-id.top" (policy/registration.h). */
	char registered[EVENT_NAME_TEXT_SIZE];
	/* The labels that take part, and "*." for what stood in front of them:
	 * "*.vietcombank.com.vn.login-id.top". */
	char written[EVENT_NAME_TEXT_SIZE];
};

/*
 * Makes both of them, in the form of name_text(). Nothing left of the labels that take part is in
 * either.
 *
 * \param labels  of the name's right end that take part (finding.labels); 0: all.
 */
void event_name_make(const char *host, size_t host_len, uint8_t labels, struct event_name *out);

#endif
