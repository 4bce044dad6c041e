/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/pattern/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A label has at most 63 octets, so a sane pattern needs a few thousand steps; the limit stops one
 * that backtracks without end after well under a millisecond.
 */
#define MATCH_STEPS_MAX 20000
#define MATCH_HEAP_KIB_MAX 1024
#define JIT_STACK_MIN 32768
#define JIT_STACK_MAX 262144

struct pattern {
	pcre2_code *code;
};

struct pattern_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

static pcre2_code *compile(const char *pattern, uint32_t options, int *error, size_t *offset)
{
	return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
			     options | PCRE2_CASELESS | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_UTF,
			     error, offset, NULL);
}

struct pattern_scratch *pattern_scratch_new(void)
{
	struct pattern_scratch *scratch = calloc(1, sizeof(*scratch));
	if (scratch == NULL) {
		return NULL;
	}
	scratch->data = pcre2_match_data_create(1, NULL);
	scratch->context = pcre2_match_context_create(NULL);
	scratch->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (scratch->data == NULL || scratch->context == NULL) {
		pattern_scratch_free(scratch);
		return NULL;
	}
	/* Where JIT cannot be had there is no JIT stack, and the interpreter does the work. */
	if (scratch->stack != NULL) {
		pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
	}
	pcre2_set_match_limit(scratch->context, MATCH_STEPS_MAX);
	pcre2_set_depth_limit(scratch->context, MATCH_STEPS_MAX);
	pcre2_set_heap_limit(scratch->context, MATCH_HEAP_KIB_MAX);
	return scratch;
}

void pattern_scratch_free(struct pattern_scratch *scratch)
{
	if (scratch == NULL) {
		return;
	}
	pcre2_match_data_free(scratch->data);
	pcre2_match_context_free(scratch->context);
	pcre2_jit_stack_free(scratch->stack);
	free(scratch);
}

/* "(?:p1)|(?:p2)", or "(?:[-0-9]|(?:p1)|(?:p2))+" for a run. */
static char *join_text(char *const *patterns, size_t count, bool run)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL) {
		return NULL;
	}
	fputs(run ? "(?:[-0-9]" : "", out);
	for (size_t i = 0; i < count; i++) {
		fputs(run || i > 0 ? "|" : "", out);
		fprintf(out, "(?:%s)", patterns[i]);
	}
	fputs(run ? ")+" : "", out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

struct pattern *pattern_join(char *const *patterns, size_t count, bool whole, bool run)
{
	char *text = join_text(patterns, count, run);
	if (text == NULL) {
		return NULL;
	}
	struct pattern *pattern = calloc(1, sizeof(*pattern));
	if (pattern != NULL) {
		int error = 0;
		size_t offset = 0;
		pattern->code = compile(text, PCRE2_ANCHORED | (whole ? PCRE2_ENDANCHORED : 0U),
					&error, &offset);
	}
	free(text);
	if (pattern == NULL || pattern->code == NULL) {
		pattern_free(pattern);
		return NULL;
	}
	/* Failure leaves the interpreter: the same matches, slower. */
	pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE);
	return pattern;
}

void pattern_free(struct pattern *pattern)
{
	if (pattern == NULL) {
		return;
	}
	pcre2_code_free(pattern->code);
	free(pattern);
}

bool pattern_match(const struct pattern *pattern, struct pattern_scratch *scratch, const char *text,
		   size_t len, size_t *start, size_t *end)
{
	int result = pcre2_match(pattern->code, (PCRE2_SPTR)text, len, 0, 0, scratch->data,
				 scratch->context);
	if (result < 0) {
		return false;
	}
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(scratch->data);
	*start = span[0];
	*end = span[1];
	return true;
}
