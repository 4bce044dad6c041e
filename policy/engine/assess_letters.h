/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a candidate's letters tell, wherever they stand. Internal to assessment. */
#ifndef POLICY_ENGINE_ASSESS_LETTERS_H
#define POLICY_ENGINE_ASSESS_LETTERS_H

#include <stdbool.h>

#include "policy/engine/assessment.h"

/* \returns false when no place of theirs could make it a finding. */
bool assess_letters(const struct name_context *setting, struct aligner *aligner,
		    const struct token *token, size_t start, size_t end, struct assessment *out);

#endif
