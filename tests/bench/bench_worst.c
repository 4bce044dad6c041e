/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The name that takes longest to judge, found by climbing: names are made from the policy's own
 * labels, glue and decorations, and changed a piece at a time; a change stays when the name takes
 * longer. The way is seeded, so that it is the same on every run but for what the clock says.
 *
 * usage: bench_worst [--catalogue DIR] [--rounds N] POLICY ...
 * Prints a line for each policy: microseconds, work (judge_work()), name.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/policy.h"
#include "tests/bench/seeded.h"

#define NAME_MAX_LEN 240
#define LABEL_MAX_LEN 60
#define PIECES_MAX 40
#define STARTS 24
#define REPEATS 5

struct attempt {
	const char *pieces[PIECES_MAX];
	size_t count;
	char name[NAME_MAX_LEN + 1];
	double us;
	size_t work;
};

static const char *tokens[8192];
static size_t token_count;
static const char *const glue[] = {"-", ".", "",  "login",  "co",    "jp", "com", "vn",
				   "1", "x", "s", "secure", "-com-", "rn", "0"};

static void add_tokens(const struct policy *policy)
{
	token_count = 0;
	for (size_t i = 0; i < policy_site_count(policy); i++) {
		struct policy_site_view site;
		policy_site(policy, i, &site);
		for (size_t j = 0; j < site.domain_count && token_count < 8192; j++) {
			char *label = strndup(policy_site_domain(&site, j),
					      strcspn(policy_site_domain(&site, j), "."));
			if (label == NULL) {
				abort();
			}
			tokens[token_count++] = label;
		}
	}
}

static const char *any_piece(struct seeded *random)
{
	return seeded_percent(random, 60)
		   ? tokens[seeded_below(random, (uint32_t)token_count)]
		   : glue[seeded_below(random, (uint32_t)(sizeof(glue) / sizeof(*glue)))];
}

/* The pieces over and over, in labels no longer than a name may have. */
static void write_name(struct attempt *a, const char *suffix)
{
	size_t len = 0, label = 0;
	for (size_t i = 0; len < NAME_MAX_LEN - 8; i++) {
		for (const char *at = a->pieces[i % a->count];
		     *at != '\0' && len < NAME_MAX_LEN - 8; at++) {
			if (*at == '.' ? label == 0 : label == LABEL_MAX_LEN) {
				if (*at == '.') {
					continue;
				}
				a->name[len++] = '.';
				label = 0;
			}
			a->name[len++] = *at;
			label = *at == '.' ? 0 : label + 1;
		}
		if (i > NAME_MAX_LEN) {
			break;
		}
	}
	while (len > 0 && (a->name[len - 1] == '.' || a->name[len - 1] == '-')) {
		len--;
	}
	memcpy(a->name + len, suffix, strlen(suffix) + 1);
}

static double now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* The shortest of some times; each in other case, which the memo of findings does not know. */
static void measure(struct judge *judge, struct attempt *a, size_t repeats)
{
	char name[NAME_MAX_LEN + 1];
	struct finding finding;
	memcpy(name, a->name, sizeof(name));
	const size_t len = strlen(name);
	a->us = 1e9;
	for (size_t i = 0, at = 0; i < repeats && at < len; at++) {
		if (name[at] < 'a' || name[at] > 'z') {
			continue;
		}
		name[at] = (char)(name[at] - 'a' + 'A');
		const double start = now_us();
		(void)judge_name(judge, name, len, &finding);
		const double took = now_us() - start;
		a->us = took < a->us ? took : a->us;
		i++;
	}
	a->work = judge_work(judge);
}

static void change(struct attempt *a, struct seeded *random)
{
	const uint32_t at = seeded_below(random, (uint32_t)a->count);
	switch (seeded_below(random, 3)) {
	case 0:
		a->pieces[at] = any_piece(random);
		break;
	case 1:
		if (a->count < PIECES_MAX) {
			a->pieces[a->count++] = any_piece(random);
		}
		break;
	default:
		if (a->count > 1) {
			a->pieces[at] = a->pieces[--a->count];
		}
		break;
	}
}

static struct attempt climb(struct judge *judge, struct seeded *random, size_t rounds)
{
	static const char *const suffixes[] = {".com", ".xyz", ".co.jp", ".com.vn", ".top"};
	struct attempt worst = {.us = 0};
	for (size_t start = 0; start < STARTS; start++) {
		const char *suffix = suffixes[seeded_below(
		    random, (uint32_t)(sizeof(suffixes) / sizeof(*suffixes)))];
		struct attempt best = {.count = 1, .pieces = {any_piece(random)}};
		while (best.pieces[0][0] == '\0') {
			best.pieces[0] = any_piece(random);
		}
		write_name(&best, suffix);
		measure(judge, &best, REPEATS);
		for (size_t i = 0; i < rounds; i++) {
			struct attempt next = best;
			change(&next, random);
			write_name(&next, suffix);
			measure(judge, &next, REPEATS);
			if (next.us > best.us) {
				measure(judge, &next, REPEATS * 2);
				best = next.us > best.us ? next : best;
			}
		}
		if (best.us > worst.us) {
			measure(judge, &best, REPEATS * 4);
			worst = best.us > worst.us ? best : worst;
		}
	}
	return worst;
}

int main(int argc, char **argv)
{
	struct policy_source source = {.is_trial = true};
	size_t rounds = 400;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--catalogue") == 0 && i + 1 < argc) {
			source.catalogue = argv[++i];
			continue;
		}
		if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
			rounds = strtoul(argv[++i], NULL, 10);
			continue;
		}
		struct diagnostics diagnostics = {0};
		source.path = argv[i];
		struct policy *policy = policy_load_from(&source, &diagnostics);
		struct judge *judge = policy != NULL ? judge_new(policy) : NULL;
		if (judge == NULL) {
			diagnostics_print(&diagnostics, stderr);
			return 1;
		}
		struct seeded random = {20261126};
		add_tokens(policy);
		const struct attempt worst = climb(judge, &random, rounds);
		printf("%.1f us, work %zu, %s: %s\n", worst.us, worst.work, argv[i], worst.name);
		judge_free(judge);
		policy_free(policy);
	}
	return 0;
}
