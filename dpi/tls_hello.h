/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server name of a TLS connection over TCP: a ClientHello in TLS records (RFC 8446 section
 * 5.1), over as many of them as the client likes. Internal to dpi/.
 */
#ifndef DPI_TLS_HELLO_H
#define DPI_TLS_HELLO_H

#include "dpi/client_hello.h"
#include "include/attribute.h"

/* What a ClientHello may take of the stream, records' headers included, in octets: when there are
 * as many and it is not whole, it is HELLO_NONE. */
#define TLS_HELLO_STREAM_MAX (CLIENT_HELLO_MAX + 1024)

/*
 * Reads what a client sent, from the connection's first octet. To be called with the same octets
 * and more while it returns HELLO_INCOMPLETE. HELLO_NONE comes with the first octet that cannot
 * stand there; records must be of type handshake, of 1 to 16,384 octets and of a version that TLS
 * has. What follows the ClientHello is not looked at.
 *
 * Allocates nothing; takes CLIENT_HELLO_MAX octets of stack.
 */
_mustcheck_ enum hello_result tls_hello_read(const uint8_t *octets, size_t len,
					     struct client_hello *out);

#endif
