/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts the sightings of each fake and hour. Used by the log's thread alone. Internal to
 * daemon/event/.
 */
#ifndef DAEMON_EVENT_HOUR_TABLE_H
#define DAEMON_EVENT_HOUR_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/event/fake_sighting.h"
#include "policy/limits.h"

/* Distinct devices that are told apart: enough for the last band, "10+". */
#define EVENT_DEVICES_MAX 10

/* What one line of the log is made from. */
struct event {
	struct fake_sighting latest; /* its finding and its name; via is VIA_HTTP once one was */
	uint64_t hour;               /* hours since the epoch */
	uint64_t count;              /* sightings */
	uint64_t devices[EVENT_DEVICES_MAX]; /* their hashes */
	uint32_t device_count;
	struct address addresses[EVENT_ADDRESSES_MAX];
	uint32_t address_count;
};

/* "1", "2-4", "5-9" or "10+". */
const char *event_device_band(uint32_t device_count);

/* Called with an event that is complete; it is forgotten afterwards. */
typedef void event_close_fn(void *ctx, const struct event *event);

struct hour_table;

/* Takes its memory once.
 * \param fakes  events counted at once: 1 to 2^20; rounded up to a power of two.
 * \returns NULL when memory is short. */
struct hour_table *hour_table_new(uint32_t fakes);

/* Forgets what was not closed. */
void hour_table_free(struct hour_table *table);

/*
 * Counts a sighting. When the table is full, the event begun first is closed to make room.
 *
 * \param evicted  gets whether that was so.
 * \returns whether it is the fake's first sighting in this hour.
 */
bool hour_table_count(struct hour_table *table, const struct fake_sighting *sighting,
		      event_close_fn *close, void *ctx, bool *evicted);

/* Closes the events of all hours but `hour`, which may still be counted, and the one after it,
 * which may have begun: those before, and those of a clock that was set back since. UINT64_MAX:
 * all. */
void hour_table_close_ended(struct hour_table *table, uint64_t hour, event_close_fn *close,
			    void *ctx);

#endif
