/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/fake_sighting_queue.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#define SLOTS_MAX (UINT32_C(1) << 20)
#define CACHE_LINE 64

struct fake_sighting_queue {
	alignas(CACHE_LINE) _Atomic uint32_t put;   /* sightings ever put; wraps */
	alignas(CACHE_LINE) _Atomic uint32_t taken; /* likewise taken */
	uint32_t mask;
	struct fake_sighting *slots;
};

struct fake_sighting_queue *fake_sighting_queue_new(uint32_t slots)
{
	uint32_t size = 1;
	struct fake_sighting_queue *queue = aligned_alloc(CACHE_LINE, sizeof(*queue));

	if (queue == NULL) {
		return NULL;
	}
	while (size < slots && size < SLOTS_MAX) {
		size <<= 1;
	}
	atomic_init(&queue->put, 0);
	atomic_init(&queue->taken, 0);
	queue->mask = size - 1;
	queue->slots = calloc(size, sizeof(*queue->slots));
	if (queue->slots == NULL) {
		free(queue);
		return NULL;
	}
	return queue;
}

void fake_sighting_queue_free(struct fake_sighting_queue *queue)
{
	if (queue == NULL) {
		return;
	}
	free(queue->slots);
	free(queue);
}

struct fake_sighting *fake_sighting_queue_slot(struct fake_sighting_queue *queue)
{
	uint32_t put = atomic_load_explicit(&queue->put, memory_order_relaxed);
	uint32_t taken = atomic_load_explicit(&queue->taken, memory_order_acquire);

	return put - taken > queue->mask ? NULL : &queue->slots[put & queue->mask];
}

void fake_sighting_queue_put(struct fake_sighting_queue *queue)
{
	atomic_fetch_add_explicit(&queue->put, 1, memory_order_release);
}

const struct fake_sighting *fake_sighting_queue_first(struct fake_sighting_queue *queue)
{
	uint32_t taken = atomic_load_explicit(&queue->taken, memory_order_relaxed);
	uint32_t put = atomic_load_explicit(&queue->put, memory_order_acquire);

	return put == taken ? NULL : &queue->slots[taken & queue->mask];
}

void fake_sighting_queue_take(struct fake_sighting_queue *queue)
{
	atomic_fetch_add_explicit(&queue->taken, 1, memory_order_release);
}
