/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/parsed_sites.h"

#include <stdlib.h>
#include <string.h>

#include "policy/file/protected_domain.h"
#include "policy/file/shown_text.h"
#include "policy/file/site_token.h"
#include "policy/limits.h"

#define SITE_EXAMPLE "{ name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; }"

/* Far beyond any real site; every token of a site is held against each of its domains. */
#define SITE_DOMAINS_MAX 256
#define SITE_TOKENS_MAX 32

static void read_domains(struct config_reader *reader, const struct setting *group,
			 struct site *site, struct site_keys *keys)
{
	const struct setting *list = setting_member(group, "domains");
	if (list == NULL) {
		config_reader_error(reader, group,
				    "this site has no domains; write it as " SITE_EXAMPLE);
		return;
	}
	if (setting_is_list(list) && list->count == 0) {
		config_reader_error(reader, list,
				    "domains is empty; write at least one domain of the site");
		return;
	}
	if (list->count > SITE_DOMAINS_MAX) {
		config_reader_error(reader, list,
				    "domains has %zu entries; write at most %d for a site",
				    list->count, SITE_DOMAINS_MAX);
		return;
	}
	const struct setting **texts = NULL;
	size_t count = config_reader_texts(reader, list, "domains", &texts);
	site->domains = count > 0 ? calloc(count, sizeof(*site->domains)) : NULL;
	if (count > 0 && site->domains == NULL) {
		config_reader_no_memory(reader);
		count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct protected_domain *domain = &site->domains[site->domain_count];
		const char *written = setting_text(texts[i]);
		char why[256];
		if (!protected_domain_read(written, domain, why, sizeof(why))) {
			config_reader_error(reader, texts[i], "domain \"%.100s\" %s", written, why);
			continue;
		}
		domain->file = reader->file->name;
		domain->line = texts[i]->line;
		domain->column = texts[i]->column;
		site->domain_count++;
		config_reader_add_key(reader, &keys->domains, domain->name, texts[i]);
		config_reader_add_key(reader, &keys->labels, domain->label, texts[i]);
	}
	free(texts);
}

static void read_own(struct config_reader *reader, const struct setting *group, struct site *site,
		     struct site_keys *keys)
{
	const struct setting *list = setting_member(group, "own");
	if (list != NULL && list->count > SITE_DOMAINS_MAX) {
		config_reader_error(reader, list,
				    "own has %zu entries; write at most %d for a site", list->count,
				    SITE_DOMAINS_MAX);
		return;
	}
	const struct setting **texts = NULL;
	size_t count = config_reader_texts(reader, list, "own", &texts);
	site->own = count > 0 ? calloc(count, sizeof(*site->own)) : NULL;
	if (count > 0 && site->own == NULL) {
		config_reader_no_memory(reader);
		count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct protected_domain *own = &site->own[site->own_count];
		const char *written = setting_text(texts[i]);
		char why[256];
		if (!own_domain_read(written, own, why, sizeof(why))) {
			config_reader_error(reader, texts[i], "domain \"%.100s\" %s", written, why);
			continue;
		}
		site->own_count++;
		config_reader_add_key(reader, &keys->domains, own->name, texts[i]);
	}
	free(texts);
}

static void read_tokens(struct config_reader *reader, const struct setting *group,
			struct site *site, struct config_reader_keys *keys)
{
	const struct setting *list = setting_member(group, "tokens");
	if (list != NULL && list->count > SITE_TOKENS_MAX) {
		config_reader_error(reader, list,
				    "tokens has %zu entries; write at most %d for a site",
				    list->count, SITE_TOKENS_MAX);
		return;
	}
	const struct setting **texts = NULL;
	size_t count = config_reader_texts(reader, list, "tokens", &texts);
	/* Without name or domains there is nothing to hold a token against. */
	if (count == 0 || site->name == NULL || site->domain_count == 0) {
		free(texts);
		return;
	}
	site->tokens = calloc(count, sizeof(*site->tokens));
	if (site->tokens == NULL) {
		config_reader_no_memory(reader);
		count = 0;
	}
	for (size_t i = 0; i < count; i++) {
		const char *written = setting_text(texts[i]);
		char token[TOKEN_SIZE];
		char why[320];
		bool own = false;
		if (!site_token_read(written, site, reader->folder, token, &own, why,
				     sizeof(why))) {
			config_reader_error(reader, texts[i], "token \"%.63s\" %s", written, why);
			continue;
		}
		if (own) {
			continue;
		}
		char *copy = strdup(token);
		if (copy == NULL) {
			config_reader_no_memory(reader);
			break;
		}
		site->tokens[site->token_count++] = copy;
		config_reader_add_key(reader, keys, copy, texts[i]);
	}
	free(texts);
}

static void read_site(struct config_reader *reader, const struct setting *group, struct site *site,
		      struct site_keys *keys)
{
	static const char *const known[] = {"name", "domains", "own", "tokens", NULL};
	if (group->kind != SETTING_GROUP) {
		config_reader_error(reader, group,
				    "a site is written in braces, such as " SITE_EXAMPLE);
		return;
	}
	config_reader_refuse_unknown(reader, group, known,
				     "a site has only name, domains, own and tokens");
	const struct setting *name = setting_member(group, "name");
	if (name == NULL) {
		config_reader_error(reader, group,
				    "this site has no name; write it as " SITE_EXAMPLE);
	} else {
		site->name = config_reader_text(reader, name, "name", site_name_fault);
	}
	if (site->name != NULL) {
		config_reader_add_key(reader, &keys->names, site->name, name);
	}
	read_domains(reader, group, site, keys);
	read_own(reader, group, site, keys);
	read_tokens(reader, group, site, &keys->tokens);
}

static int compare_key_texts(const void *a, const void *b)
{
	return strcmp(((const struct config_reader_key *)a)->key,
		      ((const struct config_reader_key *)b)->key);
}

static void refuse_labels_of_others(struct config_reader *reader,
				    const struct config_reader_keys *tokens,
				    const struct config_reader_keys *labels)
{
	if (tokens->count == 0 || labels->count == 0) {
		return;
	}
	qsort(labels->items, labels->count, sizeof(*labels->items), compare_key_texts);
	for (size_t i = 0; i < tokens->count; i++) {
		const struct config_reader_key *token = &tokens->items[i];
		const struct config_reader_key *label = bsearch(
		    token, labels->items, labels->count, sizeof(*labels->items), compare_key_texts);
		if (label != NULL) {
			char place[READER_PLACE_SIZE];
			config_reader_error(
			    reader, token->at,
			    "token \"%s\" is the label of another site's domain, at %s; "
			    "leave it out",
			    token->key, config_reader_place(label->at, place));
		}
	}
}

void parsed_policy_read_sites(struct config_reader *reader, const struct setting *list,
			      struct parsed_policy *parsed, struct site_keys *keys)
{
	if (list->kind != SETTING_LIST) {
		config_reader_error(
		    reader, list,
		    "sites must be a list in round brackets, such as sites = ( " SITE_EXAMPLE
		    " );");
		return;
	}
	const size_t count = list->count;
	if (count == 0) {
		config_reader_error(reader, list,
				    "sites is empty; write at least one, such as " SITE_EXAMPLE);
		return;
	}
	struct site *sites =
	    reallocarray(parsed->sites, parsed->site_count + count, sizeof(*sites));
	if (sites == NULL) {
		config_reader_no_memory(reader);
		return;
	}
	parsed->sites = sites;
	for (size_t i = 0; i < count; i++) {
		const struct setting *group = list->children[i];
		struct site *site = &sites[parsed->site_count++];
		*site = (struct site){0};
		read_site(reader, group, site, keys);
	}
}

/* Different labels; keys are sorted. */
static size_t count_labels(const struct config_reader_keys *labels)
{
	size_t count = 0;
	for (size_t i = 0; i < labels->count; i++) {
		count +=
		    i == 0 || strcmp(labels->items[i - 1].key, labels->items[i].key) != 0 ? 1 : 0;
	}
	return count;
}

static void refuse_too_many(struct config_reader *reader, struct config_reader_keys *labels)
{
	if (labels->count <= PROTECTED_LABELS_MAX) {
		return;
	}
	qsort(labels->items, labels->count, sizeof(*labels->items), compare_key_texts);
	const size_t count = count_labels(labels);
	if (count > PROTECTED_LABELS_MAX) {
		config_reader_error(reader, NULL,
				    "protects %zu different labels; write at most %d, of the sites "
				    "that people here use (a label under several suffixes, such as "
				    "shopee.vn and shopee.sg, counts once)",
				    count, PROTECTED_LABELS_MAX);
	}
}

void parsed_policy_compare_sites(struct config_reader *reader, struct site_keys *keys)
{
	config_reader_refuse_twice(reader, &keys->names, "the site name");
	config_reader_refuse_twice(reader, &keys->domains, "domain");
	config_reader_refuse_twice(reader, &keys->tokens, "token");
	refuse_too_many(reader, &keys->labels);
	/* A site's own labels are no tokens, so a label that is one belongs to another site. */
	refuse_labels_of_others(reader, &keys->tokens, &keys->labels);
}

void site_keys_clear(struct site_keys *keys)
{
	free(keys->names.items);
	free(keys->domains.items);
	free(keys->labels.items);
	free(keys->tokens.items);
}

static void free_site(struct site *site)
{
	for (size_t i = 0; i < site->domain_count; i++) {
		protected_domain_clear(&site->domains[i]);
	}
	for (size_t i = 0; i < site->token_count; i++) {
		free(site->tokens[i]);
	}
	for (size_t i = 0; i < site->own_count; i++) {
		protected_domain_clear(&site->own[i]);
	}
	free(site->domains);
	free(site->own);
	free(site->tokens);
	free(site->name);
}

void parsed_policy_free_sites(struct parsed_policy *parsed)
{
	for (size_t i = 0; i < parsed->site_count; i++) {
		free_site(&parsed->sites[i]);
	}
	free(parsed->sites);
}
