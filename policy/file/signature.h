/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signatures of minisign (https://jedisct1.github.io/minisign/), as Debian's `minisign` makes them:
 * Ed25519 over a file's octets ("Ed") or over their BLAKE2b-512 ("ED"), and over the trusted
 * comment. What is read here may come from anyone; nothing is believed before it is verified.
 */
#ifndef POLICY_FILE_SIGNATURE_H
#define POLICY_FILE_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A signature or key file larger than this is none, in octets. */
#define SIGNATURE_TEXT_MAX 16384

/* What minisign calls a key: 16 hexadecimal digits, with the NUL. */
#define SIGNATURE_KEY_NAME_SIZE 17

struct signature_key {
	uint8_t id[8];
	uint8_t octets[32]; /* Ed25519, RFC 8032 */
};

/* What is wrong with a key or a signature. */
struct signature_fault {
	unsigned line; /* of the file read, from 1; 0 when it is about the file as a whole */
	char text[256];
};

/*
 * Reads a public key file: a line of comment, a line of base64.
 *
 * \param text  len octets; need not end in NUL.
 * \returns false with fault filled.
 */
bool signature_key_read(const char *text, size_t len, struct signature_key *out,
			struct signature_fault *fault);

/* The key's name as minisign prints it. */
void signature_key_name(const struct signature_key *key, char out[SIGNATURE_KEY_NAME_SIZE]);

/*
 * Verifies a file's octets against the text of its .minisig: made by this key, over these octets,
 * with this trusted comment.
 *
 * \param signature  signature_len octets; need not end in NUL.
 * \returns false with fault filled.
 */
bool signature_verify(const struct signature_key *key, const void *file, size_t file_len,
		      const char *signature, size_t signature_len, struct signature_fault *fault);

/*
 * The trusted comment of a signature, which signature_verify() found to be whole.
 *
 * \returns its place in signature, len octets; NULL when that is not a signature.
 */
const char *signature_comment(const char *signature, size_t signature_len, size_t *len);

#endif
