/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "policy/engine/policy_parts.h"
#include "policy/file/policy_files.h"
#include "policy/name/confusables.h"
#include "policy/name/glyph.h"

static bool compile(struct policy *policy)
{
	const struct parsed_policy *parsed = policy->parsed;

	if (!glyph_ready() || !confusables_ready() || !token_table_make(parsed, &policy->tokens)) {
		return false;
	}
	policy->index = index_new(policy->tokens.entries, policy->tokens.count);
	policy->protected_set = protected_set_new(parsed);
	policy->exceptions = exceptions_new(parsed->exceptions, parsed->exception_count);
	policy->decorations = decorations_new(parsed->decorations, parsed->decoration_count);
	return policy->index != NULL && policy->protected_set != NULL &&
	       policy->exceptions != NULL && policy->decorations != NULL;
}

/* Makes a policy of its parsed policy, which it takes; NULL is allowed, after a message. */
static struct policy *make(struct parsed_policy *parsed, const char *name,
			   struct diagnostics *diagnostics)
{
	if (parsed == NULL) {
		return NULL;
	}
	struct policy *policy = calloc(1, sizeof(*policy));
	if (policy == NULL) {
		parsed_policy_free(parsed);
		diagnostics_add(diagnostics, name, 0, 0, "out of memory");
		return NULL;
	}
	policy->parsed = parsed;
	if (!compile(policy)) {
		diagnostics_add(
		    diagnostics, name, 0, 0,
		    "the policy cannot be compiled: memory is short, or its patterns together "
		    "are too large");
		policy_free(policy);
		return NULL;
	}
	return policy;
}

struct policy *policy_load_text(const char *text, const char *name, struct diagnostics *diagnostics)
{
	return make(parsed_policy_read(text, name, diagnostics), name, diagnostics);
}

struct policy *policy_load_files(struct policy_files *files, struct diagnostics *diagnostics)
{
	return make(parsed_policy_read_files(files, diagnostics), files->policy.path, diagnostics);
}

struct policy *policy_load(const char *path, struct diagnostics *diagnostics)
{
	struct policy_files files;
	if (!policy_files_open(path, NULL, &files, diagnostics)) {
		return NULL;
	}
	struct policy *policy = policy_load_files(&files, diagnostics);
	policy_files_clear(&files);
	return policy;
}

void policy_free(struct policy *policy)
{
	if (policy == NULL) {
		return;
	}
	decorations_free(policy->decorations);
	exceptions_free(policy->exceptions);
	protected_set_free(policy->protected_set);
	index_free(policy->index);
	token_table_free(&policy->tokens);
	parsed_policy_free(policy->parsed);
	free(policy);
}

uint32_t policy_version(const struct policy *policy)
{
	return policy->parsed->version;
}

const char *policy_contact(const struct policy *policy)
{
	return policy->parsed->contact;
}

size_t policy_site_count(const struct policy *policy)
{
	return policy->parsed->site_count;
}

size_t policy_memory(const struct policy *policy)
{
	const struct parsed_policy *parsed = policy->parsed;
	size_t octets = sizeof(*policy) + index_memory(policy->index) +
			protected_set_memory(policy->protected_set) +
			policy->tokens.count * (sizeof(struct token) + sizeof(struct index_entry));

	for (size_t i = 0; i < parsed->site_count; i++) {
		const struct site *site = &parsed->sites[i];

		octets += sizeof(*site) + strlen(site->name) + 1;
		for (size_t j = 0; j < site->domain_count; j++) {
			octets += sizeof(site->domains[j]) + 2 * strlen(site->domains[j].name) + 3;
		}
		for (size_t j = 0; j < site->token_count; j++) {
			octets += sizeof(char *) + strlen(site->tokens[j]) + 1;
		}
	}
	return octets;
}
