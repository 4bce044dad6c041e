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
	struct judging judging;

	judging.policy = policy_load_text(text, "test", &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(judging.policy);
	judging.judge = judge_new(judging.policy);
	assert_non_null(judging.judge);
	return judging;
}

static inline void judging_free(struct judging *judging)
{
	judge_free(judging->judge);
	policy_free(judging->policy);
}

static inline enum judge_result judging_of(const struct judging *judging, const char *name,
					   struct finding *out)
{
	return judge_name(judging->judge, name, strlen(name), out);
}

/* Everything of two findings that people see is the same. */
static inline bool same_finding(const struct finding *a, const struct finding *b)
{
	return strcmp(a->imitates, b->imitates) == 0 && strcmp(a->site, b->site) == 0 &&
	       a->technique == b->technique && a->confidence == b->confidence &&
	       a->action == b->action && strcmp(a->why, b->why) == 0;
}

#endif
