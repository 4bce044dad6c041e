/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which names were judged just now and are no finding. A device asks for the addresses of a name
 * and for its service record, then names it to the server, all within a second or so; that is
 * judged once. Holds no name, only a hash of it under a random key, and that for as long as the
 * caller lets it: what is held when honest_memo_forget() is called is overwritten. Never in a core
 * file. Internal to policy/.
 */
#ifndef POLICY_ENGINE_HONEST_MEMO_H
#define POLICY_ENGINE_HONEST_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 128 KiB. A name has 16 places, from which it drives the oldest. */
#define HONEST_MEMO_NAMES 32768

struct honest_memo;

/* For one thread and one policy. \returns NULL when memory or random numbers are short. */
struct honest_memo *honest_memo_new(void);
void honest_memo_free(struct honest_memo *memo);

/*
 * Of a name's octets as they are: the same name in other case is another one. Another name is taken
 * for one that is held at most once in 2^27 look-ups, and nobody who does not know the key can tell
 * which (SipHash).
 */
uint64_t honest_memo_hash(const struct honest_memo *memo, const char *host, size_t host_len);

bool honest_memo_has(const struct honest_memo *memo, uint64_t hash);
void honest_memo_add(struct honest_memo *memo, uint64_t hash);
void honest_memo_forget(struct honest_memo *memo);

#endif
