#include "policy/suffix.h"

#include <libpsl.h>
#include <string.h>

/*
 * No rule of the list's ICANN section has more labels than this (tests/unit/policy/test_suffix.c
 * holds the list to it), so a name of many labels costs no more than a short one.
 */
#define SUFFIX_LABELS_MAX 6

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

size_t suffix_offset(const char *name)
{
	const psl_ctx_t *list = psl_builtin();
	size_t at = last_labels(name, strlen(name), SUFFIX_LABELS_MAX);
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

size_t hosted_offset(const char *name, bool *is_hosted)
{
	const psl_ctx_t *list = psl_builtin();
	size_t registrable = registrable_offset(name, is_hosted);

	/* The list's private rules are registrable domains and names a few labels under them. */
	*is_hosted = false;
	for (size_t at = registrable; at > 0; at = last_labels(name, at - 1, 1)) {
		if (psl_is_public_suffix2(list, name + at,
					  PSL_TYPE_PRIVATE | PSL_TYPE_NO_STAR_RULE) != 0) {
			*is_hosted = true;
			registrable = last_labels(name, at - 1, 1);
		}
		if (last_labels(name, strlen(name), SUFFIX_LABELS_MAX) >= at)
			break;
	}
	return *is_hosted ? registrable : 0;
}
