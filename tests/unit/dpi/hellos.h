/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS ClientHellos for tests, written from nothing: header-only, so that a test program is one
 * file.
 */
#ifndef TESTS_UNIT_DPI_HELLOS_H
#define TESTS_UNIT_DPI_HELLOS_H

#include <stdint.h>
#include <string.h>

#include "packets.h"

/* Where and how long: what a browser sends is padded on both sides of the name. */
struct hello_form {
	size_t before; /* octets of an unknown extension before server_name; 0: none */
	size_t after;  /* octets of encrypted_client_hello after it; 0: none */
};

static inline size_t put_extension(uint8_t *out, uint32_t id, const void *octets, size_t len)
{
	put16(out, id);
	put16(out + 2, (uint32_t)len);
	if (len > 0) {
		memcpy(out + 4, octets, len);
	}
	return 4 + len;
}

/* A ServerNameList with one name (RFC 6066 section 3). \returns its length. */
static inline size_t put_server_name(uint8_t *out, uint8_t type, const char *name)
{
	const size_t len = strlen(name);
	put16(out, (uint32_t)(3 + len));
	out[2] = type;
	put16(out + 3, (uint32_t)len);
	memcpy(out + 5, name, len);
	return 5 + len;
}

/* A ClientHello with these extensions, as a handshake message. \returns its length. */
static inline size_t put_hello_with(uint8_t *out, const uint8_t *extensions, size_t len)
{
	uint8_t *at = out + 4;
	put16(at, 0x0303);
	memset(at + 2, 0x5a, 32); /* random */
	at[34] = 32;
	memset(at + 35, 0xa5, 32); /* legacy_session_id */
	at += 67;
	const uint8_t suites[] = {0, 4, 0x13, 0x01, 0x13, 0x02, 1, 0};
	memcpy(at, suites, sizeof(suites));
	at += sizeof(suites);
	put16(at, (uint32_t)len);
	memcpy(at + 2, extensions, len);
	at += 2 + len;
	put32(out, (uint32_t)(at - out - 4));
	out[0] = 1;
	return (size_t)(at - out);
}

/* A ClientHello that names a host, or none when name is NULL. \returns its length: that of the
 * name, before and after, and less than 200 more. */
static inline size_t put_hello(uint8_t *out, const char *name, struct hello_form form)
{
	static uint8_t extensions[UINT16_MAX];
	static const uint8_t octets[UINT16_MAX / 2] = {0xe1};
	uint8_t list[512];
	size_t len = 0;
	len += put_extension(extensions + len, 43, "\x02\x03\x04", 3);
	if (form.before > 0) {
		len += put_extension(extensions + len, 0x4a4a, octets, form.before);
	}
	if (name != NULL) {
		len += put_extension(extensions + len, 0, list, put_server_name(list, 0, name));
	}
	if (form.after > 0) {
		len += put_extension(extensions + len, 0xfe0d, octets, form.after);
	}
	return put_hello_with(out, extensions, len);
}

/* The message in records of so many octets each. \returns the length of all. */
static inline size_t put_records(uint8_t *out, const uint8_t *message, size_t len, size_t each)
{
	size_t used = 0;
	for (size_t at = 0; at < len; at += each) {
		const size_t part = len - at < each ? len - at : each;
		out[used] = 22;
		put16(out + used + 1, 0x0301);
		put16(out + used + 3, (uint32_t)part);
		memcpy(out + used + 5, message + at, part);
		used += 5 + part;
	}
	return used;
}

#endif
