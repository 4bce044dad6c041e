/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Build step: turns policy/engine/infrastructure.txt into the hash table that infrastructure.c
 * looks domains up in. Stops at the first line that is not as the file's head says.
 *
 * usage: make_infrastructure LIST > infrastructure_table.h
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/engine/infrastructure.h"

#define DOMAIN_SIZE 64
#define ENTRIES_MAX 2048

struct row {
	char domain[DOMAIN_SIZE];
	enum infrastructure_kind kind;
	bool open;
};

static const char *const kinds[] = {"", "delivery", "mail", "proxy", "lookup", "own"};
static const char *const fronts[] = {"owner", "contract", "provider", "derived", "anyone"};

static size_t position(const char *word, const char *const *words, size_t count)
{
	size_t i = 0;

	while (i < count && strcmp(word, words[i]) != 0) {
		i++;
	}
	return i;
}

static bool is_domain(const char *text)
{
	size_t len = strlen(text);

	return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-.") == len &&
	       strchr(text, '.') != NULL && text[0] != '.' && text[len - 1] != '.';
}

/* \returns what is wrong with the line; NULL when it was read. */
static const char *read_row(const char *line, struct row *row)
{
	char kind[16], front[16], source[8];
	size_t kind_number, front_number;

	if (sscanf(line, "%63s %15s %15s %7s", row->domain, kind, front, source) != 4) {
		return "expected: domain kind front source";
	}
	if (!is_domain(row->domain)) {
		return "not a domain in lower case";
	}
	kind_number = position(kind, kinds, sizeof(kinds) / sizeof(kinds[0]));
	if (kind_number == sizeof(kinds) / sizeof(kinds[0])) {
		return "unknown kind";
	}
	front_number = position(front, fronts, sizeof(fronts) / sizeof(fronts[0]));
	if (front_number == sizeof(fronts) / sizeof(fronts[0])) {
		return "unknown word for who decides what stands in front";
	}
	row->kind = (enum infrastructure_kind)kind_number;
	row->open = strcmp(front, "anyone") == 0;
	return NULL;
}

static uint32_t hash_of(const char *domain)
{
	uint32_t hash = INFRASTRUCTURE_HASH_START;

	for (size_t i = strlen(domain); i-- > 0;) {
		hash = infrastructure_hash_step(hash, domain[i]);
	}
	return hash;
}

static int print_table(const struct row *rows, size_t count)
{
	static const struct row *places[ENTRIES_MAX * 4];
	size_t size = 16, longest = 0;

	while (size < count * 2) {
		size *= 2;
	}
	for (size_t i = 0; i < count; i++) {
		size_t place = hash_of(rows[i].domain) & (size - 1);

		while (places[place] != NULL) {
			if (strcmp(places[place]->domain, rows[i].domain) == 0) {
				fprintf(stderr, "make_infrastructure: %s appears twice\n",
					rows[i].domain);
				return 1;
			}
			place = (place + 1) & (size - 1);
		}
		places[place] = &rows[i];
		if (strlen(rows[i].domain) > longest) {
			longest = strlen(rows[i].domain);
		}
	}
	printf("#define INFRASTRUCTURE_PLACES %zuU\n#define INFRASTRUCTURE_LEN_MAX %zuU\n"
	       "static const struct infrastructure_entry infrastructure_table[] = {\n",
	       size, longest);
	for (size_t i = 0; i < size; i++) {
		if (places[i] == NULL) {
			puts("{NULL, 0, false},");
		} else {
			printf("{\"%s\", %d, %s},\n", places[i]->domain, (int)places[i]->kind,
			       places[i]->open ? "true" : "false");
		}
	}
	puts("};");
	return 0;
}

int main(int argc, char **argv)
{
	static struct row rows[ENTRIES_MAX];
	char line[256];
	size_t count = 0, number = 0;
	FILE *in;

	if (argc != 2 || (in = fopen(argv[1], "r")) == NULL) {
		fputs("usage: make_infrastructure LIST\n", stderr);
		return 1;
	}
	while (fgets(line, sizeof(line), in) != NULL) {
		const char *wrong;

		number++;
		if (line[0] == '#' || line[0] == '\n') {
			continue;
		}
		wrong = count == ENTRIES_MAX ? "too many entries" : read_row(line, &rows[count]);
		if (wrong != NULL) {
			fprintf(stderr, "%s:%zu: %s\n", argv[1], number, wrong);
			fclose(in);
			return 1;
		}
		count++;
	}
	fclose(in);
	return print_table(rows, count);
}
