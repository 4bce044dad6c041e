/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a set of established names (established.h) of the hosts of a list. For importing only.
 */
#ifndef POLICY_ENGINE_ESTABLISHED_LIST_H
#define POLICY_ENGINE_ESTABLISHED_LIST_H

#include <stddef.h>

#include "include/attribute.h"
#include "policy/engine/established.h"
#include "policy/name/name.h"

struct established_list;

/* Takes some 16 MiB. \returns NULL when memory or random numbers are short. */
_mustcheck_ struct established_list *established_list_new(void);
void established_list_free(struct established_list *list);

enum established_added {
	ESTABLISHED_TAKEN,
	ESTABLISHED_REPEATED, /* its registrable domain was taken before */
	ESTABLISHED_NO_NAME,  /* not a host name, a public suffix, or no real top-level domain */
	ESTABLISHED_FULL,     /* ESTABLISHED_MAX were taken */
};

/*
 * Adds the registrable domain of a host.
 *
 * \param host    host_len octets, ASCII or UTF-8.
 * \param domain  gets that domain when it is taken: A-labels in lower case.
 */
_mustcheck_ enum established_added established_list_add(struct established_list *list,
							const char *host, size_t host_len,
							char domain[NAME_OCTETS_MAX + 1]);

size_t established_list_count(const struct established_list *list);

/*
 * \param len  gets the octets of the file.
 * \returns the file, which the caller frees; NULL when memory is short.
 */
_mustcheck_ char *established_list_file(const struct established_list *list, size_t *len);

#endif
