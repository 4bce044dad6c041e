/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/signed_policy.h"

bool signed_policy_read(const struct policy_source *source, struct signed_policy *out,
			struct diagnostics *diagnostics)
{
	*out = (struct signed_policy){0};
	if (!policy_files_open(source->path, source->key, &out->files, diagnostics)) {
		return false;
	}
	out->policy = policy_load_opened(source, &out->files, diagnostics);
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
