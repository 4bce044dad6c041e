/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts the sightings of each fake and day until a batch is written. Used by the log's thread
 * only. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_EVENT_TABLE_H
#define DAEMON_EVENT_EVENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/event/event_name.h"
#include "daemon/event/fake_sighting.h"
#include "policy/limits.h"

/* Distinct devices that are told apart: enough for the last band, "10+". */
#define EVENT_DEVICES_MAX 10
/* From so many devices on a count is written, and a fake is not held back until the day is over. */
#define EVENT_DEVICES_MANY 5
/* Names under the registered one that are kept as examples: those seen first. */
#define EVENT_EXAMPLES_MAX 4

/* What one line of the log is made from. */
struct event {
	char name[EVENT_NAME_TEXT_SIZE]; /* the registered one (event_name.h) */
	char examples[EVENT_EXAMPLES_MAX][EVENT_NAME_TEXT_SIZE];
	uint32_t example_count;
	struct fake_sighting strongest;      /* its finding; of the highest confidence seen */
	enum via via;                        /* the one that says most: HTTP, TLS, QUIC, DNS */
	int64_t day;                         /* since 1970, in local time */
	uint64_t count;                      /* sightings that no batch has */
	uint64_t devices[EVENT_DEVICES_MAX]; /* keyed hashes over device, fake and day */
	uint32_t device_count;
	struct address addresses[EVENT_ADDRESSES_MAX];
	uint32_t address_count;
};

/* "1-4", "5-9" or "10+". */
const char *event_device_band(uint32_t device_count);

struct event_table;

/* Takes its memory once.
 * \param fakes  events counted at once: 1 to 2^20; rounded up to a power of two.
 * \returns NULL without memory. */
struct event_table *event_table_new(uint32_t fakes);

/* Forgets what no batch has. */
void event_table_free(struct event_table *table);

/*
 * Counts a sighting. Names of one registered domain under one site are one event. When the table is
 * full, the event begun first of those that one device saw is forgotten; nothing is written early.
 *
 * \param day  of the sighting, as batch_clock_day() has it.
 * \returns the sightings that are in no event for it: those of a forgotten event, or this one, when
 * there is no room or its device has used up its quota of new fakes (device_quota.h).
 */
uint64_t event_table_count(struct event_table *table, const struct fake_sighting *sighting,
			   int64_t day);

/* Called with an event of a batch. */
typedef void event_batch_fn(void *ctx, const struct event *event);

/*
 * Hands out what a batch writes, in no order: the events of all days but today, which are then
 * forgotten (also those of days ahead, where a clock was set back), and of today those that
 * EVENT_DEVICES_MANY devices saw, which keep their devices and are counted on.
 */
void event_table_batch(struct event_table *table, int64_t today, event_batch_fn *fn, void *ctx);

#endif
