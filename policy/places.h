/*
 * Where things stand in the text of a policy: libconfig keeps no columns, and its line for an
 * element of a list is that of what follows. Internal to policy/.
 */
#ifndef POLICY_PLACES_H
#define POLICY_PLACES_H

#include <libconfig.h>
#include <stdbool.h>

/* Brackets may be nested no deeper than this. */
#define PLACES_DEPTH_MAX 16

/*
 * Looks for what libconfig would report poorly or accept though a policy may not have it: a text
 * that does not end on its line, brackets that do not match or are nested too deep, a comma before
 * one that closes, an @include, a
 * "\x00".
 *
 * \param why  gets what is wrong and what to do.
 * \returns NULL when there is nothing of the kind, else the place in text.
 */
const char *places_find_fault(const char *text, const char **why);

/*
 * Tells each setting of a tree that libconfig read from text where it stands: its name, or its
 * value when it has none. places_of() gives it back. Uses the settings' hooks; text must outlive
 * the tree.
 */
void places_assign(const config_t *config, const char *text);

/* NULL when not known. */
const char *places_of(const config_setting_t *setting);

/* Line and column, both from 1, of a place in text. A column is one code point of UTF-8. */
void places_line_column(const char *text, const char *place, unsigned *line, unsigned *column);

#endif
