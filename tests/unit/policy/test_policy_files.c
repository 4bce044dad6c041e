/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Policies that include a directory: what is read, what is refused and where messages point. That
 * included files are signed is tested with Debian's minisign, in tests/e2e/test_delivery.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/file/policy_files.h"
#include "policy/policy.h"

#define HEAD "version = 7; contact = \"ask\";\n"
#define INCLUDE(FILES) "include = { directory = \"policy.d\"; files = " FILES "; };\n"
#define BANK                                                                                       \
	"sites = ( { name = \"Bank\"; domains = [ \"bank-vidu.vn\" ]; tokens = [ \"bvd\" ]; } "    \
	");\n"
#define SHOP "sites = ( { name = \"Shop\"; domains = [ \"shop-vidu.vn\" ]; } );\n"

static char folder[] = "/tmp/truegate-policy-XXXXXX";
static char policy_path[64];

static void write_text(const char *name, const char *text)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void remove_text(const char *name)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	assert_int_equal(remove(path), 0);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int begin(void **state)
{
	(void)state;
	char path[64];
	memset(folder + strlen(folder) - 6, 'X', 6);
	assert_non_null(mkdtemp(folder));
	snprintf(policy_path, sizeof policy_path, "%s/policy.conf", folder);
	snprintf(path, sizeof path, "%s/policy.d", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void assert_finds(const struct policy *policy, const char *name, const char *imitates)
{
	struct finding finding;
	struct judge *judge = judge_new(policy);
	assert_non_null(judge);
	assert_int_equal(judge_name(judge, name, strlen(name), &finding), JUDGE_FOUND);
	assert_string_equal(finding.imitates, imitates);
	judge_free(judge);
}

static struct policy *load_well(size_t sites)
{
	struct diagnostics diagnostics = {0};
	struct policy *policy = policy_load(policy_path, &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(policy);
	assert_int_equal(policy_site_count(policy), sites);
	return policy;
}

/* Expects one message alone. */
static void assert_refused(const char *file, unsigned line, unsigned column, const char *text)
{
	struct diagnostics diagnostics = {0};
	struct policy *policy = policy_load(policy_path, &diagnostics);
	char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, file);
	const struct diagnostic *first = &diagnostics.items[0];
	if (policy != NULL || diagnostics.count != 1 || strcmp(first->file, path) != 0 ||
	    first->line != line || first->column != column || strstr(first->text, text) == NULL) {
		diagnostics_print(&diagnostics, stderr);
		fail_msg("%s:%u:%u: %s expected", path, line, column, text);
	}
}

static void test_included_sites_are_protected(void **state)
{
	(void)state;
	write_text("policy.conf", HEAD SHOP INCLUDE("2") "exceptions = [ \"a.example\" ];\n");
	write_text("policy.d/a.conf", "\xef\xbb\xbf" BANK);
	write_text("policy.d/b.conf", "exceptions = [ \"bank-v1du.vn\" ]; // no end of line");
	struct policy *policy = load_well(2);
	assert_int_equal(policy_version(policy), 7);
	assert_finds(policy, "bank-vidu.top", "bank-vidu.vn");
	assert_finds(policy, "shop-vidu.top", "shop-vidu.vn");
	struct finding finding;
	struct judge *judge = judge_new(policy);
	assert_int_equal(judge_name(judge, "bank-v1du.vn", 12, &finding), JUDGE_NOTHING);
	judge_free(judge);
	policy_free(policy);
}

static void test_all_sites_may_be_included(void **state)
{
	(void)state;
	write_text("policy.conf", HEAD INCLUDE("1"));
	write_text("policy.d/a.conf", BANK);
	policy_free(load_well(1));
	write_text("policy.d/a.conf", "decorations = [ \"log-?in\" ];");
	assert_refused("policy.conf", 0, 0, "there are no sites");
}

static void test_only_files_of_policy_are_read(void **state)
{
	(void)state;
	static const char *const others[] = {"policy.d/.a.conf", "policy.d/a.conf~",
					     "policy.d/README", "policy.d/a.conf.minisig",
					     "policy.d/.conf"};
	write_text("policy.conf", HEAD INCLUDE("1"));
	write_text("policy.d/a.conf", BANK);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		write_text(others[i], "rubbish");
	}
	policy_free(load_well(1));
}

static void test_a_link_to_the_policy_is_followed(void **state)
{
	(void)state;
	char link_path[256];
	char target[128];
	write_text("policy.conf", HEAD INCLUDE("1"));
	write_text("policy.d/a.conf", BANK);
	snprintf(target, sizeof target, "%s/elsewhere", folder);
	assert_int_equal(mkdir(target, 0700), 0);
	snprintf(link_path, sizeof link_path, "%s/link.conf", target);
	assert_int_equal(symlink(policy_path, link_path), 0);
	struct diagnostics diagnostics = {0};
	struct policy *policy = policy_load(link_path, &diagnostics);
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(policy);
	policy_free(policy);
}

static void test_missing_and_surplus_files(void **state)
{
	(void)state;
	write_text("policy.conf", HEAD INCLUDE("2"));
	write_text("policy.d/a.conf", BANK);
	assert_refused("policy.conf", 2, 1, "contains 1 policy files but files = 2");
	write_text("policy.d/b.conf", SHOP);
	policy_free(load_well(2));
	write_text("policy.d/c.conf", "exceptions = [ \"a.example\" ];");
	assert_refused("policy.conf", 2, 1, "contains 3 policy files but files = 2");
	/* One that says nothing could stand for one that was taken away. */
	remove_text("policy.d/b.conf");
	write_text("policy.d/c.conf", "exceptions = [ ]; # nothing\n");
	assert_refused("policy.d/c.conf", 0, 0, "has no sites, exceptions or decorations");
	write_text("policy.d/c.conf", BANK);
	struct diagnostics diagnostics = {0};
	assert_null(policy_load(policy_path, &diagnostics));
	assert_int_equal(diagnostics.count, 3); /* name, domain, token */
}

static void test_messages_point_into_the_right_file(void **state)
{
	(void)state;
	write_text("policy.conf", HEAD SHOP INCLUDE("2"));
	write_text("policy.d/a.conf", BANK);
	write_text("policy.d/b.conf", "# a line\n  exceptions = [ \"com.vn\" ];\n");
	assert_refused("policy.d/b.conf", 2, 18, "is a public suffix");
	write_text("policy.d/b.conf",
		   "sites = (\n  { name = \"B\"; domains = [ \"bank-vidu.vn\" ]; } );\n");
	assert_refused("policy.d/b.conf", 2, 29, "policy.d/a.conf:1:40");
	write_text("policy.d/b.conf",
		   "sites = ( { name = \"Shop\"; domains = [ \"b.vn\" ]; } );\n");
	assert_refused("policy.d/b.conf", 1, 13, "policy.conf:2:13");
	write_text("policy.d/b.conf", "decorations = [ \"log-?in\"\n");
	assert_refused("policy.d/b.conf", 1, 15, "never closed");
	/* Labels of one file, tokens of another. */
	write_text("policy.d/b.conf", "sites = ( { name = \"B\"; domains = [ \"bvd.vn\" ]; } );\n");
	assert_refused("policy.d/a.conf", 1, 69, "policy.d/b.conf:1:37");
	/* In the order of the files, however they were found. */
	write_text("policy.conf", HEAD SHOP INCLUDE("2") "exceptions = [ \"vn\" ];\n");
	struct diagnostics diagnostics = {0};
	assert_null(policy_load(policy_path, &diagnostics));
	assert_int_equal(diagnostics.count, 1); /* the policy itself first has to be right */
	assert_int_equal(diagnostics.items[0].line, 4);
}

static void test_what_an_included_file_cannot_have(void **state)
{
	(void)state;
	static const char *const settings[] = {"version = 7;", "contact = \"y\";",
					       "actions = { high = \"warn\"; };", INCLUDE("1"),
					       "flag = [ \"x\" ];"};
	write_text("policy.conf", HEAD INCLUDE("1"));
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		char text[512];
		snprintf(text, sizeof text, BANK "%s\n", settings[i]);
		write_text("policy.d/a.conf", text);
		assert_refused("policy.d/a.conf", 2, 1, "only sites, exceptions and decorations");
	}
}

static void test_the_setting(void **state)
{
	(void)state;
	static const struct {
		const char *setting;
		unsigned column;
		const char *text;
	} cases[] = {
	    {"include = \"policy.d\";", 1, "must be in braces"},
	    {"include = { directory = \"policy.d\"; };", 1, "needs the number of files"},
	    {"include = { files = 1; };", 1, "needs a directory"},
	    {"include = { directory = \"/etc/policy.d\"; files = 1; };", 13, "needs a directory"},
	    {"include = { directory = \"../policy.d\"; files = 1; };", 13, "needs a directory"},
	    {"include = { directory = \"a/policy.d\"; files = 1; };", 13, "needs a directory"},
	    {"include = { directory = \".d\"; files = 1; };", 13, "needs a directory"},
	    {"include = { directory = \"policy.conf\"; files = 1; };", 13, "needs a directory"},
	    {"include = { directory = 3; files = 1; };", 13, "needs a directory"},
	    {"include = { directory = \"policy.d\"; files = 0; };", 37, "from 1 to 256"},
	    {"include = { directory = \"policy.d\"; files = 257; };", 37, "from 1 to 256"},
	    {"include = { directory = \"policy.d\"; files = \"1\"; };", 37, "from 1 to 256"},
	    {"include = { directory = \"policy.d\"; files = 4294967297; };", 37, "from 1 to 256"},
	    {"include = { directory = \"none.d\"; files = 1; };", 1, "No such file"},
	    {"include = { directory = \"file.d\"; files = 1; };", 1, "Not a directory"},
	    {"include = { directory = \"policy.d\"; files = 1; more = 1; };", 48,
	     "unknown setting"},
	};
	write_text("file.d", "");
	write_text("policy.d/a.conf", BANK);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[512];
		snprintf(text, sizeof text, HEAD SHOP "%s\n", cases[i].setting);
		write_text("policy.conf", text);
		assert_refused("policy.conf", 3, cases[i].column, cases[i].text);
	}
}

static void test_bounds(void **state)
{
	(void)state;
	char name[64];
	for (size_t i = 0; i <= POLICY_INCLUDED_MAX; i++) {
		snprintf(name, sizeof name, "policy.d/%zu.conf", i);
		write_text(name, "#");
	}
	write_text("policy.conf", HEAD SHOP INCLUDE("256"));
	assert_refused("policy.conf", 3, 1, "policy.d has 257 files; write at most 256");
	for (size_t i = 0; i <= POLICY_INCLUDED_MAX; i++) {
		snprintf(name, sizeof name, "policy.d/%zu.conf", i);
		remove_text(name);
	}
	/* Two files that are together larger than a policy may be. */
	const size_t len = POLICY_OCTETS_MAX / 2;
	char *large = malloc(len + 1);
	assert_non_null(large);
	memset(large, '\n', len);
	large[len] = '\0';
	memcpy(large, BANK, strlen(BANK));
	write_text("policy.d/a.conf", large);
	memset(large, '\n', strlen(BANK));
	memcpy(large, "exceptions = [ \"a.example\" ];", 29);
	write_text("policy.d/b.conf", large);
	free(large);
	write_text("policy.conf", HEAD INCLUDE("2"));
	assert_refused("policy.conf", 0, 0, "larger than 16 MiB with what it includes");
}

static void test_unreadable_files(void **state)
{
	(void)state;
	char path[128];
	snprintf(path, sizeof path, "%s/policy.d/a.conf", folder);
	write_text("policy.conf", HEAD SHOP INCLUDE("1"));
	assert_int_equal(mkdir(path, 0700), 0);
	assert_refused("policy.d/a.conf", 0, 0, "Is a directory");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(symlink("nowhere", path), 0);
	assert_refused("policy.d/a.conf", 0, 0, "No such file");
	remove_text("policy.d/a.conf");
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(10);
	assert_refused("policy.d/a.conf", 0, 0, "is a pipe");
	alarm(0);
}

static void test_from_memory_nothing_is_included(void **state)
{
	(void)state;
	struct diagnostics diagnostics = {0};
	assert_null(policy_load_text(HEAD SHOP INCLUDE("1"), "p.conf", &diagnostics));
	assert_int_equal(diagnostics.count, 1);
	assert_non_null(strstr(diagnostics.items[0].text, "cannot include a directory"));
}

static struct policy *load_with_catalogue(struct diagnostics *diagnostics)
{
	char catalogue[64];
	snprintf(catalogue, sizeof(catalogue), "%s/policy.d", folder);
	const struct policy_source source = {.path = policy_path, .catalogue = catalogue};
	return policy_load_from(&source, diagnostics);
}

/* Groups of sites that the package brings: any number of sites, nothing that a policy alone says.
 */
static void test_catalogue(void **state)
{
	(void)state;
	static const struct {
		const char *policy, *message;
	} refused[] = {
	    {HEAD "catalogue = [ \"bank\", \"bnk\" ];", "group \"bnk\" is not in the catalogue"},
	    {HEAD "catalogue = [ \"../policy.d/bank\" ];",
	     "group \"../policy.d/bank\" is not a group of the catalogue; write the name of a file "
	     "in "},
	    {HEAD "catalogue = [ \"bank\", \"bank\" ];", "group \"bank\""},
	    {HEAD "catalogue = [ \"wrong\" ];", "unknown setting \"version\""},
	    {HEAD "catalogue = [ \"bank\" ];\n" BANK, "the site name \"Bank\""},
	};
	write_text("policy.d/bank.conf", "# source: a bank, 2026-11-26\n" BANK);
	write_text("policy.d/shop.conf", SHOP);
	write_text("policy.d/wrong.conf", "version = 1;\n" SHOP);
	write_text("policy.conf", HEAD "catalogue = [ \"bank\", \"shop\" ];");
	struct diagnostics diagnostics = {0};
	struct policy *policy = load_with_catalogue(&diagnostics);
	diagnostics_print(&diagnostics, stderr);
	assert_non_null(policy);
	assert_int_equal(policy_site_count(policy), 2);
	assert_finds(policy, "bank-vidu-login.top", "bank-vidu.vn");
	policy_free(policy);
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		memset(&diagnostics, 0, sizeof(diagnostics));
		write_text("policy.conf", refused[i].policy);
		assert_null(load_with_catalogue(&diagnostics));
		bool said = false;
		for (size_t j = 0; j < diagnostics.count; j++) {
			said =
			    said || strstr(diagnostics.items[j].text, refused[i].message) != NULL;
		}
		assert_true(said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_included_sites_are_protected, begin, end),
	    cmocka_unit_test_setup_teardown(test_all_sites_may_be_included, begin, end),
	    cmocka_unit_test_setup_teardown(test_only_files_of_policy_are_read, begin, end),
	    cmocka_unit_test_setup_teardown(test_a_link_to_the_policy_is_followed, begin, end),
	    cmocka_unit_test_setup_teardown(test_missing_and_surplus_files, begin, end),
	    cmocka_unit_test_setup_teardown(test_messages_point_into_the_right_file, begin, end),
	    cmocka_unit_test_setup_teardown(test_what_an_included_file_cannot_have, begin, end),
	    cmocka_unit_test_setup_teardown(test_the_setting, begin, end),
	    cmocka_unit_test_setup_teardown(test_bounds, begin, end),
	    cmocka_unit_test_setup_teardown(test_unreadable_files, begin, end),
	    cmocka_unit_test_setup_teardown(test_catalogue, begin, end),
	    cmocka_unit_test_setup_teardown(test_from_memory_nothing_is_included, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
