/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/policy_files.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/settings/text_file.h"

#define FILE_SUFFIX ".conf"

static void clear_file(struct policy_file *file)
{
	free(file->path);
	free(file->real);
	free(file->text);
	free(file->signature);
	*file = (struct policy_file){0};
}

void policy_files_clear(struct policy_files *files)
{
	clear_file(&files->policy);
	for (size_t i = 0; i < files->included_count; i++) {
		clear_file(&files->included[i]);
	}
	for (size_t i = 0; i < files->catalogue_count; i++) {
		clear_file(&files->catalogue[i]);
	}
	free(files->included);
	free(files->catalogue);
	free(files->directory);
	free(files->folder);
	*files = (struct policy_files){0};
}

static bool read_key(const char *path, struct signature_key *out, struct diagnostics *diagnostics)
{
	size_t len = 0;
	char *text =
	    text_file_read(path, path, SIGNATURE_TEXT_MAX, "public key", &len, diagnostics);
	if (text == NULL) {
		return false;
	}
	struct signature_fault fault;
	const bool is_key = signature_key_read(text, len, out, &fault);
	if (!is_key) {
		diagnostics_add(diagnostics, path, fault.line, 0, "%s", fault.text);
	}
	free(text);
	return is_key;
}

/* Reads the signature at path, and verifies the file's text by it; shown stands for it in messages.
 */
static bool verify(const struct policy_files *files, struct policy_file *file, const char *path,
		   const char *shown, struct diagnostics *diagnostics)
{
	file->signature = text_file_read(path, shown, SIGNATURE_TEXT_MAX, "signature",
					 &file->signature_len, diagnostics);
	if (file->signature == NULL) {
		return false;
	}
	struct signature_fault fault;
	if (!signature_verify(&files->key, file->text, file->text_len, file->signature,
			      file->signature_len, &fault)) {
		diagnostics_add(diagnostics, shown, fault.line, 0, "%s", fault.text);
		return false;
	}
	return true;
}

/* \returns NULL when memory is short; the caller frees it. */
static char *signature_path(const char *path)
{
	char *out;

	if (asprintf(&out, "%s" SIGNATURE_SUFFIX, path) < 0) {
		/* cppcheck-suppress memleak ; nothing was allocated */
		return NULL;
	}
	return out;
}

/* Reads a file whose paths and name are set. */
static bool read_file(const struct policy_files *files, struct policy_file *file,
		      struct diagnostics *diagnostics)
{
	file->text = text_file_read(file->real, file->path, POLICY_OCTETS_MAX, "policy",
				    &file->text_len, diagnostics);
	if (file->text == NULL || !files->is_signed) {
		return file->text != NULL;
	}
	char *path = signature_path(file->real);
	char *shown = signature_path(file->path);
	bool verified = false;
	if (path == NULL || shown == NULL) {
		diagnostics_add(diagnostics, file->path, 0, 0, "out of memory");
	} else {
		verified = verify(files, file, path, shown, diagnostics);
	}
	free(path);
	free(shown);
	return verified;
}

static const char *name_in(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

/*
 * Says where the policy is, for good: what leads there may be changed while the files are read, as
 * the store's `current` is. A path that leads nowhere stays as it is, for reading it to say so.
 */
static bool resolve(const char *path, struct policy_files *out)
{
	char *real = realpath(path, NULL);
	out->policy.real = real != NULL ? real : strdup(path);
	out->policy.path = strdup(path);
	if (out->policy.real == NULL || out->policy.path == NULL) {
		return false;
	}
	out->policy.name = name_in(out->policy.path);
	const ptrdiff_t folder_len = name_in(out->policy.real) - out->policy.real;
	out->folder = strndup(out->policy.real, (size_t)folder_len);
	return out->folder != NULL;
}

bool policy_files_open(const char *path, const char *key_path, struct policy_files *out,
		       struct diagnostics *diagnostics)
{
	*out = (struct policy_files){.is_signed = key_path != NULL,
				     .catalogue_folder = POLICY_CATALOGUE_FOLDER};
	if (key_path != NULL && !read_key(key_path, &out->key, diagnostics)) {
		return false;
	}
	if (!resolve(path, out)) {
		diagnostics_add(diagnostics, path, 0, 0, "out of memory");
	} else if (read_file(out, &out->policy, diagnostics)) {
		return true;
	}
	policy_files_clear(out);
	return false;
}

bool policy_files_from_text(const char *text, const char *name, struct policy_files *out,
			    struct diagnostics *diagnostics)
{
	*out = (struct policy_files){.catalogue_folder = POLICY_CATALOGUE_FOLDER};
	const size_t len = strlen(text);
	if (len > POLICY_OCTETS_MAX) {
		diagnostics_add(diagnostics, name, 0, 0,
				"is larger than %zu MiB; protect fewer sites",
				POLICY_OCTETS_MAX >> 20);
		return false;
	}
	out->policy.path = strdup(name);
	out->policy.text = strdup(text);
	out->policy.text_len = len;
	if (out->policy.path == NULL || out->policy.text == NULL) {
		diagnostics_add(diagnostics, name, 0, 0, "out of memory");
		policy_files_clear(out);
		return false;
	}
	out->policy.name = name_in(out->policy.path);
	return true;
}

static bool is_policy_name(const char *name)
{
	const size_t len = strlen(name);
	return name[0] != '.' && len > strlen(FILE_SUFFIX) &&
	       strcmp(name + len - strlen(FILE_SUFFIX), FILE_SUFFIX) == 0;
}

int policy_files_select(const struct dirent *entry)
{
	return is_policy_name(entry->d_name) ? 1 : 0;
}

static int compare_entries(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool is_of_version(const struct policy_file *file, uint32_t version,
			  struct diagnostics *diagnostics)
{
	char expected[32];
	const int expected_len = snprintf(expected, sizeof(expected), "version %" PRIu32, version);
	size_t len = 0;
	const char *comment = signature_comment(file->signature, file->signature_len, &len);
	if (comment != NULL && len == (size_t)expected_len && memcmp(comment, expected, len) == 0) {
		return true;
	}
	diagnostics_add(
	    diagnostics, file->path, 0, 0,
	    "is signed without the trusted comment \"%s\", which says that it belongs "
	    "to this policy; sign all its files at once with minisign -S -t '%s' -m FILE...",
	    expected, expected);
	return false;
}

static bool read_included(struct policy_files *files, const char *name, uint32_t version,
			  struct diagnostics *diagnostics)
{
	struct policy_file *file = &files->included[files->included_count++];
	const int typed_len = (int)(files->policy.name - files->policy.path);
	if (asprintf(&file->path, "%.*s%s/%s", typed_len, files->policy.path, files->directory,
		     name) < 0) {
		file->path = NULL;
	}
	if (asprintf(&file->real, "%s%s/%s", files->folder, files->directory, name) < 0) {
		file->real = NULL;
	}
	if (file->path == NULL || file->real == NULL) {
		diagnostics_add(diagnostics, files->policy.path, 0, 0, "out of memory");
		return false;
	}
	file->name = name_in(file->path);
	return read_file(files, file, diagnostics) &&
	       (!files->is_signed || is_of_version(file, version, diagnostics));
}

static size_t count_octets(const struct policy_files *files)
{
	size_t octets = files->policy.text_len;
	for (size_t i = 0; i < files->included_count; i++) {
		octets += files->included[i].text_len;
	}
	return octets;
}

/* Reads every file, so that each error is said. */
static bool read_entries(struct policy_files *files, struct dirent *const *entries, size_t count,
			 uint32_t version, struct diagnostics *diagnostics)
{
	bool read = true;
	for (size_t i = 0; i < count; i++) {
		read = read_included(files, entries[i]->d_name, version, diagnostics) && read;
		if (count_octets(files) > POLICY_OCTETS_MAX) {
			diagnostics_add(diagnostics, files->policy.path, 0, 0,
					"is larger than %zu MiB with what it includes; protect "
					"fewer sites",
					POLICY_OCTETS_MAX >> 20);
			return false;
		}
	}
	return read;
}

/* \returns how many entries were found, which the caller frees; -1 with why filled. */
static int list(const struct policy_files *files, struct dirent ***entries, char *why,
		size_t why_size)
{
	char *path = NULL;
	if (asprintf(&path, "%s%s", files->folder, files->directory) < 0) {
		snprintf(why, why_size, "out of memory");
		return -1;
	}
	const int count = scandir(path, entries, policy_files_select, compare_entries);
	if (count < 0) {
		snprintf(why, why_size, "cannot read the directory %.200s: %s", path,
			 strerror(errno));
	}
	free(path);
	return count;
}

bool policy_files_include(struct policy_files *files, const char *directory, uint32_t version,
			  struct diagnostics *diagnostics, char *why, size_t why_size)
{
	why[0] = '\0';
	if (files->folder == NULL) {
		snprintf(why, why_size, "a policy that is not a file cannot include a directory");
		return false;
	}
	files->directory = strdup(directory);
	if (files->directory == NULL) {
		snprintf(why, why_size, "out of memory");
		return false;
	}
	struct dirent **entries = NULL;
	const int count = list(files, &entries, why, why_size);
	if (count < 0) {
		return false;
	}
	bool read = false;
	if (count > POLICY_INCLUDED_MAX) {
		snprintf(why, why_size, "%s has %d files; write at most %d", directory, count,
			 POLICY_INCLUDED_MAX);
	} else if ((files->included = calloc((size_t)count + 1, sizeof(*files->included))) ==
		   NULL) {
		snprintf(why, why_size, "out of memory");
	} else {
		read = read_entries(files, entries, (size_t)count, version, diagnostics);
	}
	for (int i = 0; i < count; i++) {
		free(entries[i]);
	}
	free(entries);
	return read;
}

/* The name of a group of sites, which leads nowhere else. */
static bool is_catalogue_name(const char *name)
{
	const size_t len = strlen(name);
	return len > 0 && len <= 32 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len && name[0] != '-';
}

bool policy_files_catalogue(struct policy_files *files, const char *name,
			    struct diagnostics *diagnostics, char *why, size_t why_size)
{
	why[0] = '\0';
	if (!is_catalogue_name(name)) {
		snprintf(why, why_size,
			 "is not a group of the catalogue; write the name of a file in %.200s "
			 "without .conf, such as \"vietnam\"",
			 files->catalogue_folder);
		return false;
	}
	if (files->catalogue == NULL) {
		files->catalogue = calloc(POLICY_CATALOGUE_MAX, sizeof(*files->catalogue));
	}
	struct policy_file *file =
	    files->catalogue != NULL ? &files->catalogue[files->catalogue_count] : NULL;
	if (file == NULL ||
	    asprintf(&file->path, "%s/%s" FILE_SUFFIX, files->catalogue_folder, name) < 0) {
		snprintf(why, why_size, "out of memory");
		return false;
	}
	files->catalogue_count++;
	file->name = name_in(file->path);
	if (access(file->path, F_OK) != 0 && errno == ENOENT) {
		snprintf(why, why_size, "is not in the catalogue: there is no %.250s", file->path);
		return false;
	}
	file->text = text_file_read(file->path, file->path, POLICY_OCTETS_MAX, "policy",
				    &file->text_len, diagnostics);
	return file->text != NULL;
}
