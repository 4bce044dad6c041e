/*
 * What a loaded policy is made of, for judging. Internal to policy/.
 */
#ifndef POLICY_JUDGE_H
#define POLICY_JUDGE_H

#include "policy/decorations.h"
#include "policy/exceptions.h"
#include "policy/index.h"
#include "policy/policy.h"
#include "policy/protected.h"
#include "policy/rulebook.h"
#include "policy/tokens.h"

struct policy {
	struct rulebook *rulebook;
	struct tokens tokens;
	struct index *index;
	struct protected_set *protected_set;
	struct exceptions *exceptions;
	struct decorations *decorations;
};

#endif
