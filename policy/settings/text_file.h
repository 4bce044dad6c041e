/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a small file whole.
 */
#ifndef POLICY_SETTINGS_TEXT_FILE_H
#define POLICY_SETTINGS_TEXT_FILE_H

#include <stddef.h>

#include "policy/settings/diagnostics.h"

/*
 * \param shown  stands for the file in messages: the path as it was typed.
 * \param most  octets; a larger file is refused.
 * \param what  it is, for messages: "policy".
 * \param len   gets its octets; may be NULL when the caller wants only the text.
 * \returns its octets and a NUL behind them, which the caller frees; NULL with a message when it
 * cannot be read, is larger, or has a NUL octet.
 */
char *text_file_read(const char *path, const char *shown, size_t most, const char *what,
		     size_t *len, struct diagnostics *diagnostics);

#endif
