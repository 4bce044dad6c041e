/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/infrastructure.h"

#include <string.h>

#include "infrastructure_table.h" /* made by make_infrastructure */

/* Open addressing with linear probing; at most half full. */
static const struct infrastructure_entry *entry_of(uint32_t hash, const char *domain, size_t len)
{
	const uint32_t mask = INFRASTRUCTURE_PLACES - 1;

	for (uint32_t i = hash & mask; infrastructure_table[i].domain != NULL; i = (i + 1) & mask) {
		const struct infrastructure_entry *entry = &infrastructure_table[i];

		if (strncmp(entry->domain, domain, len) == 0 && entry->domain[len] == '\0') {
			return entry;
		}
	}
	return NULL;
}

struct infrastructure infrastructure_behind(const char *name, size_t len)
{
	struct infrastructure found = {.kind = INFRASTRUCTURE_NONE};
	size_t first = len > INFRASTRUCTURE_LEN_MAX + 1 ? len - INFRASTRUCTURE_LEN_MAX - 1 : 0;
	uint32_t hash = INFRASTRUCTURE_HASH_START;

	for (size_t at = len; at > first; at--) {
		const struct infrastructure_entry *entry;

		if (name[at - 1] == '.' && at >= 2 && at < len) {
			entry = entry_of(hash, name + at, len - at);
			if (entry != NULL) {
				found.kind = (enum infrastructure_kind)entry->kind;
				found.open = entry->open;
				found.offset = at;
			}
		}
		hash = infrastructure_hash_step(hash, name[at - 1]);
	}
	if (first == 0 && len > 0) {
		const struct infrastructure_entry *entry = entry_of(hash, name, len);

		if (entry != NULL) {
			found.kind = (enum infrastructure_kind)entry->kind;
			found.open = entry->open;
			found.offset = 0;
		}
	}
	return found;
}

bool infrastructure_stands_behind(const char *name, size_t len)
{
	struct infrastructure behind = infrastructure_behind(name, len);

	return behind.kind != INFRASTRUCTURE_NONE && !behind.open && behind.offset > 0;
}
