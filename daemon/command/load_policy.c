/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/load_policy.h"

#include <stdio.h>

struct policy *command_open_policy(const char *path, const char *catalogue, bool is_trial)
{
	struct diagnostics diagnostics = {0};
	const struct policy_source source = {
	    .path = path, .catalogue = catalogue, .is_trial = is_trial};
	struct policy *policy = policy_load_from(&source, &diagnostics);

	if (policy == NULL) {
		diagnostics_print(&diagnostics, stderr);
	}
	return policy;
}
