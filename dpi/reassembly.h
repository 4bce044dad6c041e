/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TCP octets that cannot be read yet: they lie beyond a hole, or the message they belong to is not
 * complete. A fixed pool of streams, each a window of the client's octets whose offset 0 is the
 * next octet to be read. Octets that came first win over a later, different copy of the same
 * sequence numbers. Whatever was read or given up is overwritten with zeros at once. Internal to
 * dpi/.
 */
#ifndef DPI_REASSEMBLY_H
#define DPI_REASSEMBLY_H

#include <stddef.h>
#include <stdint.h>

#define NO_STREAM UINT32_MAX

/* Runs of octets, with holes between them, that one stream can hold. */
#define STREAM_RUNS_MAX 64

struct reassembly;

/* Called with the owner of a stream that is given up because another one is needed. */
typedef void stream_given_up_fn(void *ctx, uint32_t owner);

/*
 * \param streams  how many there are, at least 1.
 * \param octets   window of each, at least 1.
 * \returns NULL when memory is short. Free with reassembly_free().
 */
struct reassembly *reassembly_new(uint32_t streams, uint32_t octets, stream_given_up_fn *given_up,
				  void *ctx);
void reassembly_free(struct reassembly *reassembly);

/* Octets that reassembly_new() takes. */
size_t reassembly_memory(uint32_t streams, uint32_t octets);

/* Takes an empty stream for owner, a number of its choice. When all are taken, the one taken
 * longest ago is given up. \returns the stream's number. */
uint32_t stream_take(struct reassembly *reassembly, uint32_t owner);

/* Gives a stream back. */
void stream_drop(struct reassembly *reassembly, uint32_t number);

/*
 * Keeps a copy of octets that begin at offset; what is held already or lies beyond the window is
 * left out.
 *
 * \returns how many were not held before; 0 also when they would make one run too many.
 */
size_t stream_insert(struct reassembly *reassembly, uint32_t number, size_t offset,
		     const uint8_t *octets, size_t len);

/* The octets from offset 0 up to the first hole. \returns how many; valid until the next call. */
size_t stream_ready(const struct reassembly *reassembly, uint32_t number, const uint8_t **octets);

/* Moves offset 0 forward by len, past what is held too if need be. */
void stream_advance(struct reassembly *reassembly, uint32_t number, size_t len);

/* Octets held, holes not counted. */
size_t stream_held(const struct reassembly *reassembly, uint32_t number);

/* A note the owner keeps with the stream: how far the ready octets were searched; 0 when taken. */
size_t *stream_searched(struct reassembly *reassembly, uint32_t number);

#endif
