/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/client_hello.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "dpi/host_name.h"
#include "dpi/wire.h"

/* msg_type and length, RFC 8446 section 4 */
#define HEADER_LEN 4
#define TYPE_CLIENT_HELLO 1
/* The high octet of legacy_version, of SSL 3.0 and every TLS. */
#define VERSION_MAJOR 3

/* RFC 6066 section 3 */
#define EXTENSION_SERVER_NAME 0
#define NAME_TYPE_HOST_NAME 0

/* RFC 7301 section 3.1 */
#define EXTENSION_ALPN 16

struct server_name {
	const uint8_t *name; /* NULL: none yet */
	size_t len;          /* 0: no host_name */
	bool is_dot;         /* see struct client_hello */
};

/* ServerNameList, RFC 6066 section 3. \returns 0, or a negative error of GnuTLS. */
static int read_server_name(struct server_name *server_name, const uint8_t *list, size_t len)
{
	struct wire_cursor cursor = {.at = list, .end = list + len};
	uint16_t list_len;
	if (!wire_read_u16(&cursor, &list_len) || list_len == 0 || list_len != wire_left(&cursor)) {
		return GNUTLS_E_UNEXPECTED_PACKET_LENGTH;
	}
	while (wire_left(&cursor) > 0) {
		uint8_t type;
		uint16_t name_len;
		const uint8_t *name;
		if (!wire_read_u8(&cursor, &type) || !wire_read_u16(&cursor, &name_len) ||
		    !wire_read_octets(&cursor, name_len, &name)) {
			return GNUTLS_E_UNEXPECTED_PACKET_LENGTH;
		}
		if (type == NAME_TYPE_HOST_NAME) {
			if (server_name->name != NULL) {
				return GNUTLS_E_RECEIVED_ILLEGAL_PARAMETER;
			}
			server_name->name = name;
			server_name->len = name_len;
		}
	}
	return 0;
}

/* Whether a ProtocolNameList has the identifier of RFC 7858 or that of RFC 9250, as far as it can
 * be read: it is for counting, so what is wrong with it is not an error. */
static bool offers_dot(const uint8_t *list, size_t len)
{
	for (size_t at = 2; at < len && list[at] < len - at; at += 1 + (size_t)list[at]) {
		const uint8_t *name = list + at + 1;
		if (list[at] == 3 && (memcmp(name, "dot", 3) == 0 || memcmp(name, "doq", 3) == 0)) {
			return true;
		}
	}
	return false;
}

static int take_extension(void *ctx, unsigned id, const unsigned char *octets, unsigned len)
{
	struct server_name *server_name = ctx;
	if (id == EXTENSION_ALPN) {
		server_name->is_dot = offers_dot(octets, len);
	}
	return id == EXTENSION_SERVER_NAME ? read_server_name(ctx, octets, len) : 0;
}

enum hello_result client_hello_read(const uint8_t *message, size_t len, struct client_hello *out)
{
	/* Each octet as soon as it is there, so that other protocols are let go early. */
	if ((len > 0 && message[0] != TYPE_CLIENT_HELLO) ||
	    (len > HEADER_LEN && message[HEADER_LEN] != VERSION_MAJOR)) {
		return HELLO_NONE;
	}
	if (len < HEADER_LEN) {
		return len > 1 && message[1] != 0 ? HELLO_NONE : HELLO_INCOMPLETE;
	}
	const size_t whole = HEADER_LEN + ((size_t)message[1] << 16 | wire_u16(message + 2));
	if (whole > CLIENT_HELLO_MAX) {
		return HELLO_NONE;
	}
	if (len < whole) {
		return HELLO_INCOMPLETE;
	}

	struct server_name server_name = {.name = NULL};
	/* The body. GnuTLS only reads it; its type for octets knows no const. */
	const gnutls_datum_t hello = {.data = (unsigned char *)(uintptr_t)(message + HEADER_LEN),
				      .size = (unsigned)(whole - HEADER_LEN)};
	const int result = gnutls_ext_raw_parse(&server_name, take_extension, &hello,
						GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO);
	/* This error: the message ends before the extensions, as TLS 1.2 allows. */
	if (result < 0 && result != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE) {
		return HELLO_NONE;
	}
	out->is_dot = server_name.is_dot;
	if (server_name.len == 0 ||
	    host_name_is_literal((const char *)server_name.name, server_name.len) ||
	    !host_name_from_http((const char *)server_name.name, server_name.len, out->host,
				 &out->host_len)) {
		return HELLO_NO_NAME;
	}
	return HELLO_FOUND;
}
