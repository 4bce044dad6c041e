/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the settings of a tree that libconfig read stand in its text: libconfig keeps no columns,
 * and its line for an element of a list is that of what follows. For policy/ and the daemon's
 * configuration.
 */
#ifndef POLICY_SETTINGS_CONFIG_LOCATION_H
#define POLICY_SETTINGS_CONFIG_LOCATION_H

#include <libconfig.h>

/*
 * Tells each setting of a tree where it stands: its name, or its value when it has none.
 * config_location_of() gives it back. Uses the settings' hooks; text must outlive the tree.
 *
 * \param text  what the tree was read from, passed by config_syntax_fault().
 */
void config_location_assign(const config_t *config, const char *text);

/* NULL when not known. */
const char *config_location_of(const config_setting_t *setting);

/* Line and column, both from 1, of a place in text. A column is one code point of UTF-8. */
void config_location_line_column(const char *text, const char *place, unsigned *line,
				 unsigned *column);

#endif
