/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dpi/quic_protection.h"

#include <assert.h>
#include <nettle/aes.h>
#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <string.h>

/* "tls13 " and the longest label below, with what stands around them */
#define INFO_MAX 32

/* What differs between the versions: RFC 9001 section 5.2, RFC 9369 sections 3.3.1 and 3.3.2. */
struct version_constants {
	uint8_t salt[20];
	const char *key;
	const char *iv;
	const char *hp;
};

static const struct version_constants version_1 = {
    .salt = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
	     0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a},
    .key = "quic key",
    .iv = "quic iv",
    .hp = "quic hp",
};

static const struct version_constants version_2 = {
    .salt = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
	     0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
    .key = "quicv2 key",
    .iv = "quicv2 iv",
    .hp = "quicv2 hp",
};

static void update(void *ctx, size_t len, const uint8_t *octets)
{
	hmac_sha256_update(ctx, len, octets);
}

static void digest(void *ctx, size_t len, uint8_t *out)
{
	hmac_sha256_digest(ctx, len, out);
}

/* HKDF-Expand-Label with an empty context, RFC 8446 section 7.1. */
static void expand(struct hmac_sha256_ctx *secret, const char *label, uint8_t *out, size_t len)
{
	static const char prefix[] = "tls13 ";
	const size_t prefix_len = sizeof(prefix) - 1;
	const size_t label_len = strlen(label);
	uint8_t info[INFO_MAX];
	size_t used = 0;

	assert(len <= UINT8_MAX && prefix_len + label_len + 4 <= sizeof(info));
	info[used++] = 0;
	info[used++] = (uint8_t)len;
	info[used++] = (uint8_t)(prefix_len + label_len);
	memcpy(info + used, prefix, prefix_len);
	used += prefix_len;
	memcpy(info + used, label, label_len);
	used += label_len;
	info[used++] = 0;
	hkdf_expand(secret, update, digest, SHA256_DIGEST_SIZE, used, info, len, out);
}

void quic_client_keys(uint32_t version, const uint8_t *dcid, size_t len, struct quic_keys *out)
{
	assert(version == QUIC_VERSION_1 || version == QUIC_VERSION_2);
	const struct version_constants *constants =
	    version == QUIC_VERSION_1 ? &version_1 : &version_2;
	struct hmac_sha256_ctx ctx;
	uint8_t secret[SHA256_DIGEST_SIZE];

	hmac_sha256_set_key(&ctx, sizeof(constants->salt), constants->salt);
	hkdf_extract(&ctx, update, digest, SHA256_DIGEST_SIZE, len, dcid, secret);
	hmac_sha256_set_key(&ctx, sizeof(secret), secret);
	expand(&ctx, "client in", secret, sizeof(secret));
	hmac_sha256_set_key(&ctx, sizeof(secret), secret);
	expand(&ctx, constants->key, out->key, sizeof(out->key));
	expand(&ctx, constants->iv, out->iv, sizeof(out->iv));
	expand(&ctx, constants->hp, out->hp, sizeof(out->hp));
}

void quic_header_mask(const struct quic_keys *keys, const uint8_t sample[QUIC_SAMPLE_LEN],
		      uint8_t mask[QUIC_MASK_LEN])
{
	struct aes128_ctx aes;
	uint8_t block[AES_BLOCK_SIZE];

	aes128_set_encrypt_key(&aes, keys->hp);
	aes128_encrypt(&aes, sizeof(block), block, sample);
	memcpy(mask, block, QUIC_MASK_LEN);
}

bool quic_open(const struct quic_keys *keys, uint64_t number, const uint8_t *header,
	       size_t header_len, const uint8_t *sealed, size_t sealed_len, uint8_t *out)
{
	assert(sealed_len >= QUIC_TAG_LEN);
	const size_t len = sealed_len - QUIC_TAG_LEN;
	struct gcm_aes128_ctx gcm;
	uint8_t nonce[sizeof(keys->iv)];
	uint8_t tag[QUIC_TAG_LEN];

	memcpy(nonce, keys->iv, sizeof(nonce));
	for (size_t i = 0; i < sizeof(number); i++) {
		nonce[sizeof(nonce) - 1 - i] ^= (uint8_t)(number >> (8 * i));
	}
	gcm_aes128_set_key(&gcm, keys->key);
	gcm_aes128_set_iv(&gcm, sizeof(nonce), nonce);
	gcm_aes128_update(&gcm, header_len, header);
	gcm_aes128_decrypt(&gcm, len, out, sealed);
	gcm_aes128_digest(&gcm, sizeof(tag), tag);
	if (memeql_sec(tag, sealed + len, sizeof(tag)) == 0) {
		memset(out, 0, len);
		return false;
	}
	return true;
}
