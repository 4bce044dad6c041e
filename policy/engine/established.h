/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Established names: registrable domains that many people have visited for long, from a public list
 * (`truegate established import`). Such a name is not flagged for its own label; what stands in
 * front of it is judged as ever. A set only takes away: nothing is flagged for not being in it.
 */
#ifndef POLICY_ENGINE_ESTABLISHED_H
#define POLICY_ENGINE_ESTABLISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/attribute.h"
#include "policy/settings/diagnostics.h"

/* Names that a set has at most. */
#define ESTABLISHED_MAX 1000000

/*
 * The file: "TGestab1", the count (4 octets), 4 octets of zeros, a key of 16 octets, then of each
 * name 8 octets, SipHash-2-4 of it under the key, ascending. Numbers are little-endian. Each import
 * chooses a key, so that nobody elsewhere can look for a name that happens to have the hash of
 * another; it is not a secret from who may read the file.
 */
#define ESTABLISHED_MAGIC "TGestab1"
#define ESTABLISHED_MAGIC_LEN 8
#define ESTABLISHED_KEY_LEN 16
#define ESTABLISHED_HEAD_LEN 32
#define ESTABLISHED_HASH_LEN 8

struct established;

/*
 * Reads a set whole; it is checked from end to end before anything in it is believed.
 *
 * \returns NULL with a message when it cannot be read or is not such a file. Free with
 * established_free().
 */
_mustcheck_ struct established *established_load(const char *path, struct diagnostics *diagnostics);
void established_free(struct established *established);

/*
 * \param domain  a registrable domain, len octets: A-labels in lower case, no trailing dot.
 */
bool established_has(const struct established *established, const char *domain, size_t len);

size_t established_count(const struct established *established);
size_t established_memory(const struct established *established); /* octets */

/* Shared with what makes the file. */
uint64_t established_hash(const unsigned char key[ESTABLISHED_KEY_LEN], const char *domain,
			  size_t len);

#endif
