/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a policy file says, checked, before it is compiled for matching. Internal to policy/.
 */
#ifndef POLICY_FILE_PARSED_POLICY_H
#define POLICY_FILE_PARSED_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/finding.h"
#include "policy/settings/diagnostics.h"

/* "vietcombank.com.vn", or "google.*" for a label under any public suffix. Lower case, A-labels. */
struct protected_domain {
	char *name;   /* as written, normalised: "vietcombank.com.vn", "google.*" */
	char *label;  /* the registrable domain's own label: "vietcombank", "google" */
	char *suffix; /* public suffix: "com.vn"; NULL when any_suffix */
	bool any_suffix;
	/* Where it is listed; the file's name is gone when loading is over. */
	const char *file;
	unsigned line, column;
};

struct site {
	char *name; /* displayed, UTF-8 */
	struct protected_domain *domains;
	size_t domain_count;          /* 1 or more */
	struct protected_domain *own; /* never flagged, and nothing imitates them */
	size_t own_count;
	char **
	    tokens; /* as the policy lists them, folded to ASCII, lower case; labels not repeated */
	size_t token_count;
};

struct parsed_policy {
	uint32_t version;
	char *contact;
	enum action actions[CONFIDENCE_COUNT];
	struct site *sites;
	size_t site_count;
	char **exceptions; /* host names, normalised, or PCRE2 patterns, as written; checked */
	size_t exception_count;
	char **decorations; /* PCRE2 patterns, as written; checked */
	size_t decoration_count;
};

struct policy_files;

/*
 * Reads and checks. Unknown settings, wrong types, tokens that are not their site's own, domains
 * that are not registrable and patterns that do not compile are errors, each with its place and
 * with what to write instead. All errors of a file are reported, not just the first.
 *
 * \param files  holds the policy itself; gets what that includes.
 * \returns NULL after any error.
 */
struct parsed_policy *parsed_policy_read_files(struct policy_files *files,
					       struct diagnostics *diagnostics);

/*
 * Likewise from memory, where nothing can be included.
 *
 * \param text  NUL-terminated; name stands for the file in messages.
 */
struct parsed_policy *parsed_policy_read(const char *text, const char *name,
					 struct diagnostics *diagnostics);
void parsed_policy_free(struct parsed_policy *parsed);

#endif
