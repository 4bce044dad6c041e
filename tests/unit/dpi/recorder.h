/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An inspector under test and what it observed, as text. Header-only, as packets.h is.
 */
#ifndef TESTS_UNIT_DPI_RECORDER_H
#define TESTS_UNIT_DPI_RECORDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/inspector.h"
#include "packets.h"

struct watch {
	struct inspector *inspector;
	uint64_t now_us;
	char hosts[65536]; /* "dns NAME\n" or "http NAME\n" for each observation */
	size_t hosts_len;
	struct sighting last; /* its pointers are stale */
	struct inspection inspection;
	uint8_t last_message[2048];
};

static inline void watch_observe(struct watch *watch, const struct sighting *sighting)
{
	watch->last = *sighting;
	if (sighting->dns_message_len > 0 &&
	    sighting->dns_message_len <= sizeof(watch->last_message)) {
		memcpy(watch->last_message, sighting->dns_message, sighting->dns_message_len);
	}
	size_t room = sizeof(watch->hosts) - watch->hosts_len;
	int len = snprintf(watch->hosts + watch->hosts_len, room, "%s %.*s\n",
			   via_text(sighting->observation.via), (int)sighting->observation.host_len,
			   sighting->observation.host);
	if (len > 0 && (size_t)len < room) {
		watch->hosts_len += (size_t)len;
	}
}

static inline struct watch *watch_new(const struct inspector_limits *limits)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	if (watch == NULL) {
		abort();
	}
	watch->inspector = inspector_new(limits);
	if (watch->inspector == NULL) {
		abort();
	}
	watch->now_us = 1000000;
	return watch;
}

static inline void watch_free(struct watch *watch)
{
	inspector_free(watch->inspector);
	free(watch);
}

/* cmocka's setup and teardown, with small bounds */
static inline int watch_begin(void **state)
{
	*state = watch_new(&(struct inspector_limits){.flows = 64, .streams = 8});
	return 0;
}

static inline int watch_end(void **state)
{
	watch_free(*state);
	return 0;
}

static inline void watch_clear(struct watch *watch)
{
	watch->hosts[0] = '\0';
	watch->hosts_len = 0;
}

/* Shows the inspector a copy that ends where its memory does, so that a sanitizer sees each read
 * past it. */
static inline enum inspector_outcome watch_packet(struct watch *watch, const uint8_t *packet,
						  size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	if (copy == NULL) {
		abort();
	}
	if (len > 0) {
		memcpy(copy, packet, len);
	}
	watch->now_us += 10;
	struct packet parsed;
	enum packet_result result = packet_parse(copy, len, &parsed);
	if (result != PACKET_OK) {
		free(copy);
		return inspector_unparsed(watch->inspector, result);
	}
	struct inspection *inspection = &watch->inspection;
	do {
		inspector_packet(watch->inspector, &parsed, watch->now_us, inspection);
		for (size_t i = 0; i < inspection->count; i++) {
			watch_observe(watch, &inspection->sightings[i]);
		}
	} while (inspection->more);
	enum inspector_outcome outcome = inspection->outcome;
	free(copy);
	return outcome;
}

static inline enum inspector_outcome watch_tcp(struct watch *watch, const struct talk *talk,
					       bool from_client, uint8_t flags, uint32_t seq,
					       uint32_t ack, const void *payload, size_t len)
{
	static uint8_t octets[65600];
	size_t packet_len = put_tcp(octets, talk, from_client, flags, seq, ack, payload, len);
	return watch_packet(watch, octets, packet_len);
}

/* The client's octets from seq on. */
static inline enum inspector_outcome watch_data(struct watch *watch, const struct talk *talk,
						uint32_t seq, const void *payload, size_t len)
{
	return watch_tcp(watch, talk, true, TCP_PSH | TCP_ACK, seq, 1, payload, len);
}

static inline enum inspector_outcome watch_udp(struct watch *watch, const struct talk *talk,
					       bool from_client, const void *payload, size_t len)
{
	static uint8_t octets[65600];
	return watch_packet(watch, octets, put_udp(octets, talk, from_client, payload, len));
}

/* The client's first octet has the sequence number isn + 1. */
static inline void watch_handshake(struct watch *watch, const struct talk *talk, uint32_t isn)
{
	watch_tcp(watch, talk, true, TCP_SYN, isn, 0, NULL, 0);
	watch_tcp(watch, talk, false, TCP_SYN | TCP_ACK, 0, isn + 1, NULL, 0);
	watch_tcp(watch, talk, true, TCP_ACK, isn + 1, 1, NULL, 0);
}

#endif
