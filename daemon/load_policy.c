#include "daemon/load_policy.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

struct policy *load_policy(const char *path)
{
	struct diagnostics diagnostics = {0};
	struct policy *policy;

	if (access(path, F_OK) != 0 && errno == ENOENT) {
		fprintf(stderr,
			"truegate: there is no policy %s; write one, or name another file with "
			"--policy FILE\n",
			path);
		return NULL;
	}
	policy = policy_load(path, &diagnostics);
	if (policy == NULL)
		diagnostics_print(&diagnostics, stderr);
	return policy;
}
