/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What make_confusables made, as confusables.c looks it up; in a file of its own as words_table.h.
 */
#ifndef POLICY_NAME_CONFUSABLES_TABLE_H
#define POLICY_NAME_CONFUSABLES_TABLE_H

#include "policy/name/confusables.h"

#pragma GCC visibility push(hidden)

/* The version of ICU, such as "72.1". */
extern const char confusables_icu[];

/* For each 256 characters below CONFUSABLES_END, their page; 0 is empty, and stands for all such.
 */
extern const unsigned short confusable_page[CONFUSABLES_END / 256];
extern const struct confusable confusable_pages[][256];

#pragma GCC visibility pop

#endif
