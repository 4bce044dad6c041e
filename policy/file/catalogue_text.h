/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole catalogue that the package brings, as a policy. Internal to policy/; for loading only.
 */
#ifndef POLICY_FILE_CATALOGUE_TEXT_H
#define POLICY_FILE_CATALOGUE_TEXT_H

/*
 * \returns the text of a policy that includes every group of the catalogue in folder, to be freed;
 * NULL when there is none, or when out of memory.
 */
char *catalogue_text(const char *folder);

#endif
