/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The findings of the names judged last, so that a fake that is asked for over and over is weighed
 * once. Holds no name, only a hash of it under a random key; of a name that is not a finding not
 * even that, for it is kept for any time (honest_memo.h has those, for seconds). Internal to
 * policy/.
 */
#ifndef POLICY_ENGINE_JUDGE_MEMO_H
#define POLICY_ENGINE_JUDGE_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium/crypto_shorthash.h>

#include "policy/finding.h"

/* A name has one place, which the next name of that place takes from it. */
#define JUDGE_MEMO_PLACES 1024

struct judge_memo_entry {
	uint64_t hash;
	bool used;
	struct finding finding;
};

/* For one thread and one policy. About 400 KiB. */
struct judge_memo {
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct judge_memo_entry entries[JUDGE_MEMO_PLACES];
};

/* Chooses the key. \returns false when the system has no random numbers. */
bool judge_memo_init(struct judge_memo *memo);

uint64_t judge_memo_hash(const struct judge_memo *memo, const char *host, size_t host_len);

/* \returns the finding kept of a name, NULL for none. It is valid until the next one is kept. */
const struct finding *judge_memo_get(const struct judge_memo *memo, uint64_t hash);

/* \param finding  copied. */
void judge_memo_put(struct judge_memo *memo, uint64_t hash, const struct finding *finding);

#endif
