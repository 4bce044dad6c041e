/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/event/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/process/write_all.h"

#define LOG_MODE (S_IRUSR | S_IWUSR | S_IRGRP)

struct log_file {
	char *path;
	int fd;
	bool is_torn; /* the file ends in the middle of a line */
};

static int open_path(const char *path)
{
	return open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, LOG_MODE);
}

static bool ends_mid_line(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char last = '\n';

	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

struct log_file *log_file_open(const char *path)
{
	struct log_file *file = calloc(1, sizeof(*file));

	if (file == NULL) {
		return NULL;
	}
	file->path = strdup(path);
	file->fd = file->path != NULL ? open_path(path) : -1;
	if (file->fd < 0) {
		int saved = errno;

		free(file->path);
		free(file);
		errno = saved;
		return NULL;
	}
	file->is_torn = ends_mid_line(file->fd);
	return file;
}

void log_file_close(struct log_file *file)
{
	if (file == NULL) {
		return;
	}
	close(file->fd);
	free(file->path);
	free(file);
}

bool log_file_reopen(struct log_file *file)
{
	int fd = open_path(file->path);

	if (fd < 0) {
		return false;
	}
	close(file->fd);
	file->fd = fd;
	file->is_torn = ends_mid_line(fd);
	return true;
}

/* Takes back the last octets of a regular file. */
static bool take_back(int fd, size_t octets)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	       status.st_size >= (off_t)octets &&
	       ftruncate(fd, status.st_size - (off_t)octets) == 0;
}

bool log_file_append(struct log_file *file, const char *line, size_t len)
{
	if (file->is_torn) {
		if (write_all(file->fd, "\n", 1) != 1) {
			return false;
		}
		file->is_torn = false;
	}

	size_t done = write_all(file->fd, line, len);

	if (done == len) {
		return true;
	}
	file->is_torn = done > 0 && !take_back(file->fd, done);
	return false;
}
