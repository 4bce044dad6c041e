/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text from the network or from a file, made fit to show: it cannot steer a terminal, reorder what
 * stands around it, or break UTF-8.
 */
#ifndef DAEMON_TEXT_SAFE_TEXT_H
#define DAEMON_TEXT_SAFE_TEXT_H

#include <stddef.h>

/* Room for any text of `octets` octets, with its NUL: one octet becomes at most U+FFFD, which
 * has 3. */
#define SAFE_TEXT_SIZE(octets) (3 * (octets) + 1)

/*
 * Copies text and writes U+FFFD for each character that is a control, a format character (such as
 * the bidirectional overrides), a separator other than the space, private, unassigned, or no UTF-8.
 *
 * \param out   gets a NUL-terminated string, cut at a character's end to what fits in size octets
 *              (at least 1).
 * \returns the length of out, without the NUL.
 */
size_t safe_text(const char *text, size_t len, char *out, size_t size);

#endif
