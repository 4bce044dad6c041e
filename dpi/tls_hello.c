/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/tls_hello.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "dpi/wire.h"

/* TLSPlaintext, RFC 8446 section 5.1 */
#define RECORD_HEADER_LEN 5
#define RECORD_MAX 16384
#define TYPE_HANDSHAKE 22
/* legacy_record_version: 0x0300 (SSL 3.0) to 0x0304 */
#define VERSION_MAJOR 3
#define VERSION_MINOR_MAX 4

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t record_len(const uint8_t *record)
{
	return wire_u16(record + 3);
}

/* Whether the octets that are there can begin a record of a ClientHello. */
static bool may_be_record(const uint8_t *octets, size_t len)
{
	return (len < 1 || octets[0] == TYPE_HANDSHAKE) &&
	       (len < 2 || octets[1] == VERSION_MAJOR) &&
	       (len < 3 || octets[2] <= VERSION_MINOR_MAX) &&
	       (len < 4 || octets[3] <= RECORD_MAX >> 8) &&
	       (len < 5 || (record_len(octets) > 0 && record_len(octets) <= RECORD_MAX));
}

/* The records' contents put together, for a message that is longer than its first record. */
static enum hello_result read_records(const uint8_t *octets, size_t len, struct client_hello *out)
{
	uint8_t message[CLIENT_HELLO_MAX];
	size_t used = 0;

	for (size_t at = 0;;) {
		if (!may_be_record(octets + at, len - at)) {
			return HELLO_NONE;
		}
		if (len - at < RECORD_HEADER_LEN) {
			return HELLO_INCOMPLETE;
		}
		const size_t whole = record_len(octets + at);
		at += RECORD_HEADER_LEN;
		/* A full message is never incomplete, so there is room here. */
		assert(used < sizeof(message));
		const size_t taken = min(min(whole, len - at), sizeof(message) - used);
		memcpy(message + used, octets + at, taken);
		used += taken;
		const enum hello_result result = client_hello_read(message, used, out);
		if (result != HELLO_INCOMPLETE || len - at < whole) {
			return result;
		}
		at += whole;
	}
}

enum hello_result tls_hello_read(const uint8_t *octets, size_t len, struct client_hello *out)
{
	const size_t looked_at = min(len, TLS_HELLO_STREAM_MAX);
	if (!may_be_record(octets, looked_at)) {
		return HELLO_NONE;
	}
	if (looked_at < RECORD_HEADER_LEN) {
		return HELLO_INCOMPLETE;
	}
	const size_t whole = record_len(octets);
	const size_t there = min(whole, looked_at - RECORD_HEADER_LEN);
	enum hello_result result = client_hello_read(octets + RECORD_HEADER_LEN, there, out);
	if (result == HELLO_INCOMPLETE && there == whole) {
		result = read_records(octets, looked_at, out);
	}
	if (result == HELLO_INCOMPLETE && looked_at == TLS_HELLO_STREAM_MAX) {
		result = HELLO_NONE;
	}
	return result;
}
