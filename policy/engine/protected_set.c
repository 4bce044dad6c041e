/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/protected_set.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* The hash stands beside the domain, so that most others in its place are skipped unread. */
struct set_slot {
	uint64_t hash;
	const struct protected_domain *domain; /* NULL: empty */
};

/* Open addressing with linear probing; at most half full. */
struct protected_set {
	struct set_slot *slots;
	size_t mask;
};

/* A domain with any suffix is filed under its label, which has no dot and so meets no other domain.
 */
static const char *filed_as(const struct protected_domain *domain)
{
	return domain->any_suffix ? domain->label : domain->name;
}

static void insert(struct protected_set *set, const struct protected_domain *domain)
{
	const char *key = filed_as(domain);
	uint64_t hash = XXH3_64bits(key, strlen(key));
	size_t i = (size_t)hash & set->mask;

	while (set->slots[i].domain != NULL) {
		i = (i + 1) & set->mask;
	}
	set->slots[i] = (struct set_slot){.hash = hash, .domain = domain};
}

struct protected_set *protected_set_new(const struct parsed_policy *parsed)
{
	struct protected_set *set = calloc(1, sizeof(*set));
	size_t count = 0, size = 16;

	if (set == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < parsed->site_count; i++) {
		count += parsed->sites[i].domain_count + parsed->sites[i].own_count;
	}
	while (size < count * 2) {
		size *= 2;
	}
	set->mask = size - 1;
	set->slots = calloc(size, sizeof(*set->slots));
	if (set->slots == NULL) {
		free(set);
		return NULL;
	}
	for (size_t i = 0; i < parsed->site_count; i++) {
		for (size_t j = 0; j < parsed->sites[i].domain_count; j++) {
			insert(set, &parsed->sites[i].domains[j]);
		}
		for (size_t j = 0; j < parsed->sites[i].own_count; j++) {
			insert(set, &parsed->sites[i].own[j]);
		}
	}
	return set;
}

void protected_set_free(struct protected_set *set)
{
	if (set == NULL) {
		return;
	}
	free(set->slots);
	free(set);
}

size_t protected_set_memory(const struct protected_set *set)
{
	return sizeof(*set) + (set->mask + 1) * sizeof(*set->slots);
}

static bool has(const struct protected_set *set, const char *key, size_t len)
{
	uint64_t hash = XXH3_64bits(key, len);

	for (size_t i = (size_t)hash & set->mask; set->slots[i].domain != NULL;
	     i = (i + 1) & set->mask) {
		const char *filed;

		if (set->slots[i].hash != hash) {
			continue;
		}
		filed = filed_as(set->slots[i].domain);
		if (strlen(filed) == len && memcmp(filed, key, len) == 0) {
			return true;
		}
	}
	return false;
}

bool protected_set_has_domain(const struct protected_set *set, const struct name *name)
{
	for (size_t i = 0; i + 1 < name->label_count; i++) {
		size_t start = name->text_label[i];

		if (has(set, name->text + start, name->text_len - start)) {
			return true;
		}
	}
	return false;
}

bool protected_set_has_label(const struct protected_set *set, const struct name *name,
			     size_t registrable)
{
	size_t start = name->text_label[registrable];

	return has(set, name->text + start, (size_t)name->text_label[registrable + 1] - 1 - start);
}
