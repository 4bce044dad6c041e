/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resemblance is mutual: who protects a fake has the real site flagged. So a policy in which a
 * protected domain itself imitates another site is refused, of the policy or of the catalogue that
 * the package brings. Internal to policy/; for loading only.
 */
#ifndef POLICY_IMITATION_H
#define POLICY_IMITATION_H

#include <stdbool.h>

#include "policy/settings/diagnostics.h"

struct policy;

/*
 * Looks for protected domains that imitate another site of the policy, at medium or high
 * confidence. One that the policy excepts by name is taken to be meant: both are protected then, so
 * neither can be flagged.
 *
 * \param name  the file, for messages.
 * \returns false after a message for each.
 */
bool imitation_check(const struct policy *policy, const char *name,
		     struct diagnostics *diagnostics);

/*
 * Looks for protected domains that imitate a site of the catalogue, unless the policy
 * protects the imitated domain, too.
 *
 * \param catalogue  one that includes the whole of it.
 * \returns false after a message for each.
 */
bool imitation_check_catalogue(const struct policy *policy, const struct policy *catalogue,
			       const char *name, struct diagnostics *diagnostics);

#endif
