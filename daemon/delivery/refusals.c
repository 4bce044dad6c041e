#include "daemon/delivery/refusals.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define NAME "refused"
#define FILE_MODE 0644

uint64_t refusals_read(const char *store_path)
{
	char *path = NULL;
	if (asprintf(&path, "%s/" NAME, store_path) < 0) {
		return 0;
	}
	uint64_t count = 0;
	char text[24] = "";
	FILE *file = fopen(path, "re");
	free(path);
	if (file != NULL) {
		/* What is no number counts for none. */
		if (fgets(text, sizeof text, file) != NULL) {
			count = strtoull(text, NULL, 10);
		}
		fclose(file);
	}
	return count;
}

static bool write_count(const char *path, uint64_t count)
{
	FILE *file = fopen(path, "we");
	if (file == NULL) {
		return false;
	}
	const bool written =
	    fprintf(file, "%" PRIu64 "\n", count) > 0 && fchmod(fileno(file), FILE_MODE) == 0;
	return fclose(file) == 0 && written;
}

void refusals_add(const char *store_path)
{
	char *path = NULL;
	char *next = NULL;
	if (asprintf(&path, "%s/" NAME, store_path) < 0) {
		return;
	}
	if (asprintf(&next, "%s.next", path) >= 0) {
		if (write_count(next, refusals_read(store_path) + 1)) {
			rename(next, path);
		}
		free(next);
	}
	free(path);
}
