/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server name of a TLS ClientHello (RFC 8446 section 4.1.2), which TCP carries in TLS records
 * and QUIC in CRYPTO frames. Its extensions are walked by GnuTLS. Internal to dpi/.
 */
#ifndef DPI_CLIENT_HELLO_H
#define DPI_CLIENT_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dpi/observation.h"
#include "include/attribute.h"

/* Longest ClientHello that is read, in octets, its header of 4 included. A longer one is
 * HELLO_NONE. Browsers of 2026 send about 2,000. */
#define CLIENT_HELLO_MAX 16384

enum hello_result {
	HELLO_FOUND,      /* out is filled */
	HELLO_NO_NAME,    /* a whole ClientHello that names no host: without server_name, or with an
			     IP address or octets that no host name has in it */
	HELLO_INCOMPLETE, /* a ClientHello as far as it goes: call again with more octets */
	HELLO_NONE, /* not a ClientHello, or not one that is read; more octets change nothing */
};

/*
 * The name in the clear. With Encrypted Client Hello (RFC 9849) that is the outer one; whether the
 * extension is there says nothing, because browsers send an invented one to every server.
 */
struct client_hello {
	char host[HOST_NAME_MAX_LEN + 1]; /* as struct observation says */
	uint16_t host_len;
	bool is_dot; /* offers DNS over TLS or QUIC by ALPN; also filled on HELLO_NO_NAME */
};

/*
 * Reads a handshake message from its first octet (RFC 8446 section 4). What follows it is not
 * looked at. A name is only taken from a message that is there whole and whose extensions are well
 * formed up to its end; two server names are HELLO_NONE, as no server takes them. Allocates
 * nothing.
 */
_mustcheck_ enum hello_result client_hello_read(const uint8_t *message, size_t len,
						struct client_hello *out);

#endif
