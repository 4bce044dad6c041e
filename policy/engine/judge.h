/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judging a name against a loaded policy. Part of the door: policy.h includes it.
 */
#ifndef POLICY_ENGINE_JUDGE_H
#define POLICY_ENGINE_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/finding.h"

struct judge;
struct policy;

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
 * difference. Takes no memory. Of a name that is a finding it keeps a keyed hash and the finding,
 * for a while (judge_memo.h); of any other name nothing, unless judge_remember_honest() was called.
 *
 * \param host  host_len octets, ASCII or UTF-8; need not end in NUL.
 */
enum judge_result judge_name(struct judge *judge, const char *host, size_t host_len,
			     struct finding *out);

/*
 * From now on a keyed hash of each name that is no finding is kept until judge_forget_honest(), so
 * that the name is judged once of the several times that a device asks for it (honest_memo.h). For
 * whoever judges traffic, and calls that within seconds: nothing else forgets them.
 * \returns false when memory is short; names are judged as before then.
 */
bool judge_remember_honest(struct judge *judge);

/* Overwrites what is remembered of names that are no finding. */
void judge_forget_honest(struct judge *judge);

/* How many names resembled something and had to be weighed: a finding asked for again seldom is. */
size_t judge_weighed(const struct judge *judge);

/*
 * What may be spent on a name: three for each token that is weighed, and one for every eight
 * letters of the label it stands in. Candidates come from the name's end, so what is left out then
 * stands in front of all that was weighed, and the registered label has its turn first. Of some
 * 10,900 reported fakes that are found 99.9 % have the same finding without a bound.
 */
#define JUDGE_WORK_MAX 27

/* What the last name that had to be weighed took: at most JUDGE_WORK_MAX. */
size_t judge_work(const struct judge *judge);

/*
 * Judges a domain that the policy protects as if it were a stranger's: which other site would it
 * imitate? That it is protected or excepted does not count, and its own site is not looked at. For
 * loading only.
 *
 * \param site  its displayed name: the very pointer that a policy_site_view has.
 */
enum judge_result judge_stranger(struct judge *judge, const char *host, size_t host_len,
				 const char *site, struct finding *out);

#endif
