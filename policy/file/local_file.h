/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office's own file, local.conf (docs/truegate-policy.5): unsigned, never touched by a
 * delivered policy. It can only take away, and always wins. Internal to policy/; for loading only.
 */
#ifndef POLICY_FILE_LOCAL_FILE_H
#define POLICY_FILE_LOCAL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/finding.h"
#include "policy/settings/diagnostics.h"

/* A larger one is refused, in octets. */
#define LOCAL_FILE_OCTETS_MAX ((size_t)1 << 20)

struct local_file {
	char *contact;                         /* in the policy's place; NULL: the policy's */
	enum action at_most[CONFIDENCE_COUNT]; /* no finding gets a stricter one */
	char **exceptions;                     /* as struct parsed_policy has them */
	size_t exception_count;
	char **search; /* DNS search suffixes, normalised: a name under one is never flagged */
	size_t search_count;
};

/* Fills in what an office without such a file has: nothing is taken away. */
void local_file_init(struct local_file *out);

/*
 * Reads and checks the file; none at this path is as an empty one.
 *
 * \returns false with at least one message; out is then as local_file_init() left it. Free it with
 * local_file_clear() either way.
 */
bool local_file_read(const char *path, struct local_file *out, struct diagnostics *diagnostics);

/* Likewise from memory; name stands for the file in messages. */
bool local_file_read_text(const char *text, const char *name, struct local_file *out,
			  struct diagnostics *diagnostics);
void local_file_clear(struct local_file *local);

#endif
