/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errors of syntax in a libconfig text, with a place and with words that libconfig has not.
 * For policy/ and the daemon's configuration.
 */
#ifndef POLICY_SETTINGS_CONFIG_SYNTAX_H
#define POLICY_SETTINGS_CONFIG_SYNTAX_H

/* Brackets may be nested no deeper than this. */
#define CONFIG_SYNTAX_DEPTH_MAX 16

/* No group, nor the text outside of all, may have more settings: libconfig's time would grow with
 * their number's square. */
#define CONFIG_SYNTAX_SETTINGS_MAX 64

/*
 * Looks for the first error. More is refused than libconfig would: a text over several lines, texts
 * in a row (a comma was forgotten), @include, "\x00". What passes here libconfig may still refuse
 * for numbers of mixed types in [ ].
 *
 * \param text  its last line ends in a newline.
 * \param why  gets what is wrong and what to do, when there is an error.
 * \returns its place in text, or NULL.
 */
const char *config_syntax_fault(const char *text, const char **why);

#endif
