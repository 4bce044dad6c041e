/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/reload.h"

#include <stdio.h>

#include "daemon/store/reload_request.h"
#include "policy/policy.h"

/* How long the daemon may take to say what it makes of it. */
#define RELOAD_SECONDS 20

void reload_after_change(const char *program, const struct config *config)
{
	const struct policy_source source = {
	    .path = config->policy,
	    .key = config->policy_key,
	    .local = config->policy_local,
	    .established = config->established,
	    .catalogue = config->catalogue,
	};
	struct diagnostics diagnostics = {0};
	struct policy *policy = policy_load_from(&source, &diagnostics);
	if (policy == NULL) {
		diagnostics_print(&diagnostics, stderr);
		fprintf(stderr, "%s: the policy cannot be loaded; this counts once it can\n",
			program);
		return;
	}
	char why[1024] = "";
	switch (reload_request(config->status, RELOAD_SECONDS, policy_version(policy), why,
			       sizeof why)) {
	case RELOAD_NO_DAEMON:
		puts("No daemon is running; it will read this when it starts.");
		break;
	case RELOAD_DONE:
		puts("The daemon has loaded it.");
		break;
	case RELOAD_REFUSED:
	case RELOAD_SILENT:
		fprintf(stderr, "%s: the daemon has not loaded it: %s; see its journal\n", program,
			why);
		break;
	}
	policy_free(policy);
}
