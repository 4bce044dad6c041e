/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/policy.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "policy/engine/bait_words.h"
#include "policy/engine/policy_parts.h"
#include "policy/file/catalogue_text.h"
#include "policy/file/local_file.h"
#include "policy/file/policy_files.h"
#include "policy/file/signature.h"
#include "policy/imitation.h"
#include "policy/name/glyph.h"
#include "policy/settings/diagnostics.h"

/* The policy's exceptions with the office's own, and its search suffixes, which except likewise. */
static struct exceptions *join_exceptions(const struct policy *policy)
{
	const struct parsed_policy *parsed = policy->parsed;
	const struct local_file *local = &policy->local;
	const size_t count = parsed->exception_count + local->exception_count + local->search_count;
	char **entries = calloc(count + 1, sizeof(*entries));
	if (entries == NULL) {
		return NULL;
	}
	size_t kept = 0;
	for (size_t i = 0; i < parsed->exception_count; i++) {
		entries[kept++] = parsed->exceptions[i];
	}
	for (size_t i = 0; i < local->exception_count; i++) {
		entries[kept++] = local->exceptions[i];
	}
	for (size_t i = 0; i < local->search_count; i++) {
		entries[kept++] = local->search[i];
	}
	struct exceptions *exceptions = exceptions_new(entries, kept);
	free(entries);
	return exceptions;
}

static bool compile(struct policy *policy)
{
	const struct parsed_policy *parsed = policy->parsed;

	if (!glyph_ready() || !bait_words_ready() || !token_table_make(parsed, &policy->tokens)) {
		return false;
	}
	for (size_t i = 0; i < CONFIDENCE_COUNT; i++) {
		const enum action at_most = policy->local.at_most[i];
		policy->actions[i] = parsed->actions[i] < at_most ? parsed->actions[i] : at_most;
	}
	policy->index = index_new(policy->tokens.entries, policy->tokens.count);
	policy->slips = slip_table_new(&policy->tokens);
	policy->protected_set = protected_set_new(parsed);
	policy->exceptions = join_exceptions(policy);
	policy->decorations = decorations_new(parsed->decorations, parsed->decoration_count);
	return policy->index != NULL && policy->slips != NULL && policy->protected_set != NULL &&
	       policy->exceptions != NULL && policy->decorations != NULL;
}

/* Keeps who signed, of files that were verified. */
static bool keep_signer(struct policy *policy, const struct policy_files *files)
{
	if (files == NULL || !files->is_signed) {
		return true;
	}
	char name[SIGNATURE_KEY_NAME_SIZE];
	size_t len = 0;
	const char *comment =
	    signature_comment(files->policy.signature, files->policy.signature_len, &len);
	signature_key_name(&files->key, name);
	policy->signer = strdup(name);
	policy->signed_comment = strndup(comment != NULL ? comment : "", len);
	if (policy->signer == NULL || policy->signed_comment == NULL) {
		return false;
	}
	text_blank_controls(policy->signed_comment);
	return true;
}

/* Makes a policy of its parsed policy, which it takes; NULL is allowed, after a message. */
static struct policy *make(struct parsed_policy *parsed, const struct policy_files *files,
			   struct local_file *local, const char *name,
			   struct diagnostics *diagnostics)
{
	struct policy *policy = parsed != NULL ? calloc(1, sizeof(*policy)) : NULL;
	if (policy == NULL) {
		if (parsed != NULL) {
			diagnostics_add(diagnostics, name, 0, 0, "out of memory");
		}
		parsed_policy_free(parsed);
		if (local != NULL) {
			local_file_clear(local);
		}
		return NULL;
	}
	policy->parsed = parsed;
	local_file_init(&policy->local);
	if (local != NULL) {
		policy->local = *local;
		local_file_init(local);
	}
	if (!keep_signer(policy, files) || !compile(policy)) {
		diagnostics_add(diagnostics, name, 0, 0,
				"the policy cannot be compiled: out of memory, or its patterns "
				"together are too large");
		policy_free(policy);
		return NULL;
	}
	return policy;
}

/* NULL when there is no catalogue in the folder, or none that can be read: nothing to imitate. */
static struct policy *load_catalogue(const char *folder)
{
	struct diagnostics ignored = {0};
	struct policy_files files;
	struct policy *policy = NULL;
	char *text = catalogue_text(folder);
	if (text != NULL && policy_files_from_text(text, folder, &files, &ignored)) {
		files.catalogue_folder = folder;
		policy = policy_compile_files(&files, &ignored);
		policy_files_clear(&files);
	}
	free(text);
	return policy;
}

/* Looks for imitations of the catalogue, where there is one. */
static bool check_catalogue(const struct policy *policy, const char *folder, const char *name,
			    struct diagnostics *diagnostics)
{
	struct policy *catalogue = folder != NULL ? load_catalogue(folder) : NULL;
	const bool good =
	    catalogue == NULL || imitation_check_catalogue(policy, catalogue, name, diagnostics);
	policy_free(catalogue);
	return good;
}

/* Gives a policy back, or NULL after messages when what it protects imitates another site. */
static struct policy *refuse_imitations(struct policy *policy, const char *catalogue,
					const char *name, struct diagnostics *diagnostics)
{
	if (policy != NULL && (!imitation_check(policy, name, diagnostics) ||
			       !check_catalogue(policy, catalogue, name, diagnostics))) {
		policy_free(policy);
		return NULL;
	}
	return policy;
}

struct policy *policy_load_text(const char *text, const char *name, struct diagnostics *diagnostics)
{
	struct policy_files files;
	if (!policy_files_from_text(text, name, &files, diagnostics)) {
		return NULL;
	}
	struct policy *policy =
	    refuse_imitations(policy_compile_files(&files, diagnostics), NULL, name, diagnostics);
	policy_files_clear(&files);
	return policy;
}

struct policy *policy_compile_files(struct policy_files *files, struct diagnostics *diagnostics)
{
	return make(parsed_policy_read_files(files, diagnostics), files, NULL, files->policy.path,
		    diagnostics);
}

/* Gives a policy back with the established names, or NULL after messages. */
static struct policy *add_established(struct policy *policy, const char *path,
				      struct diagnostics *diagnostics)
{
	/* A set that cannot be looked at is not one that is not there: reading it says why. */
	if (policy == NULL || path == NULL || (access(path, F_OK) != 0 && errno == ENOENT)) {
		return policy;
	}
	policy->established = established_load(path, diagnostics);
	if (policy->established == NULL) {
		policy_free(policy);
		return NULL;
	}
	return policy;
}

struct policy *policy_load_opened(const struct policy_source *source, struct policy_files *files,
				  struct diagnostics *diagnostics)
{
	struct local_file local;
	local_file_init(&local);
	if (source->catalogue != NULL) {
		files->catalogue_folder = source->catalogue;
	}
	if (source->local != NULL && !local_file_read(source->local, &local, diagnostics)) {
		return NULL;
	}
	struct policy *policy = make(parsed_policy_read_files(files, diagnostics), files, &local,
				     files->policy.path, diagnostics);
	policy = refuse_imitations(policy, source->is_trial ? NULL : files->catalogue_folder,
				   files->policy.path, diagnostics);
	return add_established(policy, source->established, diagnostics);
}

struct policy *policy_load_from(const struct policy_source *source, struct diagnostics *diagnostics)
{
	/* A key that cannot be looked at is not one that is not there: reading it says why. */
	const bool is_keyed =
	    source->key != NULL && (access(source->key, F_OK) == 0 || errno != ENOENT);
	struct policy_files files;
	if (!policy_files_open(source->path, is_keyed ? source->key : NULL, &files, diagnostics)) {
		return NULL;
	}
	struct policy *policy = policy_load_opened(source, &files, diagnostics);
	policy_files_clear(&files);
	return policy;
}

struct policy *policy_load(const char *path, struct diagnostics *diagnostics)
{
	return policy_load_from(&(struct policy_source){.path = path}, diagnostics);
}

void policy_free(struct policy *policy)
{
	if (policy == NULL) {
		return;
	}
	established_free(policy->established);
	decorations_free(policy->decorations);
	exceptions_free(policy->exceptions);
	protected_set_free(policy->protected_set);
	slip_table_free(policy->slips);
	index_free(policy->index);
	token_table_free(&policy->tokens);
	parsed_policy_free(policy->parsed);
	local_file_clear(&policy->local);
	free(policy->signer);
	free(policy->signed_comment);
	free(policy);
}

uint32_t policy_version(const struct policy *policy)
{
	return policy->parsed->version;
}

const char *policy_contact(const struct policy *policy)
{
	return policy->local.contact != NULL ? policy->local.contact : policy->parsed->contact;
}

size_t policy_site_count(const struct policy *policy)
{
	return policy->parsed->site_count;
}

void policy_site(const struct policy *policy, size_t i, struct policy_site_view *out)
{
	assert(i < policy->parsed->site_count);
	const struct site *site = &policy->parsed->sites[i];
	*out = (struct policy_site_view){
	    .name = site->name,
	    .domain_count = site->domain_count,
	    .own_count = site->own_count,
	    .token_count = site->token_count,
	    .site = site,
	};
}

const char *policy_site_domain(const struct policy_site_view *site, size_t i)
{
	assert(i < site->domain_count);
	return site->site->domains[i].name;
}

const char *policy_site_own(const struct policy_site_view *site, size_t i)
{
	assert(i < site->own_count);
	return site->site->own[i].name;
}

const char *policy_site_token(const struct policy_site_view *site, size_t i)
{
	assert(i < site->token_count);
	return site->site->tokens[i];
}

size_t policy_exception_count(const struct policy *policy)
{
	return policy->parsed->exception_count;
}

const char *policy_exception_at(const struct policy *policy, size_t i)
{
	assert(i < policy->parsed->exception_count);
	return policy->parsed->exceptions[i];
}

size_t policy_local_exception_count(const struct policy *policy)
{
	return policy->local.exception_count;
}

const char *policy_local_exception_at(const struct policy *policy, size_t i)
{
	assert(i < policy->local.exception_count);
	return policy->local.exceptions[i];
}

size_t policy_local_search_count(const struct policy *policy)
{
	return policy->local.search_count;
}

const char *policy_local_search_at(const struct policy *policy, size_t i)
{
	assert(i < policy->local.search_count);
	return policy->local.search[i];
}

enum action policy_action(const struct policy *policy, enum confidence confidence)
{
	return policy->actions[confidence];
}

const char *policy_signer(const struct policy *policy)
{
	return policy->signer;
}

const char *policy_signed_comment(const struct policy *policy)
{
	return policy->signed_comment;
}

static int compare_labels(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t policy_label_count(const struct policy *policy)
{
	const struct parsed_policy *parsed = policy->parsed;
	size_t count = 0;
	for (size_t i = 0; i < parsed->site_count; i++) {
		count += parsed->sites[i].domain_count;
	}
	const char **labels = calloc(count + 1, sizeof(*labels));
	size_t kept = 0;
	if (labels == NULL) {
		return 0;
	}
	for (size_t i = 0; i < parsed->site_count; i++) {
		for (size_t j = 0; j < parsed->sites[i].domain_count; j++) {
			labels[kept++] = parsed->sites[i].domains[j].label;
		}
	}
	qsort(labels, kept, sizeof(*labels), compare_labels);
	size_t different = 0;
	for (size_t i = 0; i < kept; i++) {
		different += i == 0 || strcmp(labels[i - 1], labels[i]) != 0 ? 1 : 0;
	}
	free(labels);
	return different;
}

size_t policy_memory(const struct policy *policy)
{
	const struct parsed_policy *parsed = policy->parsed;
	size_t octets = sizeof(*policy) + index_memory(policy->index) +
			slip_table_memory(policy->slips) +
			protected_set_memory(policy->protected_set) +
			policy->tokens.count * (sizeof(struct token) + sizeof(struct index_entry));

	if (policy->established != NULL) {
		octets += established_memory(policy->established);
	}
	for (size_t i = 0; i < parsed->site_count; i++) {
		const struct site *site = &parsed->sites[i];

		octets += sizeof(*site) + strlen(site->name) + 1;
		for (size_t j = 0; j < site->domain_count; j++) {
			octets += sizeof(site->domains[j]) + 2 * strlen(site->domains[j].name) + 3;
		}
		for (size_t j = 0; j < site->own_count; j++) {
			octets += sizeof(site->own[j]) + strlen(site->own[j].name) + 1;
		}
		for (size_t j = 0; j < site->token_count; j++) {
			octets += sizeof(char *) + strlen(site->tokens[j]) + 1;
		}
	}
	return octets;
}
