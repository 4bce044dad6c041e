/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Build step: turns a word list (one word a line, UTF-8) into the sorted table of hashes that
 * policy/name/words.c looks words up in. Words soften a resemblance; no word ever makes one.
 *
 * usage: make_words LIST > words_table.c
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/name/words.h"

struct list {
	uint32_t *items;
	size_t count, size;
	uint32_t lengths[WORD_PREFIXES];
};

static void add(struct list *list, uint32_t item)
{
	if (list->count == list->size) {
		const size_t size = list->size == 0 ? 65536 : list->size * 2;
		uint32_t *items = realloc(list->items, size * sizeof(*items));
		if (items == NULL) {
			fputs("make_words: out of memory\n", stderr);
			exit(1);
		}
		list->items = items;
		list->size = size;
	}
	list->items[list->count++] = item;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Letters only, in lower case; false for words with anything else, and for those too short or long.
 */
static int fold(char *word, size_t len)
{
	if (len < WORD_LEN_MIN || len > WORD_LEN_MAX) {
		return 0;
	}
	for (size_t i = 0; i < len; i++) {
		if (!isascii(word[i]) || !isalpha(word[i])) {
			return 0;
		}
		word[i] = (char)tolower(word[i]);
	}
	return 1;
}

static void drop_repeated(struct list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (kept == 0 || list->items[i] != list->items[kept - 1]) {
			list->items[kept++] = list->items[i];
		}
	}
	list->count = kept;
}

/* The hashes in order, and for each value of their upper bits where those with it begin. */
static void print_table(const char *name, struct list *list)
{
	size_t next = 0;

	qsort(list->items, list->count, sizeof(*list->items), compare);
	drop_repeated(list);
	printf("const uint32_t %s[] = {", name);
	for (size_t i = 0; i < list->count; i++) {
		printf("%s0x%08x,", i % 8 == 0 ? "\n" : "", list->items[i]);
	}
	printf("\n};\nconst uint32_t %s_start[] = {", name);
	for (uint32_t upper = 0; upper <= WORD_BUCKETS; upper++) {
		while (next < list->count && list->items[next] >> WORD_BUCKET_SHIFT < upper) {
			next++;
		}
		printf("%s%zu,", upper % 16 == 0 ? "\n" : "", next);
	}
	printf("\n};\nconst uint32_t %s_lengths[] = {", name);
	for (uint32_t prefix = 0; prefix < WORD_PREFIXES; prefix++) {
		printf("%s0x%x,", prefix % 16 == 0 ? "\n" : "", list->lengths[prefix]);
	}
	puts("\n};");
}

int main(int argc, char **argv)
{
	static struct list common, proper;
	char line[256];
	int status = 1;
	FILE *in;

	if (argc != 2 || (in = fopen(argv[1], "r")) == NULL) {
		fputs("usage: make_words LIST\n", stderr);
		return 1;
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		size_t len = strcspn(line, "\r\n");
		int is_proper = strpbrk(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL;

		if (fold(line, len)) {
			struct list *list = is_proper ? &proper : &common;

			add(list, word_hash(line, len));
			list->lengths[word_prefix(line)] |= 1U << len;
		}
	}
	fclose(in);
	if (common.count > 0 && proper.count > 0) {
		puts("#include \"policy/name/words_table.h\"\n");
		print_table("common_words", &common);
		print_table("proper_words", &proper);
		status = 0;
	} else {
		fputs("make_words: no words in the list\n", stderr);
	}
	free(common.items);
	free(proper.items);
	return status;
}
