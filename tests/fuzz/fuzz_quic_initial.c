/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A client's QUIC through quic_hello_datagram(). What a fuzzer makes is authentic to no key, so the
 * octets go three ways: as a datagram; as the frames of packets that were opened; and as payloads
 * that are protected first. The first octet says where each piece ends.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/quic_initial.h"
#include "quic_packets.h"

#define PIECES_MAX (QUIC_PACKETS_MAX + 8)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct quic_hello hello;

static void check(enum hello_result result, const struct client_hello *out)
{
	if (hello.ready > QUIC_HELLO_MAX || hello.packets > QUIC_PACKETS_MAX) {
		abort();
	}
	if (result == HELLO_FOUND && (out->host_len == 0 || out->host_len > HOST_NAME_MAX_LEN ||
				      strlen(out->host) != out->host_len)) {
		abort();
	}
}

/* On a copy that ends where its memory does. */
static uint8_t *copy_of(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);
	if (copy == NULL) {
		abort();
	}
	memcpy(copy, data, size);
	return copy;
}

static void read_datagram(const uint8_t *data, size_t size)
{
	struct client_hello out;
	uint8_t *copy = copy_of(data, size);
	check(quic_hello_datagram(&hello, copy, size, &out), &out);
	free(copy);
}

static void read_frames(const uint8_t *data, size_t size)
{
	struct client_hello out;
	uint8_t *copy = copy_of(data, size);
	const bool is_right = quic_hello_frames(&hello, copy, size);
	if (is_right) {
		check(client_hello_read(hello.octets, hello.ready, &out), &out);
	}
	free(copy);
}

static void read_protected(const uint8_t *data, size_t size, uint32_t number)
{
	static const uint8_t dcid[8] = {1};
	static uint8_t datagram[QUIC_PACKET_MAX * 2];
	const struct quic_form form = {.version = size % 2 == 0 ? QUIC_VERSION_1 : QUIC_VERSION_2,
				       .dcid = dcid,
				       .dcid_len = sizeof(dcid),
				       .number = number,
				       .number_len = 4};
	if (size <= QUIC_PACKET_MAX) {
		read_datagram(datagram, put_initial(datagram, &form, data, size));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0) {
		return 0;
	}
	/* Not more pieces than a connection that goes on for long would have. */
	const size_t wanted = 1 + (size_t)data[0] * 8;
	data++;
	size--;
	const size_t each = wanted > size / PIECES_MAX ? wanted : size / PIECES_MAX + 1;
	for (unsigned way = 0; way < 3; way++) {
		quic_hello_init(&hello);
		for (size_t at = 0; at < size; at += each) {
			const size_t len = size - at < each ? size - at : each;
			if (way == 0) {
				read_datagram(data + at, len);
			} else if (way == 1) {
				read_frames(data + at, len);
			} else {
				read_protected(data + at, len, (uint32_t)at);
			}
		}
	}
	return 0;
}
