/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slips under any suffix: with words glued to them, and two in a long label. */
#include "tests/bench/seeded.h"
#include "tests/unit/policy/judging.h"

static const char policy[] = "version = 1; contact = \"it@office.example\"; sites = (\n"
			     "  { name = \"Tolvekko\"; domains = [ \"tolvekko.com\" ]; },\n"
			     "  { name = \"Ramovi\"; domains = [ \"ramovi.com\" ]; },\n"
			     "  { name = \"Castelbrunn\"; domains = [ \"castelbrunn.de\" ]; },\n"
			     "  { name = \"Amivandora\"; domains = [ \"amivandora.vn\" ]; },\n"
			     "  { name = \"Futrama\"; domains = [ \"futrama.com\" ]; },\n"
			     "  { name = \"Milvaro\"; domains = [ \"milvaro.com\" ]; },\n"
			     "  { name = \"Dornamivelto\"; domains = [ \"dornamivelto.com\" ]; },\n"
			     "  { name = \"Zucloud\"; domains = [ \"zucloud.com\" ]; } );\n";

static void test_found(void **state)
{
	(void)state;
	static const struct {
		const char *name, *imitates;
	} rows[] = {
	    /* a word behind it, a word before it */
	    {"tolvekogift.com", "tolvekko.com"},
	    {"tolevkkologin.org", "tolvekko.com"},
	    {"tlvekkoverify.net", "tolvekko.com"},
	    {"tolveekkobonus24.com", "tolvekko.com"},
	    {"giftstolvkeko.com", "tolvekko.com"},
	    {"logintolvekk0.com", "tolvekko.com"},
	    {"annivandoralogin.com", "amivandora.vn"},
	    {"tolvckkonitro.com", "tolvekko.com"}, /* c for e, at a glance */
	    {"tolvckkobarn.com", NULL},
	    {"tolvckkobarn.top", NULL},
	    /* a label that somebody has of a host of people's sites */
	    {"tolvekogift.github.io", "tolvekko.com"},
	    {"castelburun.github.io", "castelbrunn.de"},
	    /* six letters, each slip */
	    {"rmovigift.com", "ramovi.com"},
	    {"ramovvigift.com", "ramovi.com"},
	    {"raomvigift.com", "ramovi.com"},
	    {"ramvoigift.com", "ramovi.com"},
	    {"ramoivgift.com", "ramovi.com"},
	    {"ramkvigift.com", "ramovi.com"},
	    {"loginramovvi.com", "ramovi.com"},
	    {"loginramvi.com", "ramovi.com"},
	    /* between hyphens */
	    {"tolvekogift-online.com", "tolvekko.com"},
	    {"secure-tolvekogift.com", "tolvekko.com"},
	    /* two slips, slip and look-alikes */
	    {"castelburun.com", "castelbrunn.de"},
	    {"lastelburnn.com", NULL}, /* the first letter stays */
	    {"castlebrrunn.com", "castelbrunn.de"},
	    {"cstelbrunnn.org", "castelbrunn.de"},
	    {"arnivandra.com", "amivandora.vn"},
	    {"arnivand0rra.com", "amivandora.vn"},
	    /* ... between hyphens, with a lure */
	    {"castelburun-login.com", "castelbrunn.de"},
	    {"castelburun-barn.com", NULL},
	    /* ... in eight letters, where the name ends as made-up ones do */
	    {"www-tolevko-com.xyz", "tolvekko.com"},
	    {"login-tolevko.xyz", "tolvekko.com"},
	    {"tolevko.xyz", NULL},
	    {"barn-tolevko.xyz", NULL},
	    {"login-tolevko.com", NULL},
	    /* two slips and a glance, in twelve letters */
	    {"dornanivltto.com", "dornamivelto.com"},
	    {"amivamdroo.com", NULL},
	    /* a slip and a look-alike in seven letters, with a lure or under a cheap suffix */
	    {"mivlar0-login.com", "milvaro.com"},
	    {"mivlar0.xyz", "milvaro.com"},
	    {"mivlar0.com", NULL},
	    /* a long word that fakes add */
	    {"tolvekotrade.com", "tolvekko.com"},
	    /* not what other people's names end in, nor beside letters that tell nothing */
	    {"giftzvcloud.com", NULL},
	    {"tolvekobarn.com", NULL},
	    {"barntolveko.com", NULL},
	    /* nor with a slip at either end of which the glued letters are part */
	    {"loginbolvekko.com", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding found;
		const bool is_found = judging_of(&judging, rows[i].name, &found) == JUDGE_FOUND;

		if (is_found != (rows[i].imitates != NULL) ||
		    (is_found && strcmp(found.imitates, rows[i].imitates) != 0)) {
			fail_msg("%s: %s", rows[i].name, is_found ? found.why : "nothing");
		}
	}
}

/* Said alike, the label as a whole or between hyphens. */
static void test_sounds(void **state)
{
	(void)state;
	static const struct {
		const char *name, *why; /* NULL: not found */
	} rows[] = {
	    {"tolvecco.com", NULL}, /* two slips in eight letters */
	    {"tolveqko.com", "q is said like k"},
	    {"kastelbrunn.com", "k is said like c"},
	    {"castelbroonn.com", "oo is said like u"},
	    {"zookloud.com", NULL},
	    {"zoocloud.com", "oo is said like u"},
	    {"login-zoocloud.com", "oo is said like u, in zucloud with login"},
	    {"phutrama.com", "ph is said like f"},
	    {"futrama-shop.com", "futrama with shop"},
	    {"fuchama.com", "ch is said like tr"},
	    {"phuchama.com", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding found;
		const bool is_found = judging_of(&judging, rows[i].name, &found) == JUDGE_FOUND;

		if (is_found != (rows[i].why != NULL) ||
		    (is_found && strcmp(found.why, rows[i].why) != 0)) {
			fail_msg("%s: %s", rows[i].name, is_found ? found.why : "nothing");
		}
	}
}

/* Only the registered label is searched so: elsewhere a machine names things. */
static void test_in_front_of_another(void **state)
{
	(void)state;
	struct finding found;

	assert_int_equal(judging_of(&judging, "tolvekogift.example.com", &found), JUDGE_NOTHING);
	assert_int_equal(judging_of(&judging, "castelburun.example.com", &found), JUDGE_NOTHING);
}

/* Every slip of one letter but the first, before and behind a word; there the last stays, too. */
static void test_each_slip(void **state)
{
	(void)state;
	static const char label[] = "tolvekko";
	const size_t len = sizeof(label) - 1;
	char names[4][16];

	for (size_t at = 1; at + 1 < len; at++) {
		snprintf(names[0], 16, "%.*s%s", (int)at, label, label + at + 1);
		snprintf(names[1], 16, "%.*s%c%s", (int)at, label, label[at], label + at);
		snprintf(names[2], 16, "%s", label);
		names[2][at] = label[at + 1];
		names[2][at + 1] = label[at];
		snprintf(names[3], 16, "%s", label);
		names[3][at] = 'z';
		for (size_t i = 0; i < 4; i++) {
			struct finding found;
			char name[80];

			snprintf(name, sizeof(name), "%sgift.com", names[i]);
			if (judging_of(&judging, name, &found) != JUDGE_FOUND) {
				fail_msg("%s is not found", name);
			}
			if (names[i][strlen(names[i]) - 1] != 'o') {
				continue;
			}
			snprintf(name, sizeof(name), "gift%s.com", names[i]);
			if (judging_of(&judging, name, &found) != JUDGE_FOUND) {
				fail_msg("%s is not found", name);
			}
		}
	}
}

/* More texts that begin alike than are looked at, and labels of any letters: nothing but found or
 * not, and what is found is one of the policy's. */
static void test_bounds(void **state)
{
	(void)state;
	char *text = malloc(400 * 80);
	size_t len = 0;
	struct seeded random = {3};

	assert_non_null(text);
	len += (size_t)snprintf(text, 400 * 80,
				"version = 1; contact = \"it@office.example\"; sites = (");
	for (size_t i = 0; i < 300; i++) {
		len += (size_t)snprintf(
		    text + len, 400 * 80 - len,
		    "%s{ name = \"S%zu\"; domains = [ \"vemazu%c%cka.com\" ]; }", i == 0 ? "" : ",",
		    i, (char)('a' + i / 26), (char)('a' + i % 26));
	}
	snprintf(text + len, 400 * 80 - len, ");");
	struct judging many = judging_new(text);

	for (size_t round = 0; round < 2000; round++) {
		static const char *const pieces[] = {"vemazu", "vema",  "zu", "aaka", "gift",
						     "-",      "login", "zq", "n",    "m"};
		struct finding found;
		char name[80] = "v";

		while (strlen(name) < 20 + seeded_below(&random, 36)) {
			strcat(name, pieces[seeded_below(&random, 10)]);
		}
		strcat(name, "a.com");
		if (judging_of(&many, name, &found) == JUDGE_FOUND) {
			assert_memory_equal(found.imitates, "vemazu", 6);
		}
		assert_true(judge_work(many.judge) <= JUDGE_WORK_MAX);
	}
	judging_free(&many);
	free(text);
}

static int set_up(void **state)
{
	(void)state;
	judging = judging_new(policy);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_found),
	    cmocka_unit_test(test_sounds),
	    cmocka_unit_test(test_in_front_of_another),
	    cmocka_unit_test(test_each_slip),
	    cmocka_unit_test(test_bounds),
	};
	return cmocka_run_group_tests(tests, set_up, judging_tear_down);
}
