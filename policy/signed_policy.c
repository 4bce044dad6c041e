/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/signed_policy.h"

#include <errno.h>
#include <unistd.h>

bool signed_policy_read(const char *path, const char *key_path, struct signed_policy *out,
			struct diagnostics *diagnostics)
{
	*out = (struct signed_policy){0};
	if (!policy_files_open(path, key_path, &out->files, diagnostics)) {
		return false;
	}
	out->policy = policy_load_files(&out->files, diagnostics);
	if (out->policy == NULL) {
		signed_policy_clear(out);
		return false;
	}
	return true;
}

void signed_policy_clear(struct signed_policy *policy)
{
	policy_files_clear(&policy->files);
	policy_free(policy->policy);
	policy->policy = NULL;
}

struct policy *policy_load_trusted(const char *path, const char *key_path,
				   struct diagnostics *diagnostics)
{
	if (access(key_path, F_OK) != 0 && errno == ENOENT) {
		return policy_load(path, diagnostics);
	}
	struct signed_policy file;
	if (!signed_policy_read(path, key_path, &file, diagnostics)) {
		return NULL;
	}
	struct policy *policy = file.policy;
	file.policy = NULL;
	signed_policy_clear(&file);
	return policy;
}
