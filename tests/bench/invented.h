/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Invented sites and host names for the benchmarks: the same for the same seed, and no list of real
 * names. The first N sites are the same however many are made.
 */
#ifndef BENCH_INVENTED_H
#define BENCH_INVENTED_H

#include <stddef.h>
#include <stdio.h>

#include "tests/bench/seeded.h"

#define INVENTED_LABEL_SIZE 32
#define INVENTED_NAME_SIZE 256

struct invented_site {
	char label[INVENTED_LABEL_SIZE]; /* 4 to 14 letters, one of its kind */
	char domain[64];                 /* label and a public suffix */
	char token[8];                   /* a shortening of label, or "" */
	bool any_suffix;                 /* "label.*" is protected as well */
};

struct invented_sites {
	struct invented_site *items;
	size_t count;
};

/* Ends the program when memory is short. Free items with free(). */
struct invented_sites invented_sites_make(size_t count);

/* Writes a policy that protects them, in the syntax of truegate-policy(5). */
void invented_policy_write(const struct invented_sites *sites, FILE *out);

/*
 * A name such as devices of an office ask for: invented words, compounds of English words,
 * services and CDNs several levels deep, IDNs, reverse look-ups, and one in twenty a protected site
 * (of the first ten) itself. Lower case, A-labels, NUL-terminated.
 *
 * \returns its length.
 */
size_t invented_honest_name(struct seeded *random, const struct invented_sites *sites,
			    char out[INVENTED_NAME_SIZE]);

/* Likewise a name that imitates one of the sites, by any technique of DESIGN.md. */
size_t invented_imitation(struct seeded *random, const struct invented_sites *sites,
			  char out[INVENTED_NAME_SIZE]);

#endif
