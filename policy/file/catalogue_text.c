/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/catalogue_text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/file/policy_files.h"

char *catalogue_text(const char *folder)
{
	struct dirent **entries = NULL;
	const int count = scandir(folder, &entries, policy_files_select, alphasort);
	char *text = NULL;
	size_t len = 0;
	FILE *out = count > 0 ? open_memstream(&text, &len) : NULL;
	if (out != NULL) {
		fputs("version = 1; contact = \"catalogue\"; catalogue = [", out);
	}
	for (int i = 0; i < count; i++) {
		const char *group = entries[i]->d_name;
		if (out != NULL) {
			fprintf(out, "%s\"%.*s\"", i > 0 ? ", " : " ", (int)strlen(group) - 5,
				group);
		}
		free(entries[i]);
	}
	free(entries);
	if (out == NULL) {
		return NULL;
	}
	fputs(" ];", out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
