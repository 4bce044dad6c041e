/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One entry of a site's `domains` or `own`. Internal to policy/; for loading only.
 */
#ifndef POLICY_FILE_PROTECTED_DOMAIN_H
#define POLICY_FILE_PROTECTED_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/file/parsed_policy.h"

/* Room for a host name of one, with the NUL. */
#define PROTECTED_HOST_SIZE 260

/*
 * Reads a registrable domain ("vietcombank.com.vn", in U-labels or A-labels of any case) or a
 * label under any public suffix ("google.*").
 *
 * \param out  filled on success; the caller frees it with protected_domain_clear().
 * \param why  on failure, gets what is wrong and what to write instead, as a phrase to follow the
 * entry.
 */
bool protected_domain_read(const char *written, struct protected_domain *out, char *why,
			   size_t why_size);

/*
 * Likewise for an entry of `own`: any host name below a public suffix ("cdn.example.net"), which
 * stands for itself and every name under it, or a label under any public suffix. Only `name` and
 * `any_suffix` count; `label` is filled for the latter.
 */
bool own_domain_read(const char *written, struct protected_domain *out, char *why, size_t why_size);

void protected_domain_clear(struct protected_domain *domain);

#endif
