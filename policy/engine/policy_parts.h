/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a loaded policy is made of, for judging. Internal to policy/.
 */
#ifndef POLICY_ENGINE_POLICY_PARTS_H
#define POLICY_ENGINE_POLICY_PARTS_H

#include "policy/engine/established.h"
#include "policy/engine/index.h"
#include "policy/engine/protected_set.h"
#include "policy/engine/slip_search.h"
#include "policy/engine/token_table.h"
#include "policy/file/local_file.h"
#include "policy/file/parsed_policy.h"
#include "policy/pattern/decorations.h"
#include "policy/pattern/exceptions.h"

struct policy {
	struct parsed_policy *parsed;
	struct local_file local;
	enum action actions[CONFIDENCE_COUNT]; /* the policy's, as the local file leaves them */
	char *signer;                          /* NULL when no signature was asked for */
	char *signed_comment;
	struct token_table tokens;
	struct index *index;
	struct slip_table *slips;
	struct protected_set *protected_set;
	struct exceptions *exceptions;
	struct decorations *decorations;
	struct established *established; /* NULL: none are known */
};

#endif
