/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A policy: the sites that people here rely on, and what to do when a name imitates one. The one
 * door into policy/. A loaded policy never changes and may be shared by threads; each judges with a
 * judge of its own.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/engine/judge.h"
#include "policy/finding.h"
#include "policy/settings/diagnostics.h"

struct policy;
struct policy_files;
struct site;

/*
 * Reads, checks and compiles a policy (libconfig syntax; docs/truegate-policy.5), with what it
 * includes. Whole or not at all: after any error nothing is kept.
 *
 * \returns NULL with at least one message in diagnostics. Free with policy_free().
 */
struct policy *policy_load(const char *path, struct diagnostics *diagnostics);

/* Likewise from memory, where nothing can be included; name stands for the file in messages. */
struct policy *policy_load_text(const char *text, const char *name,
				struct diagnostics *diagnostics);
void policy_free(struct policy *policy);

/* Where a policy and what goes with it come from. */
struct policy_source {
	const char *path;
	const char *key; /* minisign's public key file: without a signature by it the policy is
			    refused; NULL or no such file: signatures are not looked at */
	const char
	    *local; /* the office's own file (truegate-policy(5)); NULL or no such file: none */
	const char *established; /* set of established names (policy/engine/established.h); NULL
				    or no such file: none are known */
	const char *catalogue; /* folder of the package's catalogue; NULL: where it is installed */
	bool is_trial; /* nothing is put in force: the catalogue is not asked whom it imitates */
};

/* Likewise with the office's own file, which only takes away and always wins. */
struct policy *policy_load_from(const struct policy_source *source,
				struct diagnostics *diagnostics);

/* Likewise with files that were opened from there; gets what the policy includes (policy_files.h).
 */
struct policy *policy_load_opened(const struct policy_source *source, struct policy_files *files,
				  struct diagnostics *diagnostics);

/* Likewise of files without more, and without asking whom the protected domains imitate
 * (imitation.h). */
struct policy *policy_compile_files(struct policy_files *files, struct diagnostics *diagnostics);

uint32_t policy_version(const struct policy *policy);    /* 1 or more */
const char *policy_contact(const struct policy *policy); /* whom the person can ask; UTF-8; the
							    office's own word applied */

/* A protected site. Strings belong to the policy and live as long as it does. */
struct policy_site_view {
	const char *name; /* displayed, UTF-8 */
	size_t domain_count, own_count, token_count;
	const struct site *site;
};
size_t policy_site_count(const struct policy *policy);
/* \param i  below policy_site_count(). */
void policy_site(const struct policy *policy, size_t i, struct policy_site_view *out);
/* A domain that is protected, a domain that is the site's own without being protected, a token;
 * \param i  below the view's count. */
const char *policy_site_domain(const struct policy_site_view *site, size_t i);
const char *policy_site_own(const struct policy_site_view *site, size_t i);
const char *policy_site_token(const struct policy_site_view *site, size_t i);

/* What the policy excepts, what the office's own file excepts, and its DNS search suffixes; host
 * names (with every name under each) or patterns. \param i  below the count. */
size_t policy_exception_count(const struct policy *policy);
const char *policy_exception_at(const struct policy *policy, size_t i);
size_t policy_local_exception_count(const struct policy *policy);
const char *policy_local_exception_at(const struct policy *policy, size_t i);
size_t policy_local_search_count(const struct policy *policy);
const char *policy_local_search_at(const struct policy *policy, size_t i);

/* What is done at a confidence, the office's own word applied. */
enum action policy_action(const struct policy *policy, enum confidence confidence);

/* Who signed it: minisign's name of the key, 16 hexadecimal digits, and the trusted comment, UTF-8
 * without controls; NULL for a policy whose signature was not asked for. */
const char *policy_signer(const struct policy *policy);
const char *policy_signed_comment(const struct policy *policy);
/* Different labels that are protected, of PROTECTED_LABELS_MAX (limits.h); 0 when out of memory. */
size_t policy_label_count(const struct policy *policy);
size_t policy_memory(const struct policy *policy); /* octets, near enough, for metrics */

#endif
