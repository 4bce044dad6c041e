/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/established_list.h"

#include <assert.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include <sodium/core.h>
#include <sodium/randombytes.h>

#include "policy/name/suffix.h"

/* Open addressing with linear probing; at most half full. 0 is an empty place. */
#define PLACES ((size_t)1 << 21)
static_assert(PLACES >= 2 * (size_t)ESTABLISHED_MAX, "the table is at most half full");

struct established_list {
	unsigned char key[ESTABLISHED_KEY_LEN];
	size_t count;
	uint64_t hashes[PLACES];
};

struct established_list *established_list_new(void)
{
	struct established_list *list = sodium_init() >= 0 ? calloc(1, sizeof(*list)) : NULL;

	if (list != NULL) {
		randombytes_buf(list->key, sizeof list->key);
	}
	return list;
}

void established_list_free(struct established_list *list)
{
	free(list);
}

static uint64_t hash_of(const struct established_list *list, const char *domain)
{
	return established_hash(list->key, domain, strlen(domain));
}

enum established_added established_list_add(struct established_list *list, const char *host,
					    size_t host_len, char domain[NAME_OCTETS_MAX + 1])
{
	struct name name;
	bool is_suffix;

	if (!name_parse(host, host_len, &name) || top_level_of(name.text) == TOP_LEVEL_UNKNOWN) {
		return ESTABLISHED_NO_NAME;
	}
	const size_t offset = registrable_offset(name.text, &is_suffix);
	if (is_suffix) {
		return ESTABLISHED_NO_NAME;
	}
	const uint64_t hash = hash_of(list, name.text + offset);
	size_t place = hash & (PLACES - 1);
	while (list->hashes[place] != 0 && list->hashes[place] != hash) {
		place = (place + 1) & (PLACES - 1);
	}
	if (list->hashes[place] == hash) {
		return ESTABLISHED_REPEATED; /* also the one name of 2^64 whose hash is 0 */
	}
	if (list->count == ESTABLISHED_MAX) {
		return ESTABLISHED_FULL;
	}
	list->hashes[place] = hash;
	list->count++;
	memcpy(domain, name.text + offset, name.text_len - offset + 1);
	return ESTABLISHED_TAKEN;
}

size_t established_list_count(const struct established_list *list)
{
	return list->count;
}

static int compare_hashes(const void *a, const void *b)
{
	const uint64_t *left = a;
	const uint64_t *right = b;

	return (*left > *right) - (*left < *right);
}

char *established_list_file(const struct established_list *list, size_t *len)
{
	const uint32_t numbers[2] = {htole32((uint32_t)list->count), 0};
	uint64_t *hashes = malloc((list->count + 1) * sizeof(*hashes));
	*len = ESTABLISHED_HEAD_LEN + list->count * ESTABLISHED_HASH_LEN;
	char *file = malloc(*len);

	if (hashes == NULL || file == NULL) {
		free(hashes);
		free(file);
		return NULL;
	}
	size_t kept = 0;
	for (size_t i = 0; i < PLACES; i++) {
		if (list->hashes[i] != 0) {
			hashes[kept++] = list->hashes[i];
		}
	}
	assert(kept == list->count);
	qsort(hashes, kept, sizeof(*hashes), compare_hashes);
	for (size_t i = 0; i < kept; i++) {
		hashes[i] = htole64(hashes[i]);
	}
	memcpy(file, ESTABLISHED_MAGIC, ESTABLISHED_MAGIC_LEN);
	memcpy(file + ESTABLISHED_MAGIC_LEN, numbers, sizeof numbers);
	memcpy(file + ESTABLISHED_MAGIC_LEN + sizeof numbers, list->key, sizeof list->key);
	memcpy(file + ESTABLISHED_HEAD_LEN, hashes, kept * sizeof(*hashes));
	free(hashes);
	return file;
}
