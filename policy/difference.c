/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/difference.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/engine/policy_parts.h"

/* Longest line: two texts of the largest kind, and words. */
#define LINE_SIZE 1024

struct telling {
	difference_fn *tell;
	void *ctx;
	size_t count;
};

__attribute__((format(printf, 2, 3))) static void tell(struct telling *telling, const char *format,
						       ...)
{
	char line[LINE_SIZE];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	telling->tell(telling->ctx, line);
	telling->count++;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct difference_texts {
	const char **items;
	size_t count;
};

/* A sorted list of what `text_at` gives. \returns false when out of memory. */
static bool sorted(const void *from, size_t count, const char *(*text_at)(const void *, size_t),
		   struct difference_texts *out)
{
	*out = (struct difference_texts){.items = calloc(count + 1, sizeof *out->items),
					 .count = count};
	if (out->items == NULL) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		out->items[i] = text_at(from, i);
	}
	qsort(out->items, count, sizeof *out->items, compare_texts);
	return true;
}

/* Tells what one list has and the other has not. `of` stands in front: "site X: domain". */
static void tell_lists(struct telling *telling, const char *of,
		       const struct difference_texts *before, const struct difference_texts *after)
{
	size_t i = 0;
	size_t j = 0;
	while (i < before->count || j < after->count) {
		const int order = i == before->count  ? 1
				  : j == after->count ? -1
						      : strcmp(before->items[i], after->items[j]);
		if (order < 0) {
			tell(telling, "%s %s is removed", of, before->items[i++]);
		} else if (order > 0) {
			tell(telling, "%s %s is added", of, after->items[j++]);
		} else {
			i++;
			j++;
		}
	}
}

/* \returns false when out of memory. */
static bool compare_lists(struct telling *telling, const char *of,
			  const char *(*text_at)(const void *, size_t), const void *before,
			  size_t before_count, const void *after, size_t after_count)
{
	struct difference_texts old;
	struct difference_texts new;
	const bool has_old = sorted(before, before_count, text_at, &old);
	const bool has_new = sorted(after, after_count, text_at, &new);
	if (has_old && has_new) {
		tell_lists(telling, of, &old, &new);
	}
	free(old.items);
	free(new.items);
	return has_old && has_new;
}

static const char *text_of_list(const void *list, size_t i)
{
	char *const *texts = list;
	return texts[i];
}

static const char *text_of_domain(const void *list, size_t i)
{
	const struct protected_domain *domains = list;
	return domains[i].name;
}

static bool compare_site(struct telling *telling, const struct site *before,
			 const struct site *after)
{
	char of[LINE_SIZE / 2];
	snprintf(of, sizeof of, "site %s: domain", before->name);
	if (!compare_lists(telling, of, text_of_domain, before->domains, before->domain_count,
			   after->domains, after->domain_count)) {
		return false;
	}
	snprintf(of, sizeof of, "site %s: own domain", before->name);
	if (!compare_lists(telling, of, text_of_domain, before->own, before->own_count, after->own,
			   after->own_count)) {
		return false;
	}
	snprintf(of, sizeof of, "site %s: token", before->name);
	return compare_lists(telling, of, text_of_list, before->tokens, before->token_count,
			     after->tokens, after->token_count);
}

static void tell_site(struct telling *telling, const struct site *site, const char *what)
{
	tell(telling, "site %s (%s%s) is %s", site->name, site->domains[0].name,
	     site->domain_count > 1 ? " and others" : "", what);
}

/* By name; of the same name, as two countries' sites may have, by first domain. */
static int compare_sites(const void *a, const void *b)
{
	const struct site *first = *(const struct site *const *)a;
	const struct site *second = *(const struct site *const *)b;
	const int order = strcmp(first->name, second->name);
	return order != 0 ? order : strcmp(first->domains[0].name, second->domains[0].name);
}

static const struct site **sorted_sites(const struct parsed_policy *parsed)
{
	const struct site **sites = calloc(parsed->site_count + 1, sizeof(const struct site *));
	for (size_t i = 0; sites != NULL && i < parsed->site_count; i++) {
		sites[i] = &parsed->sites[i];
	}
	if (sites != NULL) {
		qsort(sites, parsed->site_count, sizeof(const struct site *), compare_sites);
	}
	return sites;
}

/* \returns how many sites from here on have the same name. */
static size_t same_name(const struct site *const *sites, size_t at, size_t count)
{
	size_t same = 1;
	while (at + same < count && strcmp(sites[at]->name, sites[at + same]->name) == 0) {
		same++;
	}
	return same;
}

/* Sites of one name: compared one with one where there is one of each, told apart otherwise. */
static bool compare_group(struct telling *telling, const struct site *const *before, size_t olds,
			  const struct site *const *after, size_t news)
{
	size_t i = 0;
	size_t j = 0;
	if (olds == 1 && news == 1) {
		return compare_site(telling, before[0], after[0]);
	}
	while (i < olds || j < news) {
		const int order = i == olds   ? 1
				  : j == news ? -1
					      : compare_sites(&before[i], &after[j]);
		if (order < 0) {
			tell_site(telling, before[i++], "removed");
		} else if (order > 0) {
			tell_site(telling, after[j++], "added");
		} else if (!compare_site(telling, before[i++], after[j++])) {
			return false;
		}
	}
	return true;
}

static bool compare_all_sites(struct telling *telling, const struct parsed_policy *old,
			      const struct parsed_policy *new)
{
	const struct site **before = sorted_sites(old);
	const struct site **after = sorted_sites(new);
	bool whole = before != NULL && after != NULL;
	size_t i = 0;
	size_t j = 0;
	while (whole && (i < old->site_count || j < new->site_count)) {
		const int order = i == old->site_count   ? 1
				  : j == new->site_count ? -1
							 : strcmp(before[i]->name, after[j]->name);
		const size_t olds = order > 0 ? 0 : same_name(before, i, old->site_count);
		const size_t news = order < 0 ? 0 : same_name(after, j, new->site_count);
		whole = compare_group(telling, before + i, olds, after + j, news);
		i += olds;
		j += news;
	}
	free(before);
	free(after);
	return whole;
}

bool policy_difference(const struct policy *before, const struct policy *after, difference_fn *fn,
		       void *ctx, size_t *count)
{
	const struct parsed_policy *old = before->parsed;
	const struct parsed_policy *new = after->parsed;
	struct telling telling = {.tell = fn, .ctx = ctx};
	if (old->version != new->version) {
		tell(&telling, "version: %" PRIu32 ", then %" PRIu32, old->version, new->version);
	}
	if (strcmp(old->contact, new->contact) != 0) {
		tell(&telling, "contact: %s, then %s", old->contact, new->contact);
	}
	for (unsigned i = 0; i < CONFIDENCE_COUNT; i++) {
		if (old->actions[i] != new->actions[i]) {
			tell(&telling, "action at %s confidence: %s, then %s",
			     confidence_text((enum confidence)i), action_text(old->actions[i]),
			     action_text(new->actions[i]));
		}
	}
	const bool whole =
	    compare_all_sites(&telling, old, new) &&
	    compare_lists(&telling, "exception", text_of_list, old->exceptions,
			  old->exception_count, new->exceptions, new->exception_count) &&
	    compare_lists(&telling, "decoration", text_of_list, old->decorations,
			  old->decoration_count, new->decorations, new->decoration_count);
	*count = telling.count;
	return whole;
}

void policy_local_words(const struct policy *policy, difference_fn *fn, void *ctx, size_t *count)
{
	struct telling telling = {.tell = fn, .ctx = ctx};
	const struct local_file *local = &policy->local;
	for (unsigned i = CONFIDENCE_COUNT; i-- > 0;) {
		if (policy->actions[i] != policy->parsed->actions[i]) {
			tell(&telling, "action at %s confidence: %s instead of %s",
			     confidence_text((enum confidence)i), action_text(policy->actions[i]),
			     action_text(policy->parsed->actions[i]));
		}
	}
	if (local->contact != NULL && strcmp(local->contact, policy->parsed->contact) != 0) {
		tell(&telling, "contact: %s instead of %s", local->contact,
		     policy->parsed->contact);
	}
	for (size_t i = 0; i < local->exception_count; i++) {
		tell(&telling, "exception %s", local->exceptions[i]);
	}
	for (size_t i = 0; i < local->search_count; i++) {
		tell(&telling, "search suffix %s", local->search[i]);
	}
	*count = telling.count;
}
