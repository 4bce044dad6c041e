/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/batch.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/event/event_text.h"

struct batch_line {
	char *text;
	size_t len;
	uint64_t sightings;
	uint32_t lot;
	bool few; /* devices saw it */
};

static bool make_room(struct batch *batch)
{
	size_t room = batch->room == 0 ? 64 : 2 * batch->room;

	if (batch->count < batch->room) {
		return true;
	}

	struct batch_line *lines = realloc(batch->lines, room * sizeof(*lines));

	if (lines == NULL) {
		return false;
	}
	batch->lines = lines;
	batch->room = room;
	return true;
}

void batch_add(struct batch *batch, const struct event *event)
{
	struct batch_line line = {
	    .sightings = event->count,
	    .lot = randombytes_random(),
	    .few = event->device_count < EVENT_DEVICES_MANY,
	};

	line.text = make_room(batch) ? event_line(event, &line.len) : NULL;
	if (line.text == NULL) {
		batch->lost++;
		return;
	}
	batch->lines[batch->count++] = line;
}

static int compare_lot(const void *a, const void *b)
{
	const struct batch_line *first = a;
	const struct batch_line *second = b;

	if (first->few != second->few) {
		return first->few ? 1 : -1;
	}
	return first->lot < second->lot ? -1 : first->lot > second->lot;
}

static int compare_text(const void *a, const void *b)
{
	const struct batch_line *first = a;
	const struct batch_line *second = b;
	size_t len = first->len < second->len ? first->len : second->len;

	return memcmp(first->text, second->text, len);
}

/* Drops what is too much of the events of few devices. */
static void choose(struct batch *batch)
{
	size_t octets = 0;
	size_t kept = 0;

	qsort(batch->lines, batch->count, sizeof(*batch->lines), compare_lot);
	for (size_t i = 0; i < batch->count; i++) {
		struct batch_line line = batch->lines[i];

		octets += line.few ? line.len : 0;
		if (line.few && octets > BATCH_FEW_OCTETS_MAX) {
			batch->left_out += line.sightings;
			free(line.text);
		} else {
			batch->lines[kept++] = line;
		}
	}
	batch->count = kept;
}

uint64_t batch_write(struct batch *batch, struct log_file *file)
{
	uint64_t written = 0;

	if (batch->count > 0) {
		choose(batch);
		qsort(batch->lines, batch->count, sizeof(*batch->lines), compare_text);
	}
	for (size_t i = 0; i < batch->count; i++) {
		if (log_file_append(file, batch->lines[i].text, batch->lines[i].len)) {
			written++;
		} else {
			batch->lost++;
		}
		free(batch->lines[i].text);
	}
	free(batch->lines);
	batch->lines = NULL;
	batch->count = batch->room = 0;
	return written;
}
