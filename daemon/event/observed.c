/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/observed.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/event/observed_table.h"

struct observed *observed_new(void)
{
	struct observed *observed = calloc(1, sizeof(*observed));

	if (observed == NULL || sodium_init() < 0) {
		free(observed);
		return NULL;
	}
	randombytes_buf(observed->hash_key, sizeof(observed->hash_key));
	return observed;
}

void observed_free(struct observed *observed)
{
	free(observed);
}

static struct observed_entry *find(struct observed *observed, const char *name)
{
	for (size_t i = 0; i < observed->count; i++) {
		if (strcmp(observed->entries[i].domain.name, name) == 0) {
			return &observed->entries[i];
		}
	}
	return NULL;
}

/* Whether the first says less than the second. */
static bool says_less(const struct observed_entry *a, const struct observed_entry *b)
{
	if (a->domain.days != b->domain.days) {
		return a->domain.days < b->domain.days;
	}
	if (a->domain.devices != b->domain.devices) {
		return a->domain.devices < b->domain.devices;
	}
	return a->device_count < b->device_count;
}

struct observed_entry *observed_entry(struct observed *observed, const char *name)
{
	struct observed_entry *entry = find(observed, name);

	if (entry != NULL) {
		return entry;
	}
	if (observed->count < OBSERVED_DOMAINS_MAX) {
		entry = &observed->entries[observed->count++];
	} else {
		entry = &observed->entries[0];
		for (size_t i = 1; i < observed->count; i++) {
			if (says_less(&observed->entries[i], entry)) {
				entry = &observed->entries[i];
			}
		}
	}
	*entry = (struct observed_entry){0};
	(void)snprintf(entry->domain.name, sizeof(entry->domain.name), "%s", name);
	return entry;
}

static void add_device(struct observed *observed, struct observed_entry *entry, uint64_t device)
{
	const size_t name_len = strlen(entry->domain.name);
	uint8_t input[sizeof(device) + OBSERVED_TEXT_SIZE];
	uint64_t hash;

	/* Made over with the name, so that two domains' hashes of a device differ. */
	memcpy(input, &device, sizeof(device));
	memcpy(input + sizeof(device), entry->domain.name, name_len);
	crypto_shorthash((unsigned char *)&hash, input, sizeof(device) + name_len,
			 observed->hash_key);
	for (uint32_t i = 0; i < entry->device_count; i++) {
		if (entry->devices[i] == hash) {
			return;
		}
	}
	if (entry->device_count < OBSERVED_DEVICES_MAX) {
		entry->devices[entry->device_count++] = hash;
	}
}

void observed_count(struct observed *observed, const char *name, const struct finding *finding,
		    uint64_t device_hash, int64_t day)
{
	(void)observed_end_day(observed, day);
	observed->day = day;
	observed->has_day = true;

	struct observed_entry *entry = observed_entry(observed, name);

	(void)snprintf(entry->domain.imitates, OBSERVED_TEXT_SIZE, "%s", finding->imitates);
	(void)snprintf(entry->domain.site, OBSERVED_TEXT_SIZE, "%s", finding->site);
	(void)snprintf(entry->domain.why, OBSERVED_TEXT_SIZE, "%s", finding->why);
	entry->domain.technique = finding->technique;
	add_device(observed, entry, device_hash);
}

static void fade(struct observed *observed)
{
	size_t kept = 0;

	observed->days /= 2;
	for (size_t i = 0; i < observed->count; i++) {
		struct observed_entry entry = observed->entries[i];

		entry.domain.days /= 2;
		if (entry.domain.days > 0) {
			observed->entries[kept++] = entry;
		}
	}
	observed->count = kept;
}

bool observed_end_day(struct observed *observed, int64_t today)
{
	if (!observed->has_day || observed->day == today) {
		return false;
	}
	for (size_t i = 0; i < observed->count; i++) {
		struct observed_entry *entry = &observed->entries[i];

		if (entry->device_count > 0) {
			entry->domain.days++;
		}
		if (entry->device_count > entry->domain.devices) {
			entry->domain.devices = entry->device_count;
		}
		entry->device_count = 0;
	}
	observed->days++;
	observed->has_day = false;
	if (observed->days >= OBSERVED_DAYS_MAX) {
		fade(observed);
	}
	return true;
}

uint32_t observed_days(const struct observed *observed)
{
	return observed->days;
}

static int compare_names(const void *a, const void *b)
{
	const struct observed_domain *first = a;
	const struct observed_domain *second = b;

	return strcmp(first->name, second->name);
}

size_t observed_domains(struct observed *observed, const struct observed_domain **out)
{
	size_t count = 0;

	for (size_t i = 0; i < observed->count; i++) {
		if (observed->entries[i].domain.days > 0) {
			observed->sorted[count++] = observed->entries[i].domain;
		}
	}
	qsort(observed->sorted, count, sizeof(observed->sorted[0]), compare_names);
	*out = observed->sorted;
	return count;
}
