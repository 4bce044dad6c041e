/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A policy given as text and a judge of it, for tests of what the engine finds.
 */
#ifndef TESTS_UNIT_POLICY_JUDGING_H
#define TESTS_UNIT_POLICY_JUDGING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/policy.h"

struct judging {
	struct policy *policy;
	struct judge *judge;
};

/* Fails the test when the policy has errors. */
static inline struct judging judging_new(const char *text)
{
	struct diagnostics diagnostics = {0};
	struct judging made;

	made.policy = policy_load_text(text, "test", &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(made.policy);
	made.judge = judge_new(made.policy);
	assert_non_null(made.judge);
	return made;
}

static inline void judging_free(struct judging *given)
{
	judge_free(given->judge);
	policy_free(given->policy);
}

/* The policy that a program's tests share, and what ends the group of them. */
static struct judging judging;

static inline int judging_tear_down(void **state)
{
	(void)state;
	judging_free(&judging);
	return 0;
}

static inline enum judge_result judging_of(const struct judging *given, const char *name,
					   struct finding *out)
{
	return judge_name(given->judge, name, strlen(name), out);
}

/* Everything of two findings that people see is the same. */
static inline bool same_finding(const struct finding *a, const struct finding *b)
{
	return strcmp(a->imitates, b->imitates) == 0 && strcmp(a->site, b->site) == 0 &&
	       a->technique == b->technique && a->confidence == b->confidence &&
	       a->action == b->action && a->labels == b->labels && strcmp(a->why, b->why) == 0 &&
	       strcmp(a->why_vi, b->why_vi) == 0;
}

#endif
