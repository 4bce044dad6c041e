/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A host name through judge_name(): the same answer twice, and whatever the case of its letters. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char policy_text[] =
    "version = 1; contact = \"it@office.example\"; sites = ("
    "{ name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; tokens = [ \"vcb\" ]; },"
    "{ name = \"Shopee\"; domains = [ \"shopee.vn\", \"shopee.com\" ]; },"
    "{ name = \"MB\"; domains = [ \"mbbank.com.vn\" ]; tokens = [ \"mb\" ]; },"
    "{ name = \"Apple\"; domains = [ \"apple.com\" ]; },"
    "{ name = \"中国银行\"; domains = [ \"中国银行.cn\", \"कमल.in\" ]; },"
    "{ name = \"Deutsche Bank\"; domains = [ \"deutsche-bank.de\" ]; },"
    "{ name = \"Google\"; domains = [ \"google.com\", \"google.*\" ]; });"
    "exceptions = [ \"apple-fans.example\", \"shop-?fans\\\\.test\" ];"
    "decorations = [ \"log-?in\", \"xac-?thuc\", \"nhan-?qua\" ];";

static struct judge *new_judge(void)
{
	struct diagnostics diagnostics = {0};
	struct policy *policy = policy_load_text(policy_text, "fuzz", &diagnostics);
	struct judge *judge;

	diagnostics_print(&diagnostics, stderr);
	if (policy == NULL || (judge = judge_new(policy)) == NULL) {
		abort();
	}
	return judge;
}

static void check_same(enum judge_result a_result, const struct finding *a,
		       enum judge_result b_result, const struct finding *b)
{
	if (a_result != b_result) {
		abort();
	}
	if (a_result == JUDGE_FOUND &&
	    (a->imitates != b->imitates || a->site != b->site || a->technique != b->technique ||
	     a->confidence != b->confidence || a->action != b->action ||
	     strcmp(a->why, b->why) != 0)) {
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct judge *judge;
	struct finding first, other;
	enum judge_result result, other_result;

	if (judge == NULL) {
		judge = new_judge();
	}
	/* Blocks of their own, so that a read past the end is seen. */
	char *name = malloc(size > 0 ? size : 1), *upper = malloc(size > 0 ? size : 1);

	if (name == NULL || upper == NULL) {
		abort();
	}
	memcpy(name, data, size);
	for (size_t i = 0; i < size; i++) {
		upper[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 'a' + 'A') : name[i];
	}
	result = judge_name(judge, name, size, &first);
	if (result == JUDGE_FOUND &&
	    (first.why[0] == '\0' || memchr(first.why, '\0', sizeof(first.why)) == NULL)) {
		abort();
	}
	other_result = judge_name(judge, name, size, &other);
	check_same(result, &first, other_result, &other);
	other_result = judge_name(judge, upper, size, &other);
	check_same(result, &first, other_result, &other);
	free(name);
	free(upper);
	return 0;
}
