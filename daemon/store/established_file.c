/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/store/established_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "daemon/process/write_all.h"

#define MODE 0644 /* public lists */

/* A file beside its place. */
struct beside {
	char *place;
	char *path; /* NULL: there is none */
	int descriptor;
};

struct established_file {
	struct beside names, set;
	gzFile packed; /* writes names; NULL once it was closed */
};

static bool beside_open(struct beside *beside, const char *place, const char *suffix)
{
	beside->descriptor = -1;
	if (asprintf(&beside->place, "%s%s", place, suffix) < 0) {
		beside->place = NULL;
		errno = ENOMEM;
		return false;
	}
	if (asprintf(&beside->path, "%s.XXXXXX", beside->place) < 0) {
		beside->path = NULL;
		errno = ENOMEM;
		return false;
	}
	beside->descriptor = mkostemp(beside->path, O_CLOEXEC);
	if (beside->descriptor < 0) {
		free(beside->path);
		beside->path = NULL;
		return false;
	}
	return fchmod(beside->descriptor, MODE) == 0;
}

/* Puts it in its place. \returns false with errno set. */
static bool beside_replace(struct beside *beside)
{
	if (rename(beside->path, beside->place) != 0) {
		return false;
	}
	free(beside->path);
	beside->path = NULL;
	return true;
}

static void beside_clear(struct beside *beside)
{
	if (beside->descriptor >= 0) {
		close(beside->descriptor);
	}
	if (beside->path != NULL) {
		unlink(beside->path);
	}
	free(beside->path);
	free(beside->place);
}

struct established_file *established_file_new(const char *path)
{
	struct established_file *file = calloc(1, sizeof(*file));

	if (file == NULL) {
		return NULL;
	}
	file->names.descriptor = file->set.descriptor = -1;
	if (beside_open(&file->set, path, "") &&
	    beside_open(&file->names, path, ESTABLISHED_NAMES_SUFFIX)) {
		/* A descriptor of its own, since zlib closes what it wrote to. */
		const int output = fcntl(file->names.descriptor, F_DUPFD_CLOEXEC, 0);
		errno = output >= 0 ? ENOMEM : errno; /* of which zlib says nothing */
		file->packed = output >= 0 ? gzdopen(output, "w") : NULL;
		if (file->packed != NULL) {
			return file;
		}
		if (output >= 0) {
			close(output);
			errno = ENOMEM;
		}
	}
	const int reason = errno;
	established_file_free(file);
	errno = reason;
	return NULL;
}

bool established_file_add(struct established_file *file, const char *domain)
{
	return gzputs(file->packed, domain) > 0 && gzputc(file->packed, '\n') == '\n';
}

/* \returns false with errno set. */
static bool close_names(struct established_file *file)
{
	errno = 0;
	const bool closed = gzclose_w(file->packed) == Z_OK;
	file->packed = NULL;
	if (!closed && errno == 0) {
		errno = EIO;
	}
	return closed && fsync(file->names.descriptor) == 0;
}

/* Makes the new names of the folder durable, where the file system can. */
static void sync_folder(const char *place)
{
	const char *slash = strrchr(place, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(place, (size_t)(slash - place) + 1);
	const int descriptor =
	    folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (descriptor >= 0) {
		(void)fsync(descriptor);
		close(descriptor);
	}
	free(folder);
}

bool established_file_replace(struct established_file *file, const char *octets, size_t len)
{
	if (!close_names(file) || write_all(file->set.descriptor, octets, len) != len ||
	    fsync(file->set.descriptor) != 0 || !beside_replace(&file->names) ||
	    !beside_replace(&file->set)) {
		return false;
	}
	sync_folder(file->set.place);
	return true;
}

void established_file_free(struct established_file *file)
{
	if (file == NULL) {
		return;
	}
	if (file->packed != NULL) {
		(void)gzclose_w(file->packed);
	}
	beside_clear(&file->names);
	beside_clear(&file->set);
	free(file);
}
