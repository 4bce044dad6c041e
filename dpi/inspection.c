/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/inspection.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

void inspection_clear(struct inspection *inspection)
{
	for (size_t i = 0; i < inspection->count; i++) {
		sodium_memzero(inspection->hosts[i], inspection->sightings[i].observation.host_len);
	}
	if (inspection->messages_len > 0) {
		sodium_memzero(inspection->messages, inspection->messages_len);
	}
	inspection->count = 0;
	inspection->messages_len = 0;
	inspection->more = false;
}

bool inspection_is_full(const struct inspection *inspection)
{
	return inspection->count == SIGHTINGS_MAX;
}

struct sighting *inspection_add(struct inspection *inspection, enum via via, const char *host,
				uint16_t host_len)
{
	assert(!inspection_is_full(inspection));
	assert(host_len > 0 && host_len <= HOST_NAME_MAX_LEN);
	char *copy = inspection->hosts[inspection->count];
	struct sighting *sighting = &inspection->sightings[inspection->count];
	memcpy(copy, host, host_len);
	copy[host_len] = '\0';
	*sighting = (struct sighting){.observation = {copy, host_len, via}};
	inspection->count++;
	return sighting;
}

size_t inspection_room(const struct inspection *inspection)
{
	return sizeof(inspection->messages) - inspection->messages_len;
}

const uint8_t *inspection_keep(struct inspection *inspection, const uint8_t *message, size_t len)
{
	assert(len <= inspection_room(inspection));
	uint8_t *copy = inspection->messages + inspection->messages_len;
	memcpy(copy, message, len);
	inspection->messages_len += len;
	return copy;
}
