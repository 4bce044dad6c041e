/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folding a displayed name to ASCII, with ICU. For loading a policy only. Internal to policy/.
 */
#ifndef POLICY_NAME_ASCII_FOLD_H
#define POLICY_NAME_ASCII_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/* Holds ICU's transliterator once a name needs it. Not to be shared by threads. */
struct ascii_folder;

/* \returns NULL when memory is short. Free with ascii_folder_free(). */
struct ascii_folder *ascii_folder_new(void);
void ascii_folder_free(struct ascii_folder *folder);

/*
 * Folds to lower-case ASCII letters and digits: marks are dropped, other letters become the Latin
 * ones that stand for them, everything else is left out. "Dịch vụ công" becomes "dichvucong".
 *
 * \param text  UTF-8, NUL-terminated.
 * \param out   gets the folded text and a NUL, cut to what fits; empty when text is not UTF-8.
 */
void ascii_fold(struct ascii_folder *folder, const char *text, char *out, size_t size);

#endif
