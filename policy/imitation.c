/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/imitation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/engine/judge.h"
#include "policy/engine/policy_parts.h"
#include "policy/file/protected_domain.h"

/* A label under any public suffix is judged under one where imitations are. */
#define ANY_SUFFIX "top"

/* What a protected domain is judged as. */
static void write_host(const struct protected_domain *domain, char *out, size_t out_size)
{
	if (domain->any_suffix) {
		snprintf(out, out_size, "%s." ANY_SUFFIX, domain->label);
	} else {
		snprintf(out, out_size, "%s", domain->name);
	}
}

/* Whether some site of the policy covers this domain: then it is safe, and imitation_check() has
 * its say. */
static bool protects(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->parsed->site_count; i++) {
		const struct site *site = &policy->parsed->sites[i];
		for (size_t j = 0; j < site->domain_count; j++) {
			const struct protected_domain *domain = &site->domains[j];
			const size_t len = strlen(domain->label);
			if (strcmp(domain->name, name) == 0 ||
			    (domain->any_suffix && strncmp(domain->label, name, len) == 0 &&
			     name[len] == '.')) {
				return true;
			}
		}
	}
	return false;
}

static bool is_sure(enum judge_result result, const struct finding *finding)
{
	if (result != JUDGE_FOUND) {
		return false;
	}
	switch (finding->technique) {
	case TECHNIQUE_COMBOSQUAT:
		return finding->confidence == CONFIDENCE_HIGH; /* an honest site's name may go on */
	case TECHNIQUE_TLD_SWAP:
		return true; /* seldom a fake where people meet it; two sites of one policy, yes */
	default:
		return finding->confidence >= CONFIDENCE_MEDIUM;
	}
}

/* Looks at each protected domain with a judge of this policy. */
static bool check_sites(const struct policy *policy, struct judge *judge, const char *name,
			struct diagnostics *diagnostics)
{
	struct pattern_scratch *scratch = pattern_scratch_new();
	bool good = scratch != NULL;
	if (!good) {
		diagnostics_add(diagnostics, name, 0, 0, "out of memory");
	}
	for (size_t i = 0; scratch != NULL && i < policy->parsed->site_count; i++) {
		const struct site *site = &policy->parsed->sites[i];
		for (size_t j = 0; j < site->domain_count; j++) {
			char host[PROTECTED_HOST_SIZE];
			struct finding finding;
			write_host(&site->domains[j], host, sizeof(host));
			if (!is_sure(
				judge_stranger(judge, host, strlen(host), site->name, &finding),
				&finding) ||
			    exceptions_match(policy->exceptions, scratch, host)) {
				continue;
			}
			diagnostics_add(
			    diagnostics, site->domains[j].file, site->domains[j].line,
			    site->domains[j].column,
			    "domain \"%.100s\" of site \"%.80s\" imitates %.100s (%s): if "
			    "it is %.80s's too, list it in that site's domains; if it is "
			    "another honest site, list it in exceptions as well",
			    site->domains[j].name, site->name, finding.imitates, finding.why,
			    finding.site);
			good = false;
		}
	}
	pattern_scratch_free(scratch);
	return good;
}

bool imitation_check(const struct policy *policy, const char *name, struct diagnostics *diagnostics)
{
	struct judge *judge = judge_new(policy);
	if (judge == NULL) {
		diagnostics_add(diagnostics, name, 0, 0, "out of memory");
		return false;
	}
	const bool good = check_sites(policy, judge, name, diagnostics);
	judge_free(judge);
	return good;
}

bool imitation_check_catalogue(const struct policy *policy, const struct policy *catalogue,
			       const char *name, struct diagnostics *diagnostics)
{
	struct judge *judge = judge_new(catalogue);
	bool good = true;
	if (judge == NULL) {
		diagnostics_add(diagnostics, name, 0, 0, "out of memory");
		return false;
	}
	for (size_t i = 0; i < policy->parsed->site_count; i++) {
		const struct site *site = &policy->parsed->sites[i];
		for (size_t j = 0; j < site->domain_count; j++) {
			char host[PROTECTED_HOST_SIZE];
			struct finding finding;
			write_host(&site->domains[j], host, sizeof(host));
			if (!is_sure(judge_name(judge, host, strlen(host), &finding), &finding) ||
			    protects(policy, finding.imitates)) {
				continue;
			}
			diagnostics_add(
			    diagnostics, site->domains[j].file, site->domains[j].line,
			    site->domains[j].column,
			    "domain \"%.100s\" of site \"%.80s\" imitates %.100s of the "
			    "catalogue (%s) and would have the real %.80s flagged: list "
			    "%.100s in the same site's domains, or leave it out",
			    site->domains[j].name, site->name, finding.imitates, finding.why,
			    finding.site, finding.imitates);
			good = false;
		}
	}
	judge_free(judge);
	return good;
}
