/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/store/fetched.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/process/write_all.h"
#include "daemon/store/store.h"
#include "policy/file/policy_files.h"

#define RECORD "fetch"
#define FOLDER "fetched"

/* Each line is a key, a space and a value. */
#define RECORD_SIZE 16384

static bool make_path(char out[PATH_MAX], const char *store, const char *name)
{
	if (snprintf(out, PATH_MAX, "%s/%s", store, name) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	return true;
}

/* Writes a whole file over another, to the disk. */
static bool write_file(const char *path, const char *octets, size_t len)
{
	const int file =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
	if (file < 0) {
		return false;
	}
	const bool written =
	    write_all(file, octets, len) == len && fchmod(file, 0644) == 0 && fsync(file) == 0;
	const int reason = errno;
	const bool closed = close(file) == 0;
	if (!written) {
		errno = reason;
	}
	return written && closed;
}

static bool sync_folder(const char *path)
{
	const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		return false;
	}
	const bool synced = fsync(folder) == 0;
	close(folder);
	return synced;
}

/* A text of one line: a value must not begin another. */
static void put_text(FILE *out, const char *key, const char *text)
{
	if (text[0] == '\0') {
		return;
	}
	fprintf(out, "%s ", key);
	for (; *text != '\0'; text++) {
		putc(*text == '\n' || *text == '\r' ? ' ' : *text, out);
	}
	putc('\n', out);
}

static void put_lines(FILE *out, const char *key, const char *lines)
{
	while (*lines != '\0') {
		const size_t len = strcspn(lines, "\n");
		fprintf(out, "%s %.*s\n", key, (int)len, lines);
		lines += len + (lines[len] == '\n');
	}
}

bool fetched_write(const char *store, const struct fetched *fetched)
{
	char path[PATH_MAX];
	char next[PATH_MAX];
	char text[RECORD_SIZE] = "";
	FILE *out = fmemopen(text, sizeof text, "w");
	if (out == NULL) {
		return false;
	}
	put_text(out, "url", fetched->url);
	put_text(out, "etag", fetched->etag);
	fprintf(out,
		"version %" PRIu32 "\nconfirmed %" PRIu64 "\ninstalled %" PRIu64 "\nfailed %" PRIu64
		"\n",
		fetched->version, fetched->confirmed_s, fetched->installed_s, fetched->failed_s);
	put_text(out, "error", fetched->error);
	put_lines(out, "change", fetched->changes);
	if (fclose(out) != 0) {
		return false;
	}
	return make_path(path, store, RECORD) && make_path(next, store, RECORD ".next") &&
	       write_file(next, text, strlen(text)) && rename(next, path) == 0 &&
	       sync_folder(store);
}

static uint64_t read_number(const char *text, uint64_t max)
{
	char *end = NULL;
	errno = 0;
	const unsigned long long number = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && number <= max
		   ? number
		   : 0;
}

static void add_change(struct fetched *out, const char *line)
{
	const size_t len = strlen(out->changes);
	if (strlen(line) + 2 <= sizeof out->changes - len) {
		snprintf(out->changes + len, sizeof out->changes - len, "%s\n", line);
	}
}

static void read_line(struct fetched *out, const char *key, const char *value)
{
	if (strcmp(key, "url") == 0) {
		snprintf(out->url, sizeof out->url, "%s", value);
	} else if (strcmp(key, "etag") == 0) {
		snprintf(out->etag, sizeof out->etag, "%s", value);
	} else if (strcmp(key, "version") == 0) {
		out->version = (uint32_t)read_number(value, UINT32_MAX);
	} else if (strcmp(key, "confirmed") == 0) {
		out->confirmed_s = read_number(value, INT64_MAX);
	} else if (strcmp(key, "installed") == 0) {
		out->installed_s = read_number(value, INT64_MAX);
	} else if (strcmp(key, "failed") == 0) {
		out->failed_s = read_number(value, INT64_MAX);
	} else if (strcmp(key, "error") == 0) {
		snprintf(out->error, sizeof out->error, "%s", value);
	} else if (strcmp(key, "change") == 0) {
		add_change(out, value);
	}
}

bool fetched_read(const char *store, struct fetched *out)
{
	char path[PATH_MAX];
	*out = (struct fetched){0};
	if (!make_path(path, store, RECORD)) {
		return false;
	}
	const int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (file < 0) {
		return false;
	}
	char text[RECORD_SIZE];
	const ssize_t len = read(file, text, sizeof text - 1);
	close(file);
	if (len <= 0) {
		return false;
	}
	text[len] = '\0';
	char *rest = text;
	for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
		const char *key = strsep(&line, " ");
		if (line != NULL) {
			read_line(out, key, line);
		}
	}
	return out->url[0] != '\0';
}

bool fetched_is_kept(const char *store, uint32_t version)
{
	char path[PATH_MAX];
	const int len =
	    snprintf(path, sizeof path, "%s/%" PRIu32 "/" STORE_POLICY_NAME, store, version);
	return len < (int)sizeof path && access(path, F_OK) == 0;
}

bool fetched_keep(const char *store, const char *policy, size_t policy_len, const char *signature,
		  size_t signature_len, char *path, size_t path_size)
{
	char folder[PATH_MAX];
	char file[PATH_MAX];
	char signature_file[PATH_MAX];
	fetched_forget(store);
	if (!make_path(folder, store, FOLDER) ||
	    !make_path(file, store, FOLDER "/" STORE_POLICY_NAME) ||
	    !make_path(signature_file, store, FOLDER "/" STORE_POLICY_NAME SIGNATURE_SUFFIX) ||
	    (mkdir(folder, 0755) != 0 && errno != EEXIST)) {
		return false;
	}
	snprintf(path, path_size, "%s", file);
	return write_file(file, policy, policy_len) &&
	       write_file(signature_file, signature, signature_len);
}

void fetched_forget(const char *store)
{
	static const char *const names[] = {
	    FOLDER "/" STORE_POLICY_NAME,
	    FOLDER "/" STORE_POLICY_NAME SIGNATURE_SUFFIX,
	};
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (make_path(path, store, names[i])) {
			(void)unlink(path);
		}
	}
	if (make_path(path, store, FOLDER)) {
		(void)rmdir(path);
	}
}
