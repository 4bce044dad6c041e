/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Public suffixes, through libpsl. Internal to policy/.
 */
#ifndef POLICY_NAME_SUFFIX_H
#define POLICY_NAME_SUFFIX_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Finds where a name's public suffix begins (the ICANN section of the Public Suffix List; an
 * unknown top level counts as a suffix, as the list's rule "*" says).
 *
 * \param name  lower case, A-labels, no trailing dot.
 * \returns offset of the suffix in name; 0 when the whole name is one; strlen(name) is never
 * returned.
 */
size_t suffix_offset(const char *name);

/* Offset of the registrable domain (suffix and one label), or 0 with *is_suffix true when there is
 * none. */
size_t registrable_offset(const char *name, bool *is_suffix);

/* What the last label of a name is. */
enum top_level {
	TOP_LEVEL_REAL,    /* in the list's ICANN section: it exists */
	TOP_LEVEL_PRIVATE, /* never delegated: .example, .test, .local, .internal, .lan and the like
			    */
	TOP_LEVEL_UNKNOWN,
};

/* \param name  as for suffix_offset(). */
enum top_level top_level_of(const char *name);

/*
 * Whether the registrable domain that begins at this offset of the name is a host of other people's
 * sites (the list's private section: "blogspot.com", "weebly.com").
 */
bool suffix_is_host(const char *name, size_t registrable);

#endif
