/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/reassembly.h"

#include <stdlib.h>
#include <string.h>

/* Octets from..to-1 are held. */
struct held_run {
	uint32_t from;
	uint32_t to;
};

struct stream {
	uint32_t owner;
	uint32_t later;   /* taken after this one; in the list of free ones: the next */
	uint32_t earlier; /* taken before it */
	uint32_t run_count;
	size_t searched;
	struct held_run runs[STREAM_RUNS_MAX]; /* rising, with a hole between any two */
};

struct reassembly {
	struct stream *streams;
	uint8_t *octets; /* the windows, one after the other */
	uint32_t window;
	uint32_t unused;
	uint32_t first; /* taken longest ago */
	uint32_t last;
	stream_given_up_fn *given_up;
	void *ctx;
};

size_t reassembly_memory(uint32_t streams, uint32_t octets)
{
	return sizeof(struct reassembly) + streams * (sizeof(struct stream) + (size_t)octets);
}

struct reassembly *reassembly_new(uint32_t streams, uint32_t octets, stream_given_up_fn *given_up,
				  void *ctx)
{
	struct reassembly *reassembly = calloc(1, sizeof(*reassembly));
	if (reassembly == NULL) {
		return NULL;
	}
	reassembly->streams = calloc(streams, sizeof(*reassembly->streams));
	reassembly->octets = calloc(streams, octets);
	if (reassembly->streams == NULL || reassembly->octets == NULL) {
		reassembly_free(reassembly);
		return NULL;
	}

	reassembly->window = octets;
	reassembly->first = NO_STREAM;
	reassembly->last = NO_STREAM;
	reassembly->given_up = given_up;
	reassembly->ctx = ctx;
	for (uint32_t i = 0; i < streams; i++) {
		reassembly->streams[i].later = i + 1 < streams ? i + 1 : NO_STREAM;
	}
	return reassembly;
}

void reassembly_free(struct reassembly *reassembly)
{
	if (reassembly == NULL) {
		return;
	}
	while (reassembly->octets != NULL && reassembly->streams != NULL &&
	       reassembly->first != NO_STREAM) {
		stream_drop(reassembly, reassembly->first);
	}
	free(reassembly->streams);
	free(reassembly->octets);
	free(reassembly);
}

static uint8_t *window_of(const struct reassembly *reassembly, uint32_t number)
{
	return reassembly->octets + (size_t)number * reassembly->window;
}

/* End of the last run. */
static uint32_t top_of(const struct stream *stream)
{
	return stream->run_count == 0 ? 0 : stream->runs[stream->run_count - 1].to;
}

uint32_t stream_take(struct reassembly *reassembly, uint32_t owner)
{
	if (reassembly->unused == NO_STREAM) {
		uint32_t oldest = reassembly->first;
		reassembly->given_up(reassembly->ctx, reassembly->streams[oldest].owner);
		stream_drop(reassembly, oldest);
	}

	uint32_t number = reassembly->unused;
	struct stream *stream = &reassembly->streams[number];
	reassembly->unused = stream->later;
	stream->owner = owner;
	stream->later = NO_STREAM;
	stream->earlier = reassembly->last;
	if (reassembly->last == NO_STREAM) {
		reassembly->first = number;
	} else {
		reassembly->streams[reassembly->last].later = number;
	}
	reassembly->last = number;
	return number;
}

void stream_drop(struct reassembly *reassembly, uint32_t number)
{
	struct stream *stream = &reassembly->streams[number];
	if (stream->earlier == NO_STREAM) {
		reassembly->first = stream->later;
	} else {
		reassembly->streams[stream->earlier].later = stream->later;
	}
	if (stream->later == NO_STREAM) {
		reassembly->last = stream->earlier;
	} else {
		reassembly->streams[stream->later].earlier = stream->earlier;
	}

	memset(window_of(reassembly, number), 0, top_of(stream));
	stream->run_count = 0;
	stream->searched = 0;
	stream->later = reassembly->unused;
	reassembly->unused = number;
}

size_t stream_insert(struct reassembly *reassembly, uint32_t number, size_t offset,
		     const uint8_t *octets, size_t len)
{
	struct stream *stream = &reassembly->streams[number];
	if (offset >= reassembly->window || len == 0) {
		return 0;
	}
	if (len > reassembly->window - offset) {
		len = reassembly->window - offset;
	}
	uint32_t from = (uint32_t)offset;
	uint32_t to = (uint32_t)(offset + len);

	/* Runs first..end-1 overlap or touch the new octets and become one with them. */
	uint32_t first = 0;
	while (first < stream->run_count && stream->runs[first].to < from) {
		first++;
	}
	uint32_t end = first;
	while (end < stream->run_count && stream->runs[end].from <= to) {
		end++;
	}
	if (first == end && stream->run_count == STREAM_RUNS_MAX) {
		return 0;
	}

	/* Only the gaps are filled: octets that came first stay. */
	uint8_t *window = window_of(reassembly, number);
	struct held_run whole = {from, to};
	size_t added = 0;
	uint32_t at = from;
	for (uint32_t i = first; i < end; i++) {
		const struct held_run *run = &stream->runs[i];
		if (run->from > at) {
			memcpy(window + at, octets + (at - from), run->from - at);
			added += run->from - at;
		}
		if (run->to > at) {
			at = run->to;
		}
		if (run->from < whole.from) {
			whole.from = run->from;
		}
		if (run->to > whole.to) {
			whole.to = run->to;
		}
	}
	if (at < to) {
		memcpy(window + at, octets + (at - from), to - at);
		added += to - at;
	}

	memmove(&stream->runs[first + 1], &stream->runs[end],
		(stream->run_count - end) * sizeof(stream->runs[0]));
	stream->run_count = stream->run_count - (end - first) + 1;
	stream->runs[first] = whole;
	return added;
}

size_t stream_ready(const struct reassembly *reassembly, uint32_t number, const uint8_t **octets)
{
	const struct stream *stream = &reassembly->streams[number];
	*octets = window_of(reassembly, number);
	return stream->run_count > 0 && stream->runs[0].from == 0 ? stream->runs[0].to : 0;
}

void stream_advance(struct reassembly *reassembly, uint32_t number, size_t len)
{
	struct stream *stream = &reassembly->streams[number];
	uint8_t *window = window_of(reassembly, number);
	size_t top = top_of(stream);
	if (len == 0) {
		return;
	}
	size_t gone = len < top ? len : top;
	memmove(window, window + gone, top - gone);
	memset(window + (top - gone), 0, gone);

	uint32_t kept = 0;
	for (uint32_t i = 0; i < stream->run_count; i++) {
		struct held_run run = stream->runs[i];
		if (run.to <= len) {
			continue;
		}
		run.from = run.from > len ? (uint32_t)(run.from - len) : 0;
		run.to = (uint32_t)(run.to - len);
		stream->runs[kept++] = run;
	}
	stream->run_count = kept;
	stream->searched = 0;
}

size_t stream_held(const struct reassembly *reassembly, uint32_t number)
{
	const struct stream *stream = &reassembly->streams[number];
	size_t held = 0;
	for (uint32_t i = 0; i < stream->run_count; i++) {
		held += stream->runs[i].to - stream->runs[i].from;
	}
	return held;
}

size_t *stream_searched(struct reassembly *reassembly, uint32_t number)
{
	return &reassembly->streams[number].searched;
}
