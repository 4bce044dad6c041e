/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A policy: the sites that people here rely on, and what to do when a name imitates one. The one
 * door into policy/. A loaded policy never changes and may be shared by threads; each judges with a
 * judge of its own.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "policy/engine/judge.h"
#include "policy/finding.h"
#include "policy/settings/diagnostics.h"

struct policy;
struct policy_files;

/*
 * Reads, checks and compiles a policy (libconfig syntax; docs/truegate-policy.5), with what it
 * includes. Whole or not at all: after any error nothing is kept.
 *
 * \returns NULL with at least one message in diagnostics. Free with policy_free().
 */
struct policy *policy_load(const char *path, struct diagnostics *diagnostics);

/*
 * Likewise with files that were opened; gets what the policy includes (policy_files.h).
 */
struct policy *policy_load_files(struct policy_files *files, struct diagnostics *diagnostics);

/* Likewise from memory, where nothing can be included; name stands for the file in messages. */
struct policy *policy_load_text(const char *text, const char *name,
				struct diagnostics *diagnostics);
void policy_free(struct policy *policy);

uint32_t policy_version(const struct policy *policy);    /* 1 or more */
const char *policy_contact(const struct policy *policy); /* whom the person can ask; UTF-8 */
size_t policy_site_count(const struct policy *policy);
size_t policy_memory(const struct policy *policy); /* octets, near enough, for metrics */

#endif
