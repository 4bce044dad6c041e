/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The protection of a client's QUIC Initial packets. Its keys follow from a connection ID that
 * stands in the packet itself (RFC 9001 section 5.2, RFC 9369 section 3.3), so whoever sees the
 * packet can read it. The ciphers are Nettle's, which GnuTLS uses too: unlike GnuTLS's own they
 * take no memory from the heap. Internal to dpi/.
 */
#ifndef DPI_QUIC_PROTECTION_H
#define DPI_QUIC_PROTECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/attribute.h"

#define QUIC_VERSION_1 UINT32_C(0x00000001) /* RFC 9000 section 15 */
#define QUIC_VERSION_2 UINT32_C(0x6b3343cf) /* RFC 9369 section 3.1 */

#define QUIC_SAMPLE_LEN 16 /* RFC 9001 section 5.4.2 */
#define QUIC_MASK_LEN 5    /* RFC 9001 section 5.4.1 */
#define QUIC_TAG_LEN 16    /* of AEAD_AES_128_GCM, RFC 5116 section 5.1 */

struct quic_keys {
	uint8_t key[16];
	uint8_t iv[12];
	uint8_t hp[16]; /* header protection */
};

/*
 * Derives what a client protects its Initial packets with.
 *
 * \param version  QUIC_VERSION_1 or QUIC_VERSION_2.
 * \param dcid     the Destination Connection ID of the client's first Initial, or of the first that
 *                 answers a Retry.
 */
void quic_client_keys(uint32_t version, const uint8_t *dcid, size_t len, struct quic_keys *out);

/* The mask of the first octet and the packet number, RFC 9001 section 5.4.3. */
void quic_header_mask(const struct quic_keys *keys, const uint8_t sample[QUIC_SAMPLE_LEN],
		      uint8_t mask[QUIC_MASK_LEN]);

/*
 * Opens a payload, RFC 9001 section 5.3.
 *
 * \param header  the packet's header with its protection taken off, up to the packet number's end.
 * \param sealed  the rest of the packet, its tag included; at least QUIC_TAG_LEN octets.
 * \param out     room for sealed_len - QUIC_TAG_LEN octets.
 * \returns false when the packet was not protected with these keys; out is then all zeros.
 */
_mustcheck_ bool quic_open(const struct quic_keys *keys, uint64_t number, const uint8_t *header,
			   size_t header_len, const uint8_t *sealed, size_t sealed_len,
			   uint8_t *out);

#endif
