/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each technique with its finding, the names that resemble by chance, and the forms of one name. */
#include "tests/unit/policy/judging.h"

static const char policy[] =
    "version = 1;\n"
    "contact = \"it@office.example\";\n"
    "actions = { high = \"block\"; medium = \"warn\"; low = \"observe\"; };\n"
    "sites = (\n"
    "  { name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; tokens = [ \"vcb\" ]; },\n"
    "  { name = \"Dịch vụ công\"; domains = [ \"dichvucong.gov.vn\" ]; },\n"
    "  { name = \"Shopee\"; domains = [ \"shopee.vn\" ]; },\n"
    "  { name = \"Tiki\"; domains = [ \"tiki.vn\" ]; },\n"
    "  { name = \"Apple\"; domains = [ \"apple.com\" ]; },\n"
    "  { name = \"Wikipedia\"; domains = [ \"wikipedia.org\" ]; },\n"
    "  { name = \"Microsoft\"; domains = [ \"microsoft.com\" ]; },\n"
    "  { name = \"Dropbox\"; domains = [ \"dropbox.com\" ]; },\n"
    "  { name = \"Google\"; domains = [ \"google.com\", \"google.*\" ]; }\n"
    ");\n"
    "exceptions = [ \"vietcombank-run.example\", \"app(k|l|m)e-fans\\\\.example\" ];\n"
    "decorations = [ \"log-?in\", \"xac-?thuc\", \"nhan-?qua\", \"id-check\" ];\n";

#define V "vietcombank.com.vn"

static const struct {
	const char *name, *imitates;
	enum technique technique;
	enum confidence least;
	const char *why;
} findings[] = {
    {"vietc0mbank.top", V, TECHNIQUE_HOMOGLYPH, CONFIDENCE_HIGH, "0 stands for o"},
    {"vietcornbank.com", V, TECHNIQUE_HOMOGLYPH, CONFIDENCE_HIGH, "rn stands for m"},
    {"vvikipedia.org", "wikipedia.org", TECHNIQUE_HOMOGLYPH, CONFIDENCE_HIGH, "vv stands for w"},
    {"clropbox.com", "dropbox.com", TECHNIQUE_HOMOGLYPH, CONFIDENCE_HIGH, "cl stands for d"},
    {"googIe.top", "google.com", TECHNIQUE_HOMOGLYPH, CONFIDENCE_MEDIUM, "i stands for l"},
    {"xn--80ak6aa92e.com", "apple.com", TECHNIQUE_HOMOGLYPH, CONFIDENCE_HIGH,
     "а (U+0430) stands for a, р (U+0440) stands for p, 2 more"},
    {"vietcomank.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_MEDIUM, "b is left out"},
    {"vietcombbank.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_MEDIUM, "b is doubled"},
    {"veitcombank.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_MEDIUM, "i and e are swapped"},
    {"vietcombsnk.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_MEDIUM,
     "s, the key beside it, stands for a"},
    {"vietcomvbank.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_MEDIUM,
     "v, a key beside it, is typed too"},
    {"vietcombenk.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_MEDIUM, "e stands for a, another vowel"},
    {"vietcombankx.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_MEDIUM, "x is added at the end"},
    {"vietcoqmbank.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_LOW, "q is put in"},
    {"xn--vietcombank-kln.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_LOW, "א (U+05D0) is put in"},
    {"vietcompank.com.vn", V, TECHNIQUE_TYPO, CONFIDENCE_LOW, "p stands for b"},
    {"vietbombank.com.vn", V, TECHNIQUE_BITSQUAT, CONFIDENCE_MEDIUM,
     "one flipped bit makes b of c"},
    {"vietcom-bank.com.vn", V, TECHNIQUE_HYPHENATION, CONFIDENCE_HIGH,
     "a hyphen splits vietcombank"},
    {"vi\xe1\xbb\x87tcombank.vn", V, TECHNIQUE_DIACRITICS, CONFIDENCE_HIGH,
     "ệ (U+1EC7) stands for e"},
    {"vietcombank.top", V, TECHNIQUE_TLD_SWAP, CONFIDENCE_MEDIUM,
     "vietcombank under top instead of com.vn"},
    {"vietcombank-com-vn.top", V, TECHNIQUE_TLD_SWAP, CONFIDENCE_MEDIUM,
     "vietcombank with com-vn from its own suffix"},
    {"shopee-nhanqua.vip", "shopee.vn", TECHNIQUE_COMBOSQUAT, CONFIDENCE_HIGH,
     "shopee with nhanqua"},
    {"login-vietcombank.com", V, TECHNIQUE_COMBOSQUAT, CONFIDENCE_MEDIUM, "vietcombank with login"},
    {"vietcombank247.com", V, TECHNIQUE_COMBOSQUAT, CONFIDENCE_MEDIUM, "vietcombank with 247"},
    {"vcb-xacthuc.top", V, TECHNIQUE_COMBOSQUAT, CONFIDENCE_LOW, "vcb with xacthuc"},
    {"dichvucong.gov.vn.id-check.xyz", "dichvucong.gov.vn", TECHNIQUE_SUBDOMAIN, CONFIDENCE_HIGH,
     "dichvucong.gov.vn stands in front of id-check.xyz"},
    {"www.vietcombank.com.vn.login-id.top", V, TECHNIQUE_SUBDOMAIN, CONFIDENCE_HIGH,
     "vietcombank.com.vn stands in front of login-id.top"},
    {"vietcom.bank.com.vn", V, TECHNIQUE_SUBDOMAIN, CONFIDENCE_HIGH, "a dot splits vietcombank"},
};

static void test_techniques(void **state)
{
	(void)state;
	unsigned techniques = 0;

	for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++) {
		struct finding found;

		if (judging_of(&judging, findings[i].name, &found) != JUDGE_FOUND) {
			fail_msg("%s is not found", findings[i].name);
		}
		assert_string_equal(found.imitates, findings[i].imitates);
		assert_string_equal(found.why, findings[i].why);
		if (found.technique != findings[i].technique ||
		    found.confidence < findings[i].least) {
			fail_msg("%s: %s, %s", findings[i].name, technique_text(found.technique),
				 confidence_text(found.confidence));
		}
		assert_int_equal(found.action, found.confidence == CONFIDENCE_HIGH ? ACTION_BLOCK
					       : found.confidence == CONFIDENCE_MEDIUM
						   ? ACTION_WARN
						   : ACTION_OBSERVE);
		techniques |= 1u << found.technique;
	}
	assert_int_equal(techniques, (1u << TECHNIQUE_COUNT) - 1);
}

static void test_quiet(void **state)
{
	(void)state;
	static const char *const quiet[] = {
	    /* the sites' own, and exceptions */
	    "vietcombank.com.vn",
	    "portal.vietcombank.com.vn",
	    "google.fr",
	    "www.google.co.uk",
	    "vietcombank-run.example",
	    "www.vietcombank-run.example",
	    "apple-fans.example",
	    /* a token's letters within other words */
	    "pineapple.com",
	    "appleton.com",
	    "pineapple-express.com",
	    "applesauce.com",
	    "motiki.vn",
	    "motiki.com",
	    "grapple.com",
	    "apply.com",
	    "ample.com",
	    /* decorations and words alone */
	    "login.top",
	    "nhanqua.vip",
	    "login-xacthuc.top",
	    "id-check.xyz",
	    "nhan-qua-login.vip",
	    /* no registrable domain */
	    "vietcombank",
	    "localhost",
	    "com.vn",
	    "top",
	    "vn",
	    "blogspot.com",
	    "example.com",
	};

	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
		struct finding found;

		if (judging_of(&judging, quiet[i], &found) != JUDGE_NOTHING) {
			fail_msg("%s is judged as something", quiet[i]);
		}
	}
}

static void test_not_a_name(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
					  ".",
					  "..",
					  "vietc0mbank..top",
					  ".vietc0mbank.top",
					  "192.0.2.1",
					  "vietc0mbank.top:80",
					  "a b.top",
					  "vietc0mbank.top/",
					  "\xff\xfe.top"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct finding found;

		assert_int_equal(judging_of(&judging, bad[i], &found), JUDGE_NOT_A_NAME);
	}
}

/* Only host_len octets are read. */
static void test_length_is_kept_to(void **state)
{
	(void)state;
	struct finding found;

	assert_int_equal(judge_name(judging.judge, "vietc0mbank.topXXXX", 15, &found), JUDGE_FOUND);
	assert_int_equal(judge_name(judging.judge, "example.com/vietc0mbank.top", 11, &found),
			 JUDGE_NOTHING);
	assert_int_equal(judge_name(judging.judge, "vietc0mbank.top", 0, &found), JUDGE_NOT_A_NAME);
}

/* Case, a trailing dot, an ideographic one, A-label or U-label: one answer. */
static void test_forms(void **state)
{
	(void)state;
	static const char *const forms[][5] = {
	    {"vietc0mbank.top", "VIETC0MBANK.TOP", "Vietc0mbank.top.", "vietc0mbank\xe3\x80\x82top",
	     "\xef\xbd\x96ietc0mbank\xef\xbc\x8etop\xe3\x80\x82"},
	    {"xn--80ak6aa92e.com", "XN--80AK6AA92E.COM.",
	     "\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5.com",
	     "\xd0\x90\xd0\xa0\xd0\xa0\xd3\x80\xd0\x95.COM.",
	     "\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5\xef\xbd\xa1"
	     "com"},
	    {"vi\xe1\xbb\x87tcombank.vn", "VI\xe1\xbb\x86TCOMBANK.VN.", "xn--vitcombank-dv3e.vn",
	     "vie\xcc\xa3\xcc\x82tcombank.vn", "vi\xe1\xbb\x87tcombank\xe3\x80\x82vn\xe3\x80\x82"},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct finding first, other;

		assert_int_equal(judging_of(&judging, forms[i][0], &first), JUDGE_FOUND);
		for (size_t j = 1; j < 5; j++) {
			if (judging_of(&judging, forms[i][j], &other) != JUDGE_FOUND ||
			    !same_finding(&first, &other)) {
				fail_msg("%s is judged otherwise", forms[i][j]);
			}
		}
	}
}

/* An A-label that is no Punycode is judged as the letters it has. */
static void test_bad_punycode(void **state)
{
	(void)state;
	struct finding found;

	assert_int_equal(judging_of(&judging, "xn--vietcombank-99999999.top", &found), JUDGE_FOUND);
	assert_string_equal(found.imitates, V);
	assert_int_equal(judging_of(&judging, "xn--99999999.top", &found), JUDGE_NOTHING);
	assert_int_equal(judging_of(&judging, "xn--.vietc0mbank.top", &found), JUDGE_FOUND);
}

/* Numbers that meet a token's letters. */
static void test_numbers(void **state)
{
	(void)state;
	enum { NOTHING = -1 };
	static const struct {
		const char *name;
		int confidence; /* or NOTHING */
	} numbers[] = {
	    /* a changed letter beside a number: as likely another name with one */
	    {"dropbox18.com", CONFIDENCE_MEDIUM},
	    {"dropbxo18.com", CONFIDENCE_MEDIUM},
	    {"dropwox18.com", CONFIDENCE_LOW},
	    {"24dropwox.com", CONFIDENCE_LOW},
	    /* a digit that continues a number is no letter in disguise */
	    {"googl3.com", CONFIDENCE_HIGH},
	    {"googl365.com", CONFIDENCE_LOW},
	    {"g00gl365.com", CONFIDENCE_LOW},
	    {"g00gle365.com", CONFIDENCE_HIGH},
	    {"googl3-65.com", CONFIDENCE_HIGH},
	    {"appl365.com", CONFIDENCE_LOW},
	    /* digits alone are a number */
	    {"718i.vn", CONFIDENCE_HIGH},
	    {"7181.vn", NOTHING},
	    {"www.7181.vn", NOTHING},
	    {"42241.com", CONFIDENCE_LOW}, /* unless the site's label is one */
	};
	static const char numbered[] = "version = 1; contact = \"ask\"; sites = (\n"
				       "  { name = \"A\"; domains = [ \"tibi.vn\" ]; },\n"
				       "  { name = \"B\"; domains = [ \"dropbox.com\" ]; },\n"
				       "  { name = \"C\"; domains = [ \"apple.com\" ]; },\n"
				       "  { name = \"D\"; domains = [ \"google.com\" ]; },\n"
				       "  { name = \"E\"; domains = [ \"42214.com\" ]; } );";
	struct judging given = judging_new(numbered);

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct finding found;
		int confidence = judging_of(&given, numbers[i].name, &found) == JUDGE_FOUND
				     ? (int)found.confidence
				     : NOTHING;

		if (confidence != numbers[i].confidence) {
			fail_msg("%s: %d", numbers[i].name, confidence);
		}
	}
	judging_free(&given);
}

/* Characters that are like no letter of ASCII are like themselves alone. */
static void test_letters_unlike_ascii(void **state)
{
	(void)state;
	static const char foreign[] =
	    "version = 1; contact = \"ask\";\n"
	    "sites = ( { name = \"A\"; domains = [ \"中国银行.cn\" ]; },\n"
	    "  { name = \"B\"; domains = [ \"कमल.in\" ]; },\n"
	    "  { name = \"C\"; domains = [ \"мосгаз.рф\" ]; } );";
	static const char *const imitations[][3] = {
	    {"中国银行.top", "xn--fiqs8s856bruk.cn", "中国银行 under top instead of cn"},
	    {"中国银行-247.com", "xn--fiqs8s856bruk.cn", "中国银行 with 247"},
	    {"कमल.top", "xn--11b4cm.in", "कमल under top instead of in"},
	    {"мосгаз.com", "xn--80afnrks.xn--p1ai", NULL},
	};
	/* As many characters, none of them the same; some swapped; one other; one more; a mark. */
	static const char *const others[] = {"北京大学.cn",  "北京大学.top",   "行银国中.top",
					     "中国银北.top", "中国银行行.top", "कोमल.top",
					     "คนไทย.in",     "мосгаш.com"};
	struct judging given = judging_new(foreign);
	struct finding found;

	for (size_t i = 0; i < sizeof(imitations) / sizeof(imitations[0]); i++) {
		if (judging_of(&given, imitations[i][0], &found) != JUDGE_FOUND) {
			fail_msg("%s is not found", imitations[i][0]);
		}
		assert_string_equal(found.imitates, imitations[i][1]);
		if (imitations[i][2] != NULL) {
			assert_string_equal(found.why, imitations[i][2]);
		}
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (judging_of(&given, others[i], &found) != JUDGE_NOTHING) {
			fail_msg("%s is taken for %s", others[i], found.imitates);
		}
	}
	judging_free(&given);
}

/* A judge carries nothing over from one name to the next. */
static void test_no_memory_of_names(void **state)
{
	(void)state;
	struct finding first, again;

	assert_int_equal(judging_of(&judging, "vietc0mbank.top", &first), JUDGE_FOUND);
	assert_int_equal(judging_of(&judging, "example.com", &again), JUDGE_NOTHING);
	for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++) {
		assert_int_equal(judging_of(&judging, findings[i].name, &again), JUDGE_FOUND);
	}
	assert_int_equal(judging_of(&judging, "example.com", &again), JUDGE_NOTHING);
	assert_int_equal(judging_of(&judging, "vietc0mbank.top", &again), JUDGE_FOUND);
	assert_true(same_finding(&first, &again));
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
	    cmocka_unit_test(test_techniques),
	    cmocka_unit_test(test_quiet),
	    cmocka_unit_test(test_not_a_name),
	    cmocka_unit_test(test_length_is_kept_to),
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_bad_punycode),
	    cmocka_unit_test(test_letters_unlike_ascii),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_no_memory_of_names),
	};
	return cmocka_run_group_tests(tests, set_up, judging_tear_down);
}
