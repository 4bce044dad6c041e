/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a policy would make of the established names, were they not known: one that would stop more
 * than a few of them was not written against imitations.
 */
#ifndef DAEMON_COMMAND_ESTABLISHED_CHECK_H
#define DAEMON_COMMAND_ESTABLISHED_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/attribute.h"
#include "policy/policy.h"

/* Of so many established names a policy may warn on or block one. */
#define ESTABLISHED_FLAGGED_ONE_IN 1000

struct established_share {
	uint64_t names;   /* judged; 0: none are kept here, and nothing was asked */
	uint64_t flagged; /* of them, would be warned on or blocked */
	/* On failure: why the policy is refused, with the worst examples; one line. */
	char why[DIAGNOSTIC_TEXT_SIZE];
};

/*
 * Judges the names that were kept at the last import.
 *
 * \param policy  loaded without established names, which would hide what is asked.
 * \param path    of the set of established names; what is kept stands beside it.
 * \param program for messages.
 * \returns false when the policy is refused or the names are damaged.
 */
_mustcheck_ bool established_check(const struct policy *policy, const char *path,
				   const char *program, struct established_share *out);

#endif
