/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/load_policy.h"

#include <stdio.h>

struct policy *command_open_policy(const char *path)
{
	struct diagnostics diagnostics = {0};
	struct policy *policy = policy_load(path, &diagnostics);

	if (policy == NULL) {
		diagnostics_print(&diagnostics, stderr);
	}
	return policy;
}
