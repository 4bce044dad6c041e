/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office's own file of any octets is refused with a message, or can be added to: the new entry
 * is then there, after all that was there before.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/file/local_edit.h"
#include "policy/file/local_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ENTRY "never-listed-before.example"

static void require(bool promise)
{
	if (!promise) {
		abort();
	}
}

static void add(const char *text, const struct local_file *before, const char *list)
{
	const bool is_search = strcmp(list, "search") == 0;
	struct diagnostics diagnostics = {0};
	struct local_file after;
	char *edited = local_edit_add(text, list, ENTRY);
	require(edited != NULL);
	require(local_file_read_text(edited, "edited", &after, &diagnostics));
	require(after.exception_count == before->exception_count + (is_search ? 0 : 1));
	require(after.search_count == before->search_count + (is_search ? 1 : 0));
	char *const *entries = is_search ? after.search : after.exceptions;
	const size_t count = is_search ? after.search_count : after.exception_count;
	require(strcmp(entries[count - 1], ENTRY) == 0);
	for (size_t i = 0; i < before->exception_count; i++) {
		require(strcmp(before->exceptions[i], after.exceptions[i]) == 0);
	}
	require(memcmp(before->at_most, after.at_most, sizeof(after.at_most)) == 0);
	local_file_clear(&after);
	free(edited);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	require(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	struct diagnostics diagnostics = {0};
	struct local_file local;
	const bool read = local_file_read_text(text, "local", &local, &diagnostics);
	require(read == (diagnostics.count == 0));
	if (read && strstr(text, ENTRY) == NULL) {
		add(text, &local, "exceptions");
		add(text, &local, "search");
	}
	local_file_clear(&local);
	free(text);
	return 0;
}
