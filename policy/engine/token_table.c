/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/token_table.h"

#include <stdlib.h>
#include <string.h>

#include "policy/engine/evidence.h"
#include "policy/engine/slip.h"
#include "policy/file/site_token.h"
#include "policy/name/glyph.h"
#include "policy/name/name.h"
#include "policy/name/words.h"

/* Of a site that is protected under any suffix and no other, this one is taken for its own. */
static const char usual_suffix[] = "com";

/* How well a text stands for a domain: by being its label, or a shortening of it. */
static int fit(const char *text, const struct protected_domain *domain)
{
	if (strcmp(text, domain->label) == 0) {
		return 2;
	}
	return token_shortens(text, domain->label) ? 1 : 0;
}

/* Whether a finding names domain a for a text although b is written before it. */
static bool is_named_before(const char *text, const struct protected_domain *a,
			    const struct protected_domain *b)
{
	int a_fit = fit(text, a), b_fit = fit(text, b);

	return a->any_suffix != b->any_suffix ? b->any_suffix : a_fit > b_fit;
}

/* The domain that a finding names for a text that may stand for any of its site's. */
static const struct protected_domain *domain_to_name(const struct site *site, const char *text)
{
	const struct protected_domain *best = &site->domains[0];

	for (size_t i = 1; i < site->domain_count; i++) {
		if (is_named_before(text, &site->domains[i], best)) {
			best = &site->domains[i];
		}
	}
	return best;
}

/* A label's folded form. */
struct folded {
	const char *text;
	const uint32_t *non_latin;
};

/* What is left of the pools that labels are folded into. */
struct pools {
	struct name *name; /* working memory */
	char *text;
	char *half;
	uint32_t *non_latin;
};

static bool is_a_label(const char *label)
{
	return strncmp(label, "xn--", 4) == 0;
}

/* A label as it is read; itself when it is ASCII. Takes from the pools otherwise. */
static struct folded fold_label(const char *label, struct pools *pools)
{
	const struct name *name = pools->name;
	struct folded folded = {.text = label};
	size_t non_latin = 0;

	if (!is_a_label(label) || !name_parse(label, strlen(label), pools->name) ||
	    name->element_count > TOKEN_LEN_MAX) {
		return folded;
	}
	for (size_t i = 0; i < name->element_count; i++) {
		if (name->base[i] == '?') {
			pools->non_latin[non_latin++] = name->origin[i];
		}
	}
	if (non_latin > 0) {
		folded.non_latin = pools->non_latin;
		pools->non_latin[non_latin] = 0;
		pools->non_latin += non_latin + 1;
	}
	memcpy(pools->text, name->base, name->element_count);
	pools->text[name->element_count] = '\0';
	folded.text = pools->text;
	pools->text += name->element_count + 1;
	return folded;
}

/* Some domain of the site with this label, or any when there is none, is under no country's suffix.
 */
static bool is_worldwide(const struct site *site, const char *label)
{
	for (size_t i = 0; i < site->domain_count; i++) {
		const struct protected_domain *domain = &site->domains[i];

		if (domain->any_suffix ||
		    (strcmp(domain->label, label) == 0 && !suffix_is_national(domain->suffix))) {
			return true;
		}
	}
	return false;
}

/* Shorter words end most labels; and no other's label ends in a longer coined one by chance. */
#define TAIL_WORD_MIN 4
#define COINED_LEN_MIN 8

static bool ends_in_word(const char *text, size_t len)
{
	for (size_t tail = TAIL_WORD_MIN; tail < len && len < COINED_LEN_MIN; tail++) {
		if (word_is_common(text + len - tail, tail)) {
			return true;
		}
	}
	return false;
}

static void add(struct token_table *tokens, const struct site *site,
		const struct protected_domain *domain, const struct protected_domain *named,
		struct folded form, bool is_label)
{
	const char *text = form.text;
	size_t len = strlen(text);

	if (len < 2 || len > TOKEN_LEN_MAX) {
		return;
	}
	tokens->items[tokens->count++] = (struct token){
	    .text = text,
	    .non_latin = form.non_latin,
	    .imitated = named->name,
	    .suffix = domain->any_suffix ? usual_suffix : domain->suffix,
	    .site = site->name,
	    .len = (uint8_t)len,
	    .is_label = is_label,
	    .is_word = word_is_common(text, len),
	    .ends_in_word = ends_in_word(text, len),
	    .is_worldwide = is_worldwide(site, text),
	};
}

static int compare(const void *a, const void *b)
{
	const struct token *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	if (order == 0) {
		order = (int)x->is_half - (int)y->is_half;
	}
	if (order == 0) {
		order = strcmp(x->imitated, y->imitated);
	}
	if (order == 0) {
		order = strcmp(x->suffix, y->suffix);
	}
	if (order == 0) {
		order = strcmp(x->site, y->site);
	}
	return order != 0 ? order : (int)y->is_label - (int)x->is_label;
}

/* Whether b, which stands behind a, says nothing more. A half that is a token as it is, too, or
 * comes from several labels of a site, would only be weighed once more. */
static bool is_repeated(const struct token *a, const struct token *b)
{
	if (strcmp(a->text, b->text) != 0) {
		return false;
	}
	if (b->is_half) {
		return !a->is_half || a->site == b->site;
	}
	return strcmp(a->imitated, b->imitated) == 0 && strcmp(a->suffix, b->suffix) == 0;
}

static void drop_repeated(struct token_table *tokens)
{
	size_t kept = 0;

	for (size_t i = 0; i < tokens->count; i++) {
		if (kept == 0 || !is_repeated(&tokens->items[kept - 1], &tokens->items[i])) {
			tokens->items[kept++] = tokens->items[i];
		}
	}
	tokens->count = kept;
}

static void note_first_letters(struct token_table *tokens)
{
	size_t item = 0;

	for (unsigned letter = 0; letter <= 128; letter++) {
		while (item < tokens->count &&
		       (unsigned char)tokens->items[item].text[0] < letter) {
			item++;
		}
		tokens->first_with[letter] = (uint32_t)item;
	}
}

/* Folds each text's letters into the pool. \returns false when memory is short. */
static bool note_fine(struct token_table *tokens)
{
	size_t octets = 1;

	for (size_t i = 0; i < tokens->count; i++) {
		octets += tokens->items[i].len;
	}
	tokens->fine = malloc(octets);
	if (tokens->fine == NULL) {
		return false;
	}
	uint8_t *at = tokens->fine;
	for (size_t i = 0; i < tokens->count; i++) {
		struct token *token = &tokens->items[i];

		token->fine = at;
		token->fine_len = (uint8_t)glyph_fold(token->text, at, token->len);
		at += token->fine_len;
		token->letters = slip_letters(token->fine, token->fine_len);
	}
	return true;
}

static void note_beginnings(struct token_table *tokens)
{
	memset(tokens->beginnings, NO_LETTER,
	       (tokens->count / BEGINNINGS + 1) * sizeof(*tokens->beginnings));
	for (size_t i = 0; i < tokens->count; i++) {
		const struct token *token = &tokens->items[i];

		if (token->fine_len >= ONE_SLIP_LEN_MIN && !token->is_half) {
			struct token_beginnings *beginnings = &tokens->beginnings[i / BEGINNINGS];

			beginnings->second[i % BEGINNINGS] = token->fine[1];
			beginnings->third[i % BEGINNINGS] = token->fine[2];
			beginnings->fourth[i % BEGINNINGS] = token->fine[3];
			for (size_t j = 0; j < sizeof(token->letters); j++) {
				beginnings->letters[j][i % BEGINNINGS] =
				    (uint8_t)(token->letters >> 8 * j);
			}
		}
	}
}

/* A shorter half is too few letters to know a site by. */
#define HALF_LEN_MIN 6

static bool has_half(const char *label)
{
	const char *hyphen = strchr(label, '-');
	const size_t len = hyphen != NULL ? (size_t)(hyphen - label) : 0;

	return !is_a_label(label) && len >= HALF_LEN_MIN && !word_is_common(label, len);
}

/* Adds what stands before the label's hyphen: "deutsche" of deutsche-bank. Takes from the pool. */
static void add_half(struct token_table *tokens, const struct site *site,
		     const struct protected_domain *domain, struct pools *pools)
{
	const size_t len = strcspn(domain->label, "-");

	if (!has_half(domain->label)) {
		return;
	}
	memcpy(pools->half, domain->label, len);
	pools->half[len] = '\0';
	add(tokens, site, domain, domain, (struct folded){.text = pools->half}, false);
	tokens->items[tokens->count - 1].is_half = true;
	pools->half += len + 1;
}

static void add_site(struct token_table *tokens, const struct site *site, struct pools *pools)
{
	for (size_t i = 0; i < site->domain_count; i++) {
		const struct protected_domain *domain = &site->domains[i];

		add(tokens, site, domain, domain_to_name(site, domain->label),
		    fold_label(domain->label, pools), true);
		add_half(tokens, site, domain, pools);
	}
	for (size_t i = 0; i < site->token_count; i++) {
		const struct protected_domain *named = domain_to_name(site, site->tokens[i]);

		add(tokens, site, named, named, (struct folded){.text = site->tokens[i]}, false);
	}
}

static size_t count_halves(const struct site *site)
{
	size_t count = 0;

	for (size_t i = 0; i < site->domain_count; i++) {
		count += has_half(site->domains[i].label);
	}
	return count;
}

static size_t count_a_labels(const struct site *site)
{
	size_t count = 0;

	for (size_t i = 0; i < site->domain_count; i++) {
		count += is_a_label(site->domains[i].label);
	}
	return count;
}

bool token_table_make(const struct parsed_policy *parsed, struct token_table *out)
{
	struct pools pools = {.name = malloc(sizeof(*pools.name))};
	size_t count = 0, a_labels = 0, halves = 0;

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < parsed->site_count; i++) {
		a_labels += count_a_labels(&parsed->sites[i]);
		halves += count_halves(&parsed->sites[i]);
		count += parsed->sites[i].domain_count + parsed->sites[i].token_count;
	}
	count += halves;
	out->items = calloc(count + 1, sizeof(*out->items));
	out->entries = calloc(count + 1, sizeof(*out->entries));
	out->beginnings = calloc(count / BEGINNINGS + 1, sizeof(*out->beginnings));
	out->halves = pools.half = malloc(halves * (TOKEN_LEN_MAX + 1) + 1);
	out->folded = pools.text = malloc(a_labels * (TOKEN_LEN_MAX + 1) + 1);
	out->non_latin = pools.non_latin =
	    calloc(a_labels * (TOKEN_LEN_MAX + 1) + 1, sizeof(uint32_t));
	if (pools.name == NULL || out->items == NULL || out->entries == NULL ||
	    out->beginnings == NULL || out->halves == NULL || out->folded == NULL ||
	    out->non_latin == NULL) {
		free(pools.name);
		token_table_free(out);
		return false;
	}
	for (size_t i = 0; i < parsed->site_count; i++) {
		add_site(out, &parsed->sites[i], &pools);
	}
	free(pools.name);
	qsort(out->items, out->count, sizeof(*out->items), compare);
	drop_repeated(out);
	if (!note_fine(out)) {
		token_table_free(out);
		return false;
	}
	note_first_letters(out);
	note_beginnings(out);
	for (size_t i = 0; i < out->count; i++) {
		out->entries[i] = (struct index_entry){.text = out->items[i].text,
						       .suffix = out->items[i].suffix};
	}
	return true;
}

void token_table_free(struct token_table *tokens)
{
	free(tokens->items);
	free(tokens->entries);
	free(tokens->beginnings);
	free(tokens->halves);
	free(tokens->folded);
	free(tokens->non_latin);
	free(tokens->fine);
	memset(tokens, 0, sizeof(*tokens));
}
