/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What dpi/ tells the rest of the program: a host name that traffic asked for, and how it was
 * asked. It carries nothing of who asked.
 */
#ifndef DPI_OBSERVATION_H
#define DPI_OBSERVATION_H

#include <stdint.h>

/* How a host name was asked for. */
enum via {
	VIA_DNS,  /* the QNAME of a DNS question, RFC 1035 section 4.1.2 */
	VIA_HTTP, /* the host of an HTTP request target or Host field, RFC 9110 section 7.2 */
	VIA_TLS,  /* the server name of a TLS ClientHello over TCP, RFC 6066 section 3 */
	VIA_QUIC, /* the same of a ClientHello in QUIC's Initial packets, RFC 9001 section 4 */
};
#define VIA_COUNT 4

/* Longest host name: 253 octets of presentation form (RFC 1035 section 3.1: 255 on the wire). */
#define HOST_NAME_MAX_LEN 253

/*
 * A host name that was asked for. ASCII letters are in lower case, there is no trailing dot, no
 * port, no NUL, no control character and no space; octets above 0x7f are kept as they came (HTTP
 * clients and some resolvers send UTF-8). IP literals are not observations.
 */
struct observation {
	const char *host;  /* host_len octets and a NUL; valid as long as the struct inspection */
	uint16_t host_len; /* 1 to HOST_NAME_MAX_LEN */
	enum via via;
};

/* "dns", "http", "tls" or "quic", as `via` is written in a finding. */
const char *via_text(enum via via);

#endif
