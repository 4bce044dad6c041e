/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/event_name.h"

#include <stdio.h>
#include <string.h>

#include "daemon/text/name_text.h"
#include "policy/registration.h"

/* The last `labels` labels; all of the name when it has no more. */
static const char *last_labels(const char *name, unsigned labels)
{
	const char *at = name + strlen(name);

	while (at > name && (at[-1] != '.' || --labels > 0)) {
		at--;
	}
	return at;
}

/* Leaves out labels on the left until the rest fits. */
static const char *fit(const char *name, size_t room)
{
	while (strlen(name) > room) {
		const char *dot = strchr(name, '.');

		if (dot == NULL) {
			return name + strlen(name) - room;
		}
		name = dot + 1;
	}
	return name;
}

void event_name_make(const char *host, size_t host_len, uint8_t labels, struct event_name *out)
{
	char text[NAME_TEXT_SIZE];

	name_text(host, host_len, text);

	const char *part = labels == 0 ? text : last_labels(text, labels);

	part = fit(part, EVENT_NAME_TEXT_SIZE - sizeof("*."));
	(void)snprintf(out->written, sizeof(out->written), "%s%s", part > text ? "*." : "", part);
	(void)snprintf(out->registered, sizeof(out->registered), "%s",
		       part + registration_offset(part));
}
