/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A client's QUIC Initial packets for tests, written from nothing: header-only, so that a test
 * program is one file.
 */
#ifndef TESTS_UNIT_DPI_QUIC_PACKETS_H
#define TESTS_UNIT_DPI_QUIC_PACKETS_H

#include <nettle/aes.h>
#include <nettle/gcm.h>
#include <stdint.h>
#include <string.h>

#include "dpi/quic_protection.h"
#include "packets.h"

struct quic_form {
	uint32_t version;
	const uint8_t *key_dcid; /* that the keys come from; NULL: dcid */
	size_t key_dcid_len;
	const uint8_t *dcid;
	size_t dcid_len;
	size_t token_len;
	uint32_t number;
	unsigned number_len;   /* 1 to 4 */
	uint64_t number_above; /* of the packet number, what is not sent */
};

/* RFC 9000 section 16, in as many octets as it is told: 1, 2, 4 or 8. */
static inline size_t put_varint(uint8_t *out, uint64_t value, size_t octets)
{
	for (size_t i = 0; i < octets; i++) {
		out[i] = (uint8_t)(value >> (8 * (octets - 1 - i)));
	}
	out[0] = (uint8_t)(out[0] | (octets == 8   ? 0xc0
				     : octets == 4 ? 0x80
				     : octets == 2 ? 0x40
						   : 0));
	return octets;
}

/* A CRYPTO frame, RFC 9000 section 19.6. \returns its length: 7 more than of what it carries. */
static inline size_t put_crypto(uint8_t *out, size_t offset, const uint8_t *octets, size_t len)
{
	out[0] = 6;
	size_t used = 1;
	used += put_varint(out + used, offset, 4);
	used += put_varint(out + used, len, 2);
	memcpy(out + used, octets, len);
	return used + len;
}

/* An Initial packet with its protection on. \returns its length. */
static inline size_t put_initial(uint8_t *out, const struct quic_form *form, const uint8_t *payload,
				 size_t len)
{
	const size_t number_len = form->number_len;
	out[0] = (uint8_t)((form->version == QUIC_VERSION_2 ? 0xd0 : 0xc0) | (number_len - 1));
	put32(out + 1, form->version);
	size_t used = 5;
	out[used++] = (uint8_t)form->dcid_len;
	memcpy(out + used, form->dcid, form->dcid_len);
	used += form->dcid_len;
	out[used++] = 0; /* no Source Connection ID */
	used += put_varint(out + used, form->token_len, form->token_len < 64 ? 1 : 2);
	memset(out + used, 0x70, form->token_len);
	used += form->token_len;
	used += put_varint(out + used, number_len + len + QUIC_TAG_LEN, 2);
	const size_t number_at = used;
	for (size_t i = 0; i < number_len; i++) {
		out[used++] = (uint8_t)(form->number >> (8 * (number_len - 1 - i)));
	}

	struct quic_keys keys;
	quic_client_keys(form->version, form->key_dcid != NULL ? form->key_dcid : form->dcid,
			 form->key_dcid != NULL ? form->key_dcid_len : form->dcid_len, &keys);
	const uint64_t number = form->number_above + form->number;
	for (size_t i = 0; i < 8; i++) {
		keys.iv[11 - i] ^= (uint8_t)(number >> (8 * i));
	}
	struct gcm_aes128_ctx gcm;
	gcm_aes128_set_key(&gcm, keys.key);
	gcm_aes128_set_iv(&gcm, sizeof(keys.iv), keys.iv);
	gcm_aes128_update(&gcm, used, out);
	gcm_aes128_encrypt(&gcm, len, out + used, payload);
	gcm_aes128_digest(&gcm, QUIC_TAG_LEN, out + used + len);

	struct aes128_ctx aes;
	uint8_t mask[16];
	aes128_set_encrypt_key(&aes, keys.hp);
	aes128_encrypt(&aes, sizeof(mask), mask, out + number_at + 4);
	out[0] ^= mask[0] & 0x0f;
	for (size_t i = 0; i < number_len; i++) {
		out[number_at + i] ^= mask[1 + i];
	}
	return used + len + QUIC_TAG_LEN;
}

#endif
