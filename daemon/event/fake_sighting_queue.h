/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bounded queue of sightings from one worker to the log's thread. Lock-free; one thread puts, one
 * takes. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_FAKE_SIGHTING_QUEUE_H
#define DAEMON_EVENT_FAKE_SIGHTING_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/event/fake_sighting.h"

struct fake_sighting_queue;

/* \param slots  rounded up to a power of two, at most 2^20. \returns NULL without memory. */
struct fake_sighting_queue *fake_sighting_queue_new(uint32_t slots);
void fake_sighting_queue_free(struct fake_sighting_queue *queue);

/* The putting thread: the slot to fill in, or NULL when the queue is full; then hand it over. */
struct fake_sighting *fake_sighting_queue_slot(struct fake_sighting_queue *queue);
void fake_sighting_queue_put(struct fake_sighting_queue *queue);

/* The taking thread: the oldest sighting, or NULL when there is none; then give its slot back. */
const struct fake_sighting *fake_sighting_queue_first(struct fake_sighting_queue *queue);
void fake_sighting_queue_take(struct fake_sighting_queue *queue);

#endif
