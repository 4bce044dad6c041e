/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of an event log that anyone may have written; what is read of them must be fit to show. */
#include <stdlib.h>
#include <string.h>

#include "daemon/report/event_summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

static void check_event(const struct logged_event *event)
{
	for (const char *c = event->name; *c != '\0'; c++) {
		if (*c <= ' ' || *c > '~') {
			abort();
		}
	}
	if (event->devices >= EVENT_BANDS || event->address_count > EVENT_ADDRESSES_MAX ||
	    event->date % 86400 != 0 || event->example_count > EVENT_EXAMPLES ||
	    strchr(event->site, '\n') != NULL || strchr(event->why, '\033') != NULL) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
	static struct logged_event event;
	struct event_summary *summary = event_summary_new();
	const char *line = (const char *)octets;
	const char *end = line + size;
	uint64_t added = 0;

	if (summary == NULL) {
		return 0;
	}
	while (line < end) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		const size_t len = (size_t)((feed == NULL ? end : feed) - line);
		if (event_read(line, len, &event)) {
			check_event(&event);
			added += event_summary_add(summary, &event) ? event.count : 0;
		}
		line += len + 1;
	}
	size_t count = 0;
	const struct fake *const *fakes = event_summary_fakes(summary, &count);
	for (size_t i = 0; i < count; i++) {
		added -= fakes[i]->count;
	}
	if (added != 0) {
		abort();
	}
	event_summary_free(summary);
	return 0;
}
