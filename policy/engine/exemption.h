/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that are never flagged. Internal to policy/. */
#ifndef POLICY_ENGINE_EXEMPTION_H
#define POLICY_ENGINE_EXEMPTION_H

#include <stdbool.h>

#include "policy/engine/protected_set.h"
#include "policy/engine/surroundings.h"
#include "policy/pattern/exceptions.h"

struct exemption {
	const struct protected_set *protected_set;
	const struct exceptions *exceptions;
	/* A site's own domain is judged as a stranger's would be: only governments' names are
	 * exempt. */
	bool is_stranger;
};

/* Whether the name is a protected domain or stands under one: never flagged, and asked first, since
 * nothing else of the name need be known for it. */
bool is_protected(const struct exemption *exemption, const struct name *name);

/*
 * Whether a name that is not protected is never flagged all the same: a government's, protected
 * under any suffix, or an exception. Its labels must be known (name_place_find()).
 */
bool is_exempt(const struct exemption *exemption, const struct name_context *context);

#endif
