/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/protected_domain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/name/domain_name.h"
#include "policy/name/suffix.h"

static bool fill(struct protected_domain *out, const char *name, size_t label_len)
{
	const char *suffix = name + label_len + 1;
	out->any_suffix = strcmp(suffix, "*") == 0;
	out->name = strdup(name);
	out->label = strndup(name, label_len);
	out->suffix = out->any_suffix ? NULL : strdup(suffix);
	if (out->name == NULL || out->label == NULL || (out->suffix == NULL && !out->any_suffix)) {
		protected_domain_clear(out);
		return false;
	}
	return true;
}

static bool read_any_suffix(const char *written, size_t label_len, struct protected_domain *out,
			    char *why, size_t why_size)
{
	char label[HOST_NAME_SIZE];
	char name[HOST_NAME_SIZE + 2];
	snprintf(label, sizeof(label), "%.*s", (int)label_len, written);
	const char *fault = domain_name_normalise(label, name);
	if (fault != NULL) {
		snprintf(why, why_size, "%s", fault);
		return false;
	}
	if (strchr(name, '.') != NULL) {
		snprintf(why, why_size,
			 "has more than one label before \".*\"; write one, such as \"google.*\"");
		return false;
	}
	label_len = strlen(name);
	memcpy(name + label_len, ".*", sizeof(".*"));
	if (!fill(out, name, label_len)) {
		snprintf(why, why_size, "could not be kept: out of memory");
		return false;
	}
	return true;
}

/* Whether an entry is a label under any public suffix. */
static bool is_any_suffix(const char *written, size_t len)
{
	return len > 2 && len < HOST_NAME_SIZE && strcmp(written + len - 2, ".*") == 0;
}

/*
 * Reads the name of an entry, which must be below a public suffix.
 *
 * \param registrable  gets where the registrable domain begins in it.
 */
static bool read_name(const char *written, char name[HOST_NAME_SIZE], size_t *registrable,
		      char *why, size_t why_size)
{
	if (strncmp(written, "*.", 2) == 0) {
		snprintf(why, why_size,
			 "begins with \"*.\"; leave that out, a domain covers every name under it");
		return false;
	}
	const char *fault = domain_name_normalise(written, name);
	if (fault != NULL) {
		snprintf(why, why_size, "%s", fault);
		return false;
	}
	bool is_suffix = false;
	*registrable = registrable_offset(name, &is_suffix);
	if (strchr(name, '.') != NULL && top_level_of(name) == TOP_LEVEL_UNKNOWN) {
		snprintf(why, why_size,
			 "is under \"%.63s\", which is not a top-level domain; check its spelling",
			 strrchr(name, '.'));
		return false;
	}
	if (is_suffix && strchr(name, '.') == NULL) {
		snprintf(
		    why, why_size,
		    "has no dot; write the whole domain, such as \"%.63s.com.vn\", or \"%.63s.*\" "
		    "for this label under any public suffix",
		    name, name);
		return false;
	}
	if (is_suffix) {
		snprintf(why, why_size,
			 "is a public suffix; write the site's own name under it, such as "
			 "\"example.%.120s\"",
			 name);
		return false;
	}
	return true;
}

/*
 * Whether a registrable domain is where other people register in turn, though no registry's: one of
 * the list's private section ("github.io"), or one that looks like a registry's own ("com.be").
 */
static bool is_host_of_others(const char *name, size_t registrable)
{
	static const char *const second_levels[] = {"ac", "co", "com", "edu", "gov", "net", "org"};
	const size_t len = strcspn(name + registrable, ".");
	for (size_t i = 0; i < sizeof(second_levels) / sizeof(*second_levels); i++) {
		if (len == strlen(second_levels[i]) &&
		    strncmp(name + registrable, second_levels[i], len) == 0) {
			return true;
		}
	}
	return suffix_is_host(name, registrable);
}

bool protected_domain_read(const char *written, struct protected_domain *out, char *why,
			   size_t why_size)
{
	memset(out, 0, sizeof(*out));
	const size_t len = strlen(written);
	if (is_any_suffix(written, len)) {
		return read_any_suffix(written, len - 2, out, why, why_size);
	}
	char name[HOST_NAME_SIZE];
	size_t registrable = 0;
	if (!read_name(written, name, &registrable, why, why_size)) {
		return false;
	}
	size_t label_len = suffix_offset(name) - 1;
	if (registrable > 0 && is_host_of_others(name, registrable)) {
		/* The label in front is the site's; what stands before that is too narrow as ever.
		 */
		size_t start = registrable - 1;
		while (start > 0 && name[start - 1] != '.') {
			start--;
		}
		label_len = registrable - 1;
		registrable = start;
	}
	if (registrable > 0) {
		snprintf(why, why_size,
			 "is too narrow; write \"%.200s\", it covers every name "
			 "under it",
			 name + registrable);
		return false;
	}
	if (!fill(out, name, label_len)) {
		snprintf(why, why_size, "could not be kept: out of memory");
		return false;
	}
	return true;
}

bool own_domain_read(const char *written, struct protected_domain *out, char *why, size_t why_size)
{
	memset(out, 0, sizeof(*out));
	const size_t len = strlen(written);
	if (is_any_suffix(written, len)) {
		return read_any_suffix(written, len - 2, out, why, why_size);
	}
	char name[HOST_NAME_SIZE];
	size_t registrable = 0;
	if (!read_name(written, name, &registrable, why, why_size)) {
		return false;
	}
	out->name = strdup(name);
	if (out->name == NULL) {
		snprintf(why, why_size, "could not be kept: out of memory");
		return false;
	}
	return true;
}

void protected_domain_clear(struct protected_domain *domain)
{
	free(domain->name);
	free(domain->label);
	free(domain->suffix);
	memset(domain, 0, sizeof(*domain));
}
