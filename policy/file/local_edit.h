/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adds to the office's own file as a careful hand would: comments, order and layout stay.
 */
#ifndef POLICY_FILE_LOCAL_EDIT_H
#define POLICY_FILE_LOCAL_EDIT_H

/* What the file is when there was none. */
extern const char local_edit_start[];

/*
 * Adds an entry at the end of a list, or the list at the end of the file.
 *
 * \param text   of a file that local_file_read_text() took.
 * \param list   "exceptions" or "search".
 * \param entry  without quotes; has neither a quote nor a control character. A backslash is
 * doubled.
 * \returns the new text, which the caller frees; NULL when out of memory.
 */
char *local_edit_add(const char *text, const char *list, const char *entry);

#endif
