/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/pattern/exceptions.h"

#include <stdlib.h>
#include <string.h>

struct exceptions {
	char **hosts; /* sorted */
	size_t host_count;
	struct pattern *patterns; /* NULL when there is none */
};

bool exception_is_host(const char *entry)
{
	for (const char *c = entry; *c != '\0'; c++) {
		bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
		bool digit = *c >= '0' && *c <= '9';
		if (!letter && !digit && *c != '-' && *c != '.' && (unsigned char)*c < 0x80) {
			return false;
		}
	}
	return true;
}

static int compare_hosts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool copy_hosts(struct exceptions *exceptions, char *const *entries, size_t count)
{
	exceptions->hosts = calloc(count, sizeof(*exceptions->hosts));
	if (exceptions->hosts == NULL) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (!exception_is_host(entries[i])) {
			continue;
		}
		char *host = strdup(entries[i]);
		if (host == NULL) {
			return false;
		}
		exceptions->hosts[exceptions->host_count++] = host;
	}
	qsort(exceptions->hosts, exceptions->host_count, sizeof(*exceptions->hosts), compare_hosts);
	return true;
}

static bool join_patterns(struct exceptions *exceptions, char *const *entries, size_t count)
{
	char **patterns = calloc(count, sizeof(*patterns));
	if (patterns == NULL) {
		return false;
	}
	size_t pattern_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (!exception_is_host(entries[i])) {
			patterns[pattern_count++] = entries[i];
		}
	}
	if (pattern_count > 0) {
		exceptions->patterns = pattern_join(patterns, pattern_count, true, false);
	}
	free(patterns);
	return pattern_count == 0 || exceptions->patterns != NULL;
}

struct exceptions *exceptions_new(char *const *entries, size_t count)
{
	struct exceptions *exceptions = calloc(1, sizeof(*exceptions));
	if (exceptions == NULL || count == 0) {
		return exceptions;
	}
	if (!copy_hosts(exceptions, entries, count) || !join_patterns(exceptions, entries, count)) {
		exceptions_free(exceptions);
		return NULL;
	}
	return exceptions;
}

void exceptions_free(struct exceptions *exceptions)
{
	if (exceptions == NULL) {
		return;
	}
	for (size_t i = 0; i < exceptions->host_count; i++) {
		free(exceptions->hosts[i]);
	}
	free(exceptions->hosts);
	pattern_free(exceptions->patterns);
	free(exceptions);
}

bool exceptions_match(const struct exceptions *exceptions, struct pattern_scratch *scratch,
		      const char *name)
{
	for (const char *rest = name; exceptions->host_count > 0;) {
		if (bsearch(&rest, exceptions->hosts, exceptions->host_count,
			    sizeof(*exceptions->hosts), compare_hosts) != NULL) {
			return true;
		}
		const char *dot = strchr(rest, '.');
		if (dot == NULL) {
			break;
		}
		rest = dot + 1;
	}
	size_t start = 0;
	size_t end = 0;
	return exceptions->patterns != NULL &&
	       pattern_match(exceptions->patterns, scratch, name, strlen(name), &start, &end);
}
