/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/baseline.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct name_table {
	size_t mask;
	struct {
		uint64_t hash;
		const char *name; /* NULL: free */
		size_t len;
	} slots[];
};

struct name_table *name_table_new(const struct invented_sites *sites)
{
	size_t size = 16;
	while (size < sites->count * 2) {
		size *= 2;
	}
	struct name_table *table = calloc(1, sizeof(*table) + size * sizeof(table->slots[0]));
	if (table == NULL) {
		err(2, "table of %zu names", sites->count);
	}
	table->mask = size - 1;
	for (size_t i = 0; i < sites->count; i++) {
		const char *name = sites->items[i].domain;
		size_t len = strlen(name);
		uint64_t hash = XXH3_64bits(name, len);
		size_t at = hash & table->mask;
		while (table->slots[at].name != NULL) {
			at = (at + 1) & table->mask;
		}
		table->slots[at].hash = hash;
		table->slots[at].name = name;
		table->slots[at].len = len;
	}
	return table;
}

void name_table_free(struct name_table *table)
{
	free(table);
}

bool name_table_has(const struct name_table *table, const char *name, size_t len)
{
	uint64_t hash = XXH3_64bits(name, len);
	for (size_t at = hash & table->mask; table->slots[at].name != NULL;
	     at = (at + 1) & table->mask) {
		if (table->slots[at].hash == hash && table->slots[at].len == len &&
		    memcmp(table->slots[at].name, name, len) == 0) {
			return true;
		}
	}
	return false;
}

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;
	return least < c ? least : c;
}

/* Levenshtein distance; both at most 63 octets, as labels are (RFC 1035 section 2.3.4). */
static unsigned edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	unsigned row[64];
	for (unsigned j = 0; j <= b_len; j++) {
		row[j] = j;
	}
	for (unsigned i = 1; i <= a_len; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned above = row[j];
			row[j] =
			    smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
}

bool scan_is_near(const struct invented_sites *sites, const char *name, size_t len)
{
	const char *longest = name;
	size_t longest_len = 0;
	for (size_t start = 0, at = 0; at <= len; at++) {
		if (at < len && name[at] != '.') {
			continue;
		}
		if (at - start > longest_len) {
			longest = name + start;
			longest_len = at - start;
		}
		start = at + 1;
	}
	if (longest_len > 63) {
		longest_len = 63;
	}
	bool near = false;
	for (size_t i = 0; i < sites->count; i++) {
		const char *label = sites->items[i].label;
		near |= edit_distance(longest, longest_len, label, strlen(label)) <= 1;
	}
	return near;
}
