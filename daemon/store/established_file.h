/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an import of established names leaves: the set (policy/engine/established.h), and beside it
 * the names themselves in the list's order, a line each, compressed by gzip. Those are only for
 * asking what a policy would make of them (daemon/command/established_check.h).
 */
#ifndef DAEMON_STORE_ESTABLISHED_FILE_H
#define DAEMON_STORE_ESTABLISHED_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "include/attribute.h"

/* Path of the names: that of the set and this. */
#define ESTABLISHED_NAMES_SUFFIX ".names.gz"

/* Both files on their way; they are written beside their places. */
struct established_file;

/* \param path  of the set; must live as long. \returns NULL with errno set. */
_mustcheck_ struct established_file *established_file_new(const char *path);

/* Adds a name. \returns false when it cannot be written. */
_mustcheck_ bool established_file_add(struct established_file *file, const char *domain);

/*
 * Puts both in their places, on the disk, each in one step. What is read stays whole whenever that
 * is interrupted.
 *
 * \param octets  of the set.
 * \returns false with errno set; then neither place has changed, or only that of the names.
 */
_mustcheck_ bool established_file_replace(struct established_file *file, const char *octets,
					  size_t len);

/* Frees it, and removes what was not put in its place. NULL is allowed. */
void established_file_free(struct established_file *file);

#endif
