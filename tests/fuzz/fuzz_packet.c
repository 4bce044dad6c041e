/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets through the whole inspector. The input is packets one after the other, each after its
 * length in 2 octets.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/inspector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct observation *seen)
{
	if (seen->host_len == 0 || seen->host_len > HOST_NAME_MAX_LEN ||
	    strlen(seen->host) != seen->host_len) {
		abort();
	}
	for (size_t i = 0; i < seen->host_len; i++) {
		unsigned char c = (unsigned char)seen->host[i];
		if (c <= ' ' || c == 0x7f || (c >= 'A' && c <= 'Z')) {
			abort();
		}
	}
}

static void show(struct inspector *inspector, const uint8_t *octets, size_t len, uint64_t now_us)
{
	static struct inspection inspection;
	struct packet packet;
	enum packet_result result = packet_parse(octets, len, &packet);
	if (result != PACKET_OK) {
		(void)inspector_unparsed(inspector, result);
		return;
	}
	do {
		inspector_packet(inspector, &packet, now_us, &inspection);
		for (size_t i = 0; i < inspection.count; i++) {
			check(&inspection.sightings[i].observation);
		}
	} while (inspection.more);
}

/* Each packet lies in a block of its own, so that a read past its end is seen. */
static uint8_t *next_packet(const uint8_t **data, size_t *size, size_t *len)
{
	if (*size < 2) {
		return NULL;
	}
	*len = (size_t)((*data)[0] << 8 | (*data)[1]);
	*data += 2;
	*size -= 2;
	if (*len > *size) {
		*len = *size;
	}
	uint8_t *packet = malloc(*len > 0 ? *len : 1);
	if (packet == NULL) {
		abort();
	}
	memcpy(packet, *data, *len);
	*data += *len;
	*size -= *len;
	return packet;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct inspector *inspector;
	static uint64_t now_us;
	const struct inspector_limits limits = {.flows = 64, .streams = 4, .stream_octets = 1024};
	if (inspector == NULL) {
		inspector = inspector_new(&limits);
	}
	if (inspector == NULL) {
		abort();
	}

	const uint8_t *rest = data;
	size_t rest_size = size;
	size_t len = 0;
	for (uint8_t *packet; (packet = next_packet(&rest, &rest_size, &len)) != NULL;) {
		now_us += 1000;
		show(inspector, packet, len, now_us);
		free(packet);
	}

	/* The next input begins without flows: what an input does is its own doing. */
	for (uint8_t *packet; (packet = next_packet(&data, &size, &len)) != NULL;) {
		struct packet parsed;
		if (packet_parse(packet, len, &parsed) == PACKET_OK) {
			inspector_forget(inspector, &parsed);
		}
		free(packet);
	}
	return 0;
}
