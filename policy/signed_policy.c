#include "policy/signed_policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/signature.h"
#include "policy/text_file.h"

static bool read_key(const char *path, struct signature_key *out, struct diagnostics *diagnostics)
{
	size_t len = 0;
	char *text = text_file_read(path, SIGNATURE_TEXT_MAX, "public key", &len, diagnostics);
	if (text == NULL) {
		return false;
	}
	struct signature_fault fault;
	const bool is_key = signature_key_read(text, len, out, &fault);
	if (!is_key) {
		diagnostics_add(diagnostics, path, fault.line, 0, "%s", fault.text);
	}
	free(text);
	return is_key;
}

static bool verify(const struct signed_policy *policy, const char *signature_path,
		   const struct signature_key *key, struct diagnostics *diagnostics)
{
	struct signature_fault fault;
	if (signature_verify(key, policy->text, policy->text_len, policy->signature,
			     policy->signature_len, &fault)) {
		return true;
	}
	diagnostics_add(diagnostics, signature_path, fault.line, 0, "%s", fault.text);
	return false;
}

static bool read_all(const char *path, const char *signature_path, const char *key_path,
		     struct signed_policy *out, struct diagnostics *diagnostics)
{
	struct signature_key key;
	if (!read_key(key_path, &key, diagnostics)) {
		return false;
	}
	out->text = text_file_read(path, POLICY_OCTETS_MAX, "policy", &out->text_len, diagnostics);
	if (out->text == NULL) {
		return false;
	}
	out->signature = text_file_read(signature_path, SIGNATURE_TEXT_MAX, "signature",
					&out->signature_len, diagnostics);
	if (out->signature == NULL || !verify(out, signature_path, &key, diagnostics)) {
		return false;
	}
	out->policy = policy_load_text(out->text, path, diagnostics);
	return out->policy != NULL;
}

bool signed_policy_read(const char *path, const char *key_path, struct signed_policy *out,
			struct diagnostics *diagnostics)
{
	*out = (struct signed_policy){0};
	char *signature_path = NULL;
	if (asprintf(&signature_path, "%s" SIGNATURE_SUFFIX, path) < 0) {
		diagnostics_add(diagnostics, path, 0, 0, "out of memory");
		return false;
	}
	const bool whole = read_all(path, signature_path, key_path, out, diagnostics);
	free(signature_path);
	if (!whole) {
		signed_policy_clear(out);
	}
	return whole;
}

void signed_policy_clear(struct signed_policy *policy)
{
	free(policy->text);
	free(policy->signature);
	policy_free(policy->policy);
	*policy = (struct signed_policy){0};
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
