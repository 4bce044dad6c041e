/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resemblance is mutual: a policy cannot protect the fake against the real site.
 */
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "policy/imitation.h"
#include "tests/unit/policy/judging.h"

#define HEAD "version = 1; contact = \"it@office.example\";\n"
#define FAKE "{ name = \"Vietcombank\"; domains = [ \"vietcombank-login.top\" ]; }"
#define BANK "{ name = \"VCB\"; domains = [ \"vietcombank.com.vn\" ]; own = [ \"vcb-cdn.net\" ]; }"

static char folder[] = "/tmp/truegate-imitation-XXXXXX";
static char policy_path[64], catalogue[64];

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
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
	char path[96];
	assert_non_null(mkdtemp(folder));
	snprintf(policy_path, sizeof(policy_path), "%s/policy.conf", folder);
	snprintf(catalogue, sizeof(catalogue), "%s/catalogue", folder);
	assert_int_equal(mkdir(catalogue, 0700), 0);
	snprintf(path, sizeof(path), "%s/vietnam.conf", catalogue);
	write_text(path, "sites = ( " BANK ",\n"
			 "  { name = \"Facebook\"; domains = [ \"facebook.com\" ]; } );\n");
	snprintf(path, sizeof(path), "%s/world.conf", catalogue);
	write_text(path,
		   "sites = ( { name = \"Wikipedia\"; domains = [ \"wikipedia.org\" ]; } );\n");
	return 0;
}

static int end(void **state)
{
	(void)state;
	return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Loads a policy beside the catalogue; expects no message, or one with this in it. */
static void assert_load(const char *sites, const char *message)
{
	char text[1024];
	struct diagnostics diagnostics = {0};
	snprintf(text, sizeof(text), HEAD "%s\n", sites);
	write_text(policy_path, text);
	const struct policy_source source = {.path = policy_path, .catalogue = catalogue};
	struct policy *policy = policy_load_from(&source, &diagnostics);
	if ((policy != NULL) != (message == NULL) || (message != NULL && diagnostics.count != 1) ||
	    (message != NULL && strstr(diagnostics.items[0].text, message) == NULL)) {
		diagnostics_print(&diagnostics, stderr);
		fail_msg("%s\n%s", sites, message != NULL ? message : "is good");
	}
	if (message != NULL) {
		assert_int_equal(diagnostics.items[0].line, 2);
		assert_string_equal(diagnostics.items[0].file, policy_path);
	}
	policy_free(policy);
}

static void test_within_a_policy(void **state)
{
	(void)state;
	assert_load("sites = ( " BANK ", " FAKE " );",
		    "domain \"vietcombank-login.top\" of site \"Vietcombank\" imitates "
		    "vietcombank.com.vn");
	/* one owner's: the same site; or meant */
	assert_load("sites = ( { name = \"VCB\"; domains = [ \"vietcombank.com.vn\", "
		    "\"vietcombank-login.top\" ]; } );",
		    NULL);
	assert_load("sites = ( " BANK ", " FAKE " ); exceptions = [ \"vietcombank-login.top\" ];",
		    NULL);
}

static void test_against_the_catalogue(void **state)
{
	(void)state;
	assert_load(
	    "sites = ( " FAKE " );",
	    "imitates vietcombank.com.vn of the catalogue (vietcombank with login) and would have "
	    "the real VCB flagged: list vietcombank.com.vn in the same site's domains");
	/* an exception of the policy's own does not make the real site safe */
	assert_load("sites = ( " FAKE " ); exceptions = [ \"vietcombank-login.top\" ];",
		    "of the catalogue");
	static const char *const twins[] = {"faceb00k.com",     "facebook.vn",
					    "wikipedla.org",    "wikipedia.vn",
					    "facebook-login.*", "vietcornbank.com.vn"};
	for (size_t i = 0; i < sizeof(twins) / sizeof(*twins); i++) {
		char sites[256];
		snprintf(sites, sizeof(sites),
			 "sites = ( { name = \"Twin\"; domains = [ \"%s\" ]; } );", twins[i]);
		assert_load(sites, "of the catalogue");
	}
	/* the real ones, with what is theirs; and what is like none */
	assert_load(
	    "sites = ( { name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; } );", NULL);
	assert_load(
	    "sites = ( { name = \"Facebook\"; domains = [ \"facebook.com\", \"facebook.vn\" ]; "
	    "} );",
	    NULL);
	assert_load("sites = ( { name = \"Facebook\"; domains = [ \"facebook.*\" ]; } );", NULL);
	assert_load("sites = ( { name = \"Office\"; domains = [ \"office-vidu.com.vn\" ]; } );",
		    NULL);
	assert_load("catalogue = [ \"vietnam\", \"world\" ];", NULL);
}

/* Where no catalogue is installed, or a broken one, policies load. */
static void test_without_catalogue(void **state)
{
	(void)state;
	char path[96];
	snprintf(path, sizeof(path), "%s/broken.conf", catalogue);
	write_text(path, "sites = (");
	assert_load("sites = ( " FAKE " );", NULL);
	assert_int_equal(remove(path), 0);
	struct diagnostics diagnostics = {0};
	const struct policy_source source = {.path = policy_path, .catalogue = "/nonexistent"};
	struct policy *policy = policy_load_from(&source, &diagnostics);
	assert_non_null(policy);
	policy_free(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_within_a_policy),
	    cmocka_unit_test(test_against_the_catalogue),
	    cmocka_unit_test(test_without_catalogue),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
