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
 * \param key_path  minisign's public key file.
 * \returns false with at least one message; out then holds nothing. Otherwise free it with
 * signed_policy_clear().
 */
bool signed_policy_read(const char *path, const char *key_path, struct signed_policy *out,
			struct diagnostics *diagnostics);
void signed_policy_clear(struct signed_policy *policy);

/*
 * Loads the policy that is to be in force. Where there is a key, only a policy that was signed with
 * it; where there is no file at key_path, any.
 *
 * \returns NULL with at least one message. Free with policy_free().
 */
struct policy *policy_load_trusted(const char *path, const char *key_path,
				   struct diagnostics *diagnostics);

#endif
