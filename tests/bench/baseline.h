/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the engine is measured against: a plain hash look-up of the same name, which is the limit
 * and finds no imitation, and a scan by edit distance, which is what one writes first.
 */
#ifndef BENCH_BASELINE_H
#define BENCH_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/bench/invented.h"

/* The sites' domains, by XXH3 of their octets, in open addressing at most half full. */
struct name_table;

/* The sites must outlive it. Ends the program when memory is short. */
struct name_table *name_table_new(const struct invented_sites *sites);
void name_table_free(struct name_table *table);
bool name_table_has(const struct name_table *table, const char *name, size_t len);

/*
 * Whether the longest label of a name is within Levenshtein distance 1 of any site's label; the
 * whole matrix, for each site.
 */
bool scan_is_near(const struct invented_sites *sites, const char *name, size_t len);

#endif
