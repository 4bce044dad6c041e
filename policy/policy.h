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

#include "policy/finding.h"
#include "policy/settings/diagnostics.h"

/* A policy file larger than this is none: a list of the 200,000 most used sites is some 15 MiB. */
#define POLICY_OCTETS_MAX ((size_t)16 << 20)

struct policy;
struct policy_files;
struct judge;

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

/*
 * A thread's working memory for judging names against one policy. The policy must outlive it.
 * \returns NULL when memory is short.
 */
struct judge *judge_new(const struct policy *policy);
void judge_free(struct judge *judge);

enum judge_result {
	JUDGE_NOT_A_NAME = -1, /* no host name: empty, too long, an empty label, an IP literal */
	JUDGE_NOTHING = 0,
	JUDGE_FOUND = 1, /* out is filled */
};

/*
 * Judges one name. Case, a trailing dot and the choice between A-label and U-label make no
 * difference. Takes no memory. Keeps nothing of the name after it returns.
 *
 * \param host  host_len octets, ASCII or UTF-8; need not end in NUL.
 */
enum judge_result judge_name(struct judge *judge, const char *host, size_t host_len,
			     struct finding *out);

#endif
