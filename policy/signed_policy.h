/*
 * Policies that come from elsewhere, with a signature beside them: FILE and FILE.minisig.
 */
#ifndef POLICY_SIGNED_POLICY_H
#define POLICY_SIGNED_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/diagnostics.h"
#include "policy/policy.h"

#define SIGNATURE_SUFFIX ".minisig"

/* A policy that was verified and compiled, with the very octets that were. */
struct signed_policy {
	char *text;
	size_t text_len;
	char *signature;
	size_t signature_len;
	struct policy *policy;
};

/*
 * Reads a policy and its signature once each, verifies, then compiles what was verified.
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
