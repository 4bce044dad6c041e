/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/quic_pool.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

struct place {
	bool used;
	uint32_t owner;
	struct quic_hello hello;
};

struct quic_pool {
	uint16_t next;
	quic_given_up_fn *given_up;
	void *ctx;
	struct place places[QUIC_PLACES];
};

_Static_assert(QUIC_PLACES < NO_PLACE, "a place has a number");

struct quic_pool *quic_pool_new(quic_given_up_fn *given_up, void *ctx)
{
	struct quic_pool *pool = calloc(1, sizeof(*pool));
	if (pool == NULL) {
		return NULL;
	}
	pool->given_up = given_up;
	pool->ctx = ctx;
	return pool;
}

void quic_pool_free(struct quic_pool *pool)
{
	if (pool == NULL) {
		return;
	}
	for (uint16_t i = 0; i < QUIC_PLACES; i++) {
		if (pool->places[i].used) {
			quic_pool_drop(pool, i);
		}
	}
	free(pool);
}

size_t quic_pool_memory(void)
{
	return sizeof(struct quic_pool);
}

uint16_t quic_pool_take(struct quic_pool *pool, uint32_t owner)
{
	const uint16_t number = pool->next;
	struct place *place = &pool->places[number];
	pool->next = (uint16_t)((number + 1) % QUIC_PLACES);
	if (place->used) {
		pool->given_up(pool->ctx, place->owner);
		quic_pool_drop(pool, number);
	}
	place->used = true;
	place->owner = owner;
	quic_hello_init(&place->hello);
	return number;
}

void quic_pool_drop(struct quic_pool *pool, uint16_t place)
{
	assert(place < QUIC_PLACES && pool->places[place].used);
	pool->places[place].used = false;
	quic_hello_init(&pool->places[place].hello);
}

struct quic_hello *quic_pool_at(struct quic_pool *pool, uint16_t place)
{
	assert(place < QUIC_PLACES && pool->places[place].used);
	return &pool->places[place].hello;
}
