/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Policies that come from elsewhere, with a signature beside each of their files: FILE and
 * FILE.minisig.
 */
#ifndef POLICY_SIGNED_POLICY_H
#define POLICY_SIGNED_POLICY_H

#include <stdbool.h>

#include "policy/file/policy_files.h"
#include "policy/policy.h"
#include "policy/settings/diagnostics.h"

/* A policy that was verified and compiled, with the very octets that were. */
struct signed_policy {
	struct policy_files files;
	struct policy *policy;
};

/*
 * Reads a policy's files and their signatures once each, verifies, then compiles what was verified.
 *
 * \param source  its key must be there.
 * \returns false with at least one message; out then holds nothing. Otherwise free it with
 * signed_policy_clear().
 */
bool signed_policy_read(const struct policy_source *source, struct signed_policy *out,
			struct diagnostics *diagnostics);
void signed_policy_clear(struct signed_policy *policy);

#endif
