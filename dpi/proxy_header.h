/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The header by which a proxy tells a server whom it speaks for (HAProxy's PROXY protocol, versions
 * 1 and 2): it stands before a connection's first octet. Nothing of it is read. Internal to dpi/.
 */
#ifndef DPI_PROXY_HEADER_H
#define DPI_PROXY_HEADER_H

#include <stddef.h>
#include <stdint.h>

enum proxy_header_result {
	PROXY_HEADER_NONE,
	PROXY_HEADER_CUT,   /* more octets are needed to tell, or to step over it */
	PROXY_HEADER_WHOLE, /* *header_len is filled */
};

/* Looks at a connection's first octets, at least one. */
enum proxy_header_result proxy_header_read(const uint8_t *octets, size_t len, size_t *header_len);

#endif
