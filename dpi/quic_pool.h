/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ClientHellos of QUIC connections that have not come whole yet: a fixed number of places,
 * handed out in turn. When the turn comes to a place that is still in use, the connection that has
 * it longest is given up: one is read when it is complete before QUIC_PLACES others begin. Internal
 * to dpi/.
 */
#ifndef DPI_QUIC_POOL_H
#define DPI_QUIC_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "dpi/quic_initial.h"
#include "include/attribute.h"

/* Some 2.4 MiB. */
#define QUIC_PLACES 256

/* Not a place. */
#define NO_PLACE UINT16_MAX

struct quic_pool;

/* Called with the owner of a place that another one needs. */
typedef void quic_given_up_fn(void *ctx, uint32_t owner);

/* \returns NULL when out of memory. Free with quic_pool_free(). */
_mustcheck_ struct quic_pool *quic_pool_new(quic_given_up_fn *given_up, void *ctx);
void quic_pool_free(struct quic_pool *pool);

/* Octets that quic_pool_new() takes. */
size_t quic_pool_memory(void);

/* Takes a place for owner, a number of its choice. \returns its number. */
_mustcheck_ uint16_t quic_pool_take(struct quic_pool *pool, uint32_t owner);

/* Gives a place back; what it held is overwritten. */
void quic_pool_drop(struct quic_pool *pool, uint16_t place);

struct quic_hello *quic_pool_at(struct quic_pool *pool, uint16_t place);

#endif
