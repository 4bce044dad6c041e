/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A policy of any octets is either refused with a message or read into what parsed policy.h
 * promises.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/file/parsed_policy.h"
#include "policy/pattern/decorations.h"
#include "policy/pattern/exceptions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool promise)
{
	if (!promise) {
		abort();
	}
}

static void check_site(const struct site *site)
{
	require(site->name != NULL && site->name[0] != '\0');
	require(site->domain_count > 0);
	for (size_t i = 0; i < site->domain_count; i++) {
		const struct protected_domain *domain = &site->domains[i];
		size_t label_len = strlen(domain->label);
		const char *suffix = domain->any_suffix ? "*" : domain->suffix;
		require(label_len > 0 && label_len <= 63);
		require(strncmp(domain->name, domain->label, label_len) == 0);
		require(domain->name[label_len] == '.');
		require(strcmp(domain->name + label_len + 1, suffix) == 0);
	}
	for (size_t i = 0; i < site->token_count; i++) {
		size_t len = strlen(site->tokens[i]);
		require(len >= 2 && len <= 63);
		require(strspn(site->tokens[i], "abcdefghijklmnopqrstuvwxyz0123456789-") == len);
	}
}

static void check_patterns(const struct parsed_policy *parsed)
{
	static const char name[] = "www.xac-thuc-vietcombank-247.example";
	struct decorations *decorations =
	    decorations_new(parsed->decorations, parsed->decoration_count);
	struct exceptions *exceptions = exceptions_new(parsed->exceptions, parsed->exception_count);
	struct pattern_scratch *scratch = pattern_scratch_new();
	require(decorations != NULL && exceptions != NULL && scratch != NULL);
	size_t start = 0;
	size_t end = 0;
	for (int place = PATTERN_ANYWHERE; place < PATTERN_WHOLE; place++) {
		if (decorations_find(decorations, scratch, name, strlen(name),
				     (enum pattern_place)place, &start, &end)) {
			require(start < end && end <= strlen(name));
		}
	}
	require(!decorations_fill(decorations, scratch, "", 0));
	require(decorations_fill(decorations, scratch, "24-7", 4));
	exceptions_match(exceptions, scratch, name);
	require(!exceptions_match(exceptions, scratch, ""));
	pattern_scratch_free(scratch);
	exceptions_free(exceptions);
	decorations_free(decorations);
}

static void check(const struct parsed_policy *parsed)
{
	require(parsed->version > 0);
	require(parsed->contact != NULL && parsed->contact[0] != '\0');
	require(parsed->actions[CONFIDENCE_HIGH] >= parsed->actions[CONFIDENCE_MEDIUM]);
	require(parsed->actions[CONFIDENCE_MEDIUM] >= parsed->actions[CONFIDENCE_LOW]);
	require(parsed->actions[CONFIDENCE_LOW] == ACTION_OBSERVE);
	require(parsed->site_count > 0);
	for (size_t i = 0; i < parsed->site_count; i++) {
		check_site(&parsed->sites[i]);
	}
	check_patterns(parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	require(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	struct diagnostics diagnostics = {0};
	struct parsed_policy *parsed = parsed_policy_read(text, "policy", &diagnostics);
	require((parsed == NULL) == (diagnostics.count > 0));
	if (parsed != NULL) {
		check(parsed);
	}
	diagnostics_print(&diagnostics, stdout);
	parsed_policy_free(parsed);
	free(text);
	return 0;
}
