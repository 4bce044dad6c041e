/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a policy may have people shown: a site's name and whom to ask, in no words of its own. The
 * sentences around them are fixed. Internal to policy/; for loading only.
 */
#ifndef POLICY_FILE_SHOWN_TEXT_H
#define POLICY_FILE_SHOWN_TEXT_H

/*
 * A site's displayed name: up to SITE_NAME_CHARACTERS_MAX letters, digits, spaces and . - & ' ( ) +
 * with at least one letter or digit, and no dot before a space (which would make sentences).
 *
 * \returns NULL, or what is wrong and what to write, as a phrase to follow "name".
 */
const char *site_name_fault(const char *text);

/*
 * A mail address, a telephone number or a short text: up to CONTACT_CHARACTERS_MAX letters, digits,
 * spaces and . - & ' ( ) + @ _ / , # with at least three letters or digits. \returns likewise.
 */
const char *contact_fault(const char *text);

#endif
