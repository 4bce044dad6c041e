/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/process/write_all.h"
#include "policy/file/policy_files.h"

#define CURRENT "current"
#define NEWEST "newest"
#define INCOMING "incoming" /* a policy that is not whole yet */
#define REFUSED "refused"   /* how many policies were */
#define NEXT ".next"        /* what will replace a name without it */

/* Digits of a version, with the NUL. */
#define VERSION_SIZE 11

#define FOLDER_MODE 0755
#define FILE_MODE 0644

struct store {
	char *path;
	int folder; /* holds the lock */
};

/* Says which step failed, with the system's reason. \returns false. */
__attribute__((format(printf, 4, 5))) static bool fail(const struct store *store, char *error,
						       size_t error_size, const char *format, ...)
{
	const int reason = errno;
	char step[128];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(step, sizeof step, format, arguments);
	va_end(arguments);
	snprintf(error, error_size, "%s: cannot %s: %s", store->path, step, strerror(reason));
	return false;
}

/* Who runs this, root as a rule, writes here. Nobody else may, or they could lead that astray; and
 * the folder above is the daemon's own, which could put another one here if it were taken over. */
static bool is_ours(const struct store *store, char *error, size_t error_size)
{
	struct stat folder;
	if (fstat(store->folder, &folder) < 0) {
		return fail(store, error, error_size, "look at the folder of policies");
	}
	if (folder.st_uid == geteuid() && (folder.st_mode & (S_IWGRP | S_IWOTH)) == 0) {
		return true;
	}
	snprintf(error, error_size,
		 "%s: writable by other users; check its contents, then fix its owner and mode or "
		 "remove it",
		 store->path);
	return false;
}

static bool lock(const struct store *store, char *error, size_t error_size)
{
	if (flock(store->folder, LOCK_EX | LOCK_NB) == 0) {
		return true;
	}
	if (errno != EWOULDBLOCK) {
		return fail(store, error, error_size, "lock the folder of policies");
	}
	snprintf(error, error_size,
		 "%s: another truegate is changing it; try again when that one is done",
		 store->path);
	return false;
}

static bool open_folder(struct store *store, char *error, size_t error_size)
{
	const bool made = mkdir(store->path, FOLDER_MODE) == 0;
	if (!made && errno != EEXIST) {
		return fail(store, error, error_size, "make the folder of policies");
	}
	store->folder = open(store->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (store->folder < 0) {
		return fail(store, error, error_size, "open the folder of policies");
	}
	/* The daemon's user has to read what is in it, whatever the umask. */
	if (made && fchmod(store->folder, FOLDER_MODE) < 0) {
		return fail(store, error, error_size, "open the folder of policies to its readers");
	}
	return is_ours(store, error, error_size) && lock(store, error, error_size);
}

struct store *store_open(const char *path, char *error, size_t error_size)
{
	struct store *store = calloc(1, sizeof *store);
	char *copy = strdup(path);
	if (store == NULL || copy == NULL) {
		snprintf(error, error_size, "out of memory");
		free(store);
		free(copy);
		return NULL;
	}
	*store = (struct store){.path = copy, .folder = -1};
	if (!open_folder(store, error, error_size)) {
		store_close(store);
		return NULL;
	}
	return store;
}

void store_close(struct store *store)
{
	if (store == NULL) {
		return;
	}
	if (store->folder >= 0) {
		close(store->folder);
	}
	free(store->path);
	free(store);
}

/* A version as a folder is named; 0 for any other name. */
static uint32_t read_version(const char *name)
{
	uint64_t version = 0;
	if (name[0] < '1' || name[0] > '9' || strlen(name) >= VERSION_SIZE) {
		return 0;
	}
	for (; *name >= '0' && *name <= '9'; name++) {
		version = 10 * version + (uint64_t)(*name - '0');
	}
	return *name == '\0' && version <= UINT32_MAX ? (uint32_t)version : 0;
}

static void write_version(uint32_t version, char out[VERSION_SIZE])
{
	snprintf(out, VERSION_SIZE, "%" PRIu32, version);
}

uint32_t store_current(const struct store *store)
{
	char name[VERSION_SIZE] = "";
	const ssize_t len = readlinkat(store->folder, CURRENT, name, sizeof name - 1);
	return len > 0 ? read_version(name) : 0;
}

bool store_newest(const struct store *store, uint32_t *out, char *error, size_t error_size)
{
	*out = store_current(store);
	char text[VERSION_SIZE + 1] = "";
	const int file = openat(store->folder, NEWEST, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (file < 0) {
		return errno == ENOENT ||
		       fail(store, error, error_size, "read which version was the newest");
	}
	const ssize_t len = read(file, text, sizeof text - 1);
	close(file);
	/* A hand that wrote it may have ended the line. */
	if (len > 0 && text[len - 1] == '\n') {
		text[len - 1] = '\0';
	}
	const uint32_t newest = len > 0 ? read_version(text) : 0;
	if (newest == 0) {
		/* Without it, an old version could be brought back. */
		snprintf(error, error_size,
			 "%s/" NEWEST
			 ": is not a version number; write the newest version that was "
			 "ever installed here into it",
			 store->path);
		return false;
	}
	*out = newest > *out ? newest : *out;
	return true;
}

struct range {
	uint32_t least, greatest; /* 0 when there is none */
	size_t count;
};

/* The versions from `low` to `high` that are in the folder. */
static struct range find_versions(const struct store *store, uint32_t low, uint32_t high)
{
	struct range found = {0};
	const int again = openat(store->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = again < 0 ? NULL : fdopendir(again);
	if (folder == NULL) {
		if (again >= 0) {
			close(again);
		}
		return found;
	}
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		const uint32_t version = read_version(entry->d_name);
		if (version == 0 || version < low || version > high) {
			continue;
		}
		found.count++;
		if (version > found.greatest) {
			found.greatest = version;
		}
		if (found.least == 0 || version < found.least) {
			found.least = version;
		}
	}
	closedir(folder);
	return found;
}

uint32_t store_previous(const struct store *store)
{
	const uint32_t current = store_current(store);
	return current < 2 ? 0 : find_versions(store, 1, current - 1).greatest;
}

void store_policy_path(const struct store *store, uint32_t version, char *out, size_t out_size)
{
	snprintf(out, out_size, "%s/%" PRIu32 "/" STORE_POLICY_NAME, store->path, version);
}

/* Whether a file holds these octets. */
static bool holds(int folder, const char *name, const char *octets, size_t len)
{
	const int descriptor = openat(folder, name, O_RDONLY | O_CLOEXEC);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "r");
	if (file == NULL) {
		if (descriptor >= 0) {
			close(descriptor);
		}
		return false;
	}
	bool same = true;
	for (size_t i = 0; same && i < len; i++) {
		same = getc(file) == (unsigned char)octets[i];
	}
	same = same && getc(file) == EOF;
	fclose(file);
	return same;
}

bool store_has(const struct store *store, uint32_t version, const struct policy_files *files)
{
	char name[VERSION_SIZE];
	write_version(version, name);
	const int folder = openat(store->folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		return false;
	}
	bool same = holds(folder, STORE_POLICY_NAME, files->policy.text, files->policy.text_len);
	for (size_t i = 0; same && i < files->included_count; i++) {
		const struct policy_file *file = &files->included[i];
		char path[2 * NAME_MAX + 2];
		snprintf(path, sizeof path, "%s/%s", files->directory, file->name);
		same = holds(folder, path, file->text, file->text_len);
	}
	close(folder);
	return same;
}

static bool remove_folder(int parent, const char *name, int depth);

/* Removes what is in a folder; errors show when the folder itself is to go. */
static void remove_contents(DIR *folder, int depth)
{
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
			continue;
		}
		if (unlinkat(dirfd(folder), entry->d_name, 0) != 0 && errno == EISDIR &&
		    depth > 0) {
			remove_folder(dirfd(folder), entry->d_name, depth - 1);
		}
	}
}

/* Removes a folder, and folders in it down to depth; none is fine. */
static bool remove_folder(int parent, const char *name, int depth)
{
	const int descriptor =
	    openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (descriptor < 0) {
		return errno == ENOENT;
	}
	DIR *folder = fdopendir(descriptor);
	if (folder == NULL) {
		close(descriptor);
		return false;
	}
	remove_contents(folder, depth);
	closedir(folder);
	return unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

/* Removes a policy, whole or not; none is fine. */
static bool remove_policy(const struct store *store, const char *name)
{
	return remove_folder(store->folder, name, 1);
}

/* Writes a file that is not there yet, to the disk. */
static bool write_file(int folder, const char *name, const char *octets, size_t len)
{
	const int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
	if (file < 0) {
		return false;
	}
	const bool written =
	    write_all(file, octets, len) == len && fchmod(file, FILE_MODE) == 0 && fsync(file) == 0;
	const int reason = errno;
	const bool closed = close(file) == 0;
	if (!written) {
		errno = reason;
	}
	return written && closed;
}

/* Writes a file of a policy and its signature. */
static bool write_signed(int folder, const char *name, const struct policy_file *file)
{
	char signature_name[NAME_MAX + 1];
	const int len =
	    snprintf(signature_name, sizeof signature_name, "%s" SIGNATURE_SUFFIX, name);
	if (len >= (int)sizeof signature_name) {
		errno = ENAMETOOLONG;
		return false;
	}
	return write_file(folder, name, file->text, file->text_len) &&
	       write_file(folder, signature_name, file->signature, file->signature_len);
}

/* Makes a folder that is not there yet. \returns it, or -1. */
static int make_folder(int parent, const char *name)
{
	if (mkdirat(parent, name, FOLDER_MODE) != 0) {
		return -1;
	}
	const int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder >= 0 && fchmod(folder, FOLDER_MODE) != 0) {
		close(folder);
		return -1;
	}
	return folder;
}

/* Closes a folder that was filled, once it is on the disk. \returns false with errno set. */
static bool finish_folder(int folder, bool filled)
{
	filled = filled && fsync(folder) == 0;
	const int reason = errno;
	close(folder);
	errno = reason;
	return filled;
}

static bool write_included(int parent, const struct policy_files *files)
{
	if (files->directory == NULL) {
		return true;
	}
	const int folder = make_folder(parent, files->directory);
	if (folder < 0) {
		return false;
	}
	bool filled = true;
	for (size_t i = 0; filled && i < files->included_count; i++) {
		filled = write_signed(folder, files->included[i].name, &files->included[i]);
	}
	return finish_folder(folder, filled);
}

/* Makes INCOMING hold the policy, on the disk. */
static bool stage(const struct store *store, const struct policy_files *files)
{
	if (!remove_policy(store, INCOMING)) {
		return false;
	}
	const int folder = make_folder(store->folder, INCOMING);
	return folder >= 0 &&
	       finish_folder(folder, write_signed(folder, STORE_POLICY_NAME, &files->policy) &&
					 write_included(folder, files));
}

/* Removes a file or link; none is fine. */
static bool remove_name(const struct store *store, const char *name)
{
	return unlinkat(store->folder, name, 0) == 0 || errno == ENOENT;
}

/* Makes CURRENT name a version; 0: removes it. */
static bool link_current(const struct store *store, uint32_t version)
{
	char name[VERSION_SIZE];
	write_version(version, name);
	return version == 0
		   ? remove_name(store, CURRENT)
		   : remove_name(store, CURRENT NEXT) &&
			 symlinkat(name, store->folder, CURRENT NEXT) == 0 &&
			 renameat(store->folder, CURRENT NEXT, store->folder, CURRENT) == 0;
}

/* Puts a version that is in the folder in force, 0 none: the one step that counts. What may not
 * have come to the disk is taken back. */
static bool point_to(const struct store *store, uint32_t version)
{
	const uint32_t before = store_current(store);
	if (!link_current(store, version)) {
		return false;
	}
	if (fsync(store->folder) == 0) {
		return true;
	}
	const int reason = errno;
	(void)link_current(store, before);
	errno = reason;
	return false;
}

/* Makes a file of the store hold a number, in one step, on the disk. \param next  NAME NEXT. */
static bool keep_number(const struct store *store, const char *name, const char *next,
			uint64_t number)
{
	char text[24];
	const int len = snprintf(text, sizeof text, "%" PRIu64, number);
	return remove_name(store, next) && write_file(store->folder, next, text, (size_t)len) &&
	       renameat(store->folder, next, store->folder, name) == 0 && fsync(store->folder) == 0;
}

uint64_t store_refusals(const char *path)
{
	char *name = NULL;
	char text[24] = "";
	if (asprintf(&name, "%s/" REFUSED, path) < 0) {
		return 0;
	}
	const int file = open(name, O_RDONLY | O_CLOEXEC);
	free(name);
	if (file < 0) {
		return 0;
	}
	const ssize_t len = read(file, text, sizeof text - 1);
	close(file);
	return len > 0 ? strtoull(text, NULL, 10) : 0;
}

void store_count_refusal(struct store *store)
{
	(void)keep_number(store, REFUSED, REFUSED NEXT, store_refusals(store->path) + 1);
}

/* Removes the versions from `low` to `high`, oldest first, until `kept` are left of them. What
 * cannot be removed stays, and takes nothing from what is in force. */
static void remove_versions(const struct store *store, uint32_t low, uint32_t high, size_t kept)
{
	for (;;) {
		const struct range found = find_versions(store, low, high);
		char name[VERSION_SIZE];
		write_version(found.least, name);
		if (found.count <= kept || !remove_policy(store, name)) {
			return;
		}
	}
}

bool store_install(struct store *store, uint32_t version, const struct policy_files *files,
		   bool is_older, char *error, size_t error_size)
{
	const uint32_t before = store_current(store);
	char name[VERSION_SIZE];
	write_version(version, name);
	if (!stage(store, files)) {
		return fail(store, error, error_size, "write version %s", name);
	}
	/* Left by an installation that was interrupted before it counted. */
	if (!remove_policy(store, name) ||
	    renameat(store->folder, INCOMING, store->folder, name) != 0 ||
	    fsync(store->folder) != 0) {
		return fail(store, error, error_size, "keep version %s", name);
	}
	if (is_older && !keep_number(store, NEWEST, NEWEST NEXT, version)) {
		return fail(store, error, error_size, "forget the newest version");
	}
	if (!point_to(store, version)) {
		return fail(store, error, error_size, "put version %s in force", name);
	}
	if (before + 1 < version) {
		remove_versions(store, before + 1, version - 1, 0);
	}
	if (version < UINT32_MAX) {
		remove_versions(store, version + 1, UINT32_MAX, 0);
	}
	remove_versions(store, 1, version, STORE_KEPT);
	return true;
}

bool store_go_back(struct store *store, uint32_t version, char *error, size_t error_size)
{
	uint32_t newest = 0;
	if (!store_newest(store, &newest, error, error_size)) {
		return false;
	}
	if (!keep_number(store, NEWEST, NEWEST NEXT, newest)) {
		return fail(store, error, error_size, "remember the newest version");
	}
	if (!point_to(store, version)) {
		return fail(store, error, error_size, "put version %" PRIu32 " in force", version);
	}
	return true;
}

bool store_undo(struct store *store, uint32_t version, char *error, size_t error_size)
{
	const uint32_t refused = store_current(store);
	if (!point_to(store, version)) {
		return fail(store, error, error_size, "go back to what was in force");
	}
	remove_versions(store, refused, refused, 0);
	return true;
}
