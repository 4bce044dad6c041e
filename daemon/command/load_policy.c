/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/load_policy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The set, or NULL after a message when this user may not look at it. */
static const char *readable(const char *established)
{
	if (established == NULL || access(established, R_OK) == 0 || errno != EACCES) {
		return established;
	}
	fprintf(stderr, "truegate: cannot read %s: %s; judged without established names\n",
		established, strerror(errno));
	return NULL;
}

struct policy *command_open_policy(const char *path, const char *established, const char *catalogue,
				   bool is_trial)
{
	struct diagnostics diagnostics = {0};
	const struct policy_source source = {.path = path,
					     .established = readable(established),
					     .catalogue = catalogue,
					     .is_trial = is_trial};
	struct policy *policy = policy_load_from(&source, &diagnostics);

	if (policy == NULL) {
		diagnostics_print(&diagnostics, stderr);
	}
	return policy;
}
