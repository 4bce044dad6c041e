/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A client's octets once in order and once cut up, repeated and shuffled: the same hosts have to
 * come out. The input is 4 octets that say how to cut, then the client's octets.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/inspector.h"
#include "packets.h"

#define STREAM_MAX 8000
#define PARTS_MAX 24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct hosts {
	size_t len;
	char text[1 << 20];
};

static void note(struct hosts *hosts, const struct sighting *sighting)
{
	size_t len = sighting->observation.host_len;
	if (sizeof(hosts->text) - hosts->len < len + 1) {
		return;
	}
	memcpy(hosts->text + hosts->len, sighting->observation.host, len);
	hosts->text[hosts->len + len] = '\n';
	hosts->len += len + 1;
}

static void show(struct inspector *inspector, uint8_t flags, uint32_t seq, const uint8_t *octets,
		 size_t len, struct hosts *hosts)
{
	static const struct talk talk = {false, 1, 2, 1024, 80};
	static uint8_t packet[STREAM_MAX + 60];
	size_t packet_len = put_tcp(packet, &talk, true, flags, seq, 1, octets, len);
	static struct inspection inspection;
	struct packet parsed;
	if (packet_parse(packet, packet_len, &parsed) != PACKET_OK) {
		abort();
	}
	do {
		inspector_packet(inspector, &parsed, 1, &inspection);
		for (size_t i = 0; i < inspection.count; i++) {
			note(hosts, &inspection.sightings[i]);
		}
	} while (inspection.more);
}

static uint32_t draw(uint32_t *random)
{
	*random = *random * 1664525U + 1013904223U;
	return *random >> 8;
}

static void show_shuffled(struct inspector *inspector, uint32_t isn, const uint8_t *octets,
			  size_t len, uint32_t random, struct hosts *hosts)
{
	size_t from[2 * PARTS_MAX];
	size_t to[2 * PARTS_MAX];
	size_t count = 0;
	for (size_t at = 0; at < len;) {
		size_t part = 1 + len / PARTS_MAX + draw(&random) % 64;
		size_t back = draw(&random) % 16;
		size_t end = len - at < part ? len : at + part;
		from[count] = at < back ? 0 : at - back;
		to[count++] = end;
		at = end;
	}
	for (size_t i = count; i > 0; i--) {
		size_t k = draw(&random) % i;
		show(inspector, TCP_ACK, isn + 1 + (uint32_t)from[k], octets + from[k],
		     to[k] - from[k], hosts);
		if (draw(&random) % 4 == 0) {
			show(inspector, TCP_ACK, isn + 1 + (uint32_t)from[k], octets + from[k],
			     to[k] - from[k], hosts);
		}
		from[k] = from[i - 1];
		to[k] = to[i - 1];
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct inspector *inspector;
	static struct hosts in_order;
	static struct hosts shuffled;
	static uint32_t isn;
	const struct inspector_limits limits = {.flows = 4, .streams = 4};
	if (inspector == NULL) {
		inspector = inspector_new(&limits);
	}
	if (inspector == NULL) {
		abort();
	}
	if (size < 4) {
		return 0;
	}
	uint32_t random =
	    (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
	const uint8_t *octets = data + 4;
	size_t len = size - 4 < STREAM_MAX ? size - 4 : STREAM_MAX;

	/* A SYN with another number begins the next connection. */
	const uint64_t opaque_before = inspector_stats(inspector)->http_opaque;
	in_order.len = 0;
	isn += 0x10000;
	show(inspector, TCP_SYN, isn, NULL, 0, &in_order);
	for (size_t at = 0; at < len; at += 1000) {
		show(inspector, TCP_ACK, isn + 1 + (uint32_t)at, octets + at,
		     len - at < 1000 ? len - at : 1000, &in_order);
	}

	shuffled.len = 0;
	isn += 0x10000;
	show(inspector, TCP_SYN, isn, NULL, 0, &shuffled);
	show_shuffled(inspector, isn, octets, len, random, &shuffled);
	/* From where it cannot be told how the connection goes on, a request is taken for one where
	 * a segment begins: that depends on how the octets are cut. */
	const bool opaque = inspector_stats(inspector)->http_opaque != opaque_before;
	if (!opaque && (in_order.len != shuffled.len ||
			memcmp(in_order.text, shuffled.text, in_order.len) != 0)) {
		abort();
	}
	return 0;
}
