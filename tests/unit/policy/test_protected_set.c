/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/protected_set.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "policy/name/confusables.h"

static char vietcombank[] = "vietcombank.com.vn", vietcombank_label[] = "vietcombank";
static char com_vn[] = "com.vn", google[] = "google.*", google_label[] = "google";
static struct protected_domain domains[] = {
    {.name = vietcombank, .label = vietcombank_label, .suffix = com_vn},
    {.name = google, .label = google_label, .any_suffix = true},
};
static struct site site = {.domains = domains, .domain_count = 2};
static const struct parsed_policy parsed = {.sites = &site, .site_count = 1};

static bool has_domain(const struct protected_set *set, const char *host)
{
	struct name name;

	assert_true(name_parse(host, strlen(host), &name));
	return protected_set_has_domain(set, &name);
}

static void test_domains(void **state)
{
	const struct protected_set *set = *state;

	assert_true(has_domain(set, "vietcombank.com.vn"));
	assert_true(has_domain(set, "WWW.VietComBank.com.vn."));
	assert_true(has_domain(set, "a.b.c.vietcombank.com.vn"));
	assert_false(has_domain(set, "vietcombank.com"));
	assert_false(has_domain(set, "xvietcombank.com.vn"));
	assert_false(has_domain(set, "vietcombank.com.vn.example"));
	assert_false(has_domain(set, "com.vn"));
	assert_false(has_domain(set, "vn"));
	/* a label under any suffix is a matter of the suffix */
	assert_false(has_domain(set, "google.com"));
	assert_false(has_domain(set, "google"));
}

static void test_labels(void **state)
{
	const struct protected_set *set = *state;
	struct name name;

	assert_true(name_parse("www.google.co.uk", 16, &name));
	assert_false(protected_set_has_label(set, &name, 0));
	assert_true(protected_set_has_label(set, &name, 1));
	assert_false(protected_set_has_label(set, &name, 2));
	assert_true(name_parse("vietcombank.net", 15, &name));
	assert_false(protected_set_has_label(set, &name, 0));
}

static void test_memory(void **state)
{
	assert_true(protected_set_memory(*state) > 0);
}

static int set_up(void **state)
{
	*state = protected_set_new(&parsed);
	return *state != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	protected_set_free(*state);
	protected_set_free(NULL);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_domains),
	    cmocka_unit_test(test_labels),
	    cmocka_unit_test(test_memory),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
