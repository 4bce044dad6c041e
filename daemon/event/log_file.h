/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file events are appended to, whole lines only. Internal to daemon/event/.
 */
#ifndef DAEMON_EVENT_LOG_FILE_H
#define DAEMON_EVENT_LOG_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct log_file;

/*
 * Opens the file for appending; makes it with mode 0640. When it ends in the middle of a line (the
 * machine lost power), the next line begins on a line of its own.
 *
 * \returns NULL with errno set.
 */
struct log_file *log_file_open(const char *path);
void log_file_close(struct log_file *file);

/* Closes the file and opens its path again. \returns false when it could not be opened: the old
 * file stays in use. */
bool log_file_reopen(struct log_file *file);

/*
 * Appends a line that ends in a newline. When it does not fit whole (disk full), what was written
 * of it is taken back.
 *
 * \returns whether it was written.
 */
bool log_file_append(struct log_file *file, const char *line, size_t len);

#endif
