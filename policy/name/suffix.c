/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/name/suffix.h"

#include <libpsl.h>
#include <string.h>

/*
 * No rule of the list's ICANN section has more labels than this (tests/unit/policy/test_suffix.c
 * holds the list to it), so a name of many labels costs no more than a short one.
 */
#define SUFFIX_LABELS_MAX 6

/* Likewise under a top level that is not a country's, of two letters. */
#define GENERIC_SUFFIX_LABELS_MAX 2

/* Where the last `labels` labels of name begin; 0 when it has no more than that. */
static size_t last_labels(const char *name, size_t len, size_t labels)
{
	size_t at = len;
	while (at > 0) {
		if (name[at - 1] == '.' && --labels == 0) {
			return at;
		}
		at--;
	}
	return 0;
}

/* Labels that a suffix of this name can have at the most. */
static size_t labels_max(const char *name, size_t len)
{
	size_t last = last_labels(name, len, 1);

	return len - last == 2 ? SUFFIX_LABELS_MAX : GENERIC_SUFFIX_LABELS_MAX;
}

size_t suffix_offset(const char *name)
{
	const psl_ctx_t *list = psl_builtin();
	size_t len = strlen(name);
	size_t at = last_labels(name, len, labels_max(name, len));
	while (psl_is_public_suffix2(list, name + at, PSL_TYPE_ICANN) == 0) {
		const char *dot = strchr(name + at, '.');
		if (dot == NULL || dot[1] == '\0') {
			break;
		}
		at = (size_t)(dot + 1 - name);
	}
	return at;
}

size_t registrable_offset(const char *name, bool *is_suffix)
{
	size_t at = suffix_offset(name);
	*is_suffix = at == 0;
	if (at == 0) {
		return 0;
	}
	return last_labels(name, at - 1, 1);
}

enum top_level top_level_of(const char *name)
{
	/* RFC 6761, RFC 6762 with its appendix G, RFC 8375 (home.arpa is under a real one), and
	 * .internal (ICANN board, 2024-07-29). */
	static const char *const private_names[] = {
	    "example",  "test",    "invalid", "localhost", "local", "internal",
	    "intranet", "private", "corp",    "home",      "lan",
	};
	const char *dot = strrchr(name, '.');
	const char *last = dot != NULL ? dot + 1 : name;
	for (size_t i = 0; i < sizeof(private_names) / sizeof(*private_names); i++) {
		if (strcmp(last, private_names[i]) == 0) {
			return TOP_LEVEL_PRIVATE;
		}
	}
	return psl_is_public_suffix2(psl_builtin(), last, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) !=
		       0
		   ? TOP_LEVEL_REAL
		   : TOP_LEVEL_UNKNOWN;
}

bool suffix_is_host(const char *name, size_t registrable)
{
	return psl_is_public_suffix2(psl_builtin(), name + registrable,
				     PSL_TYPE_PRIVATE | PSL_TYPE_NO_STAR_RULE) != 0;
}
