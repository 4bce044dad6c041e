/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/registration.h"

#include <stdbool.h>

#include "policy/name/suffix.h"

size_t registration_offset(const char *name)
{
	bool is_suffix = false;
	size_t at = registrable_offset(name, &is_suffix);

	/* A host may lie some labels down ("s3.dualstack.example"): go left while it is one. */
	while (!is_suffix && at > 0 && suffix_is_host(name, at)) {
		at--;
		while (at > 0 && name[at - 1] != '.') {
			at--;
		}
	}
	return at;
}
