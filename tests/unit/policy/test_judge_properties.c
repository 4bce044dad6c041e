/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds of every name: thousands of seeded cases, the same on every run. */
#include "policy/name/words.h"
#include "tests/bench/seeded.h"
#include "tests/unit/dpi/heap.h"
#include "tests/unit/policy/judging.h"

#define SITES 40
#define ROUNDS 6000

/* Sites with labels of six letters and more that are made up, so that no word is among them. */
static char labels[SITES][16];
static const char *const suffixes[] = {"com", "com.vn", "vn", "co.uk", "org"};
static const char *suffix_of(size_t site)
{
	return suffixes[site % 5];
}

static char policy_text[SITES * 200];

/* Consonant, vowel, consonant: what a name that people can say looks like. */
static void make_label(struct seeded *random, char out[16])
{
	static const char consonants[] = "bcdfghjklmnpqrstvwxz", vowels[] = "aeiouy";
	size_t len = 6 + seeded_below(random, 6);

	for (size_t i = 0; i < len; i++) {
		out[i] = i % 2 == 0 ? consonants[seeded_below(random, 20)]
				    : vowels[seeded_below(random, 6)];
	}
	out[len] = '\0';
}

/*
 * Writes the sites in the order given, each one's domains in order or turned round. Each fifth is
 * protected under any suffix too; another fifth has a second domain and short forms.
 */
static void write_policy(const size_t order[SITES], bool turned)
{
	size_t len = 0, size = sizeof(policy_text);

#define WRITE(...) len += (size_t)snprintf(policy_text + len, size - len, __VA_ARGS__)
	WRITE("version = 1; contact = \"it@office.example\"; sites = (");
	for (size_t i = 0; i < SITES; i++) {
		size_t site = order[i];
		const char *label = labels[site], *suffix = suffix_of(site);

		WRITE("%s{ name = \"Site %zu\"; domains = [ ", i == 0 ? "" : ",", site);
		if (site % 5 == 4 && turned) {
			WRITE("\"%s.*\", \"%s.%s\" ]; }", label, label, suffix);
		} else if (site % 5 == 4) {
			WRITE("\"%s.%s\", \"%s.*\" ]; }", label, suffix, label);
		} else if (site % 5 == 3 && turned) {
			WRITE("\"%s.%s\", \"%sgroup.net\" ]; tokens = [ \"%.5s\", \"%.4s\" ]; }",
			      label, suffix, label, label, label);
		} else if (site % 5 == 3) {
			WRITE("\"%s.%s\", \"%sgroup.net\" ]; tokens = [ \"%.4s\", \"%.5s\" ]; }",
			      label, suffix, label, label, label);
		} else {
			WRITE("\"%s.%s\" ]; }", label, suffix);
		}
	}
	WRITE("); exceptions = [ \"%s-run.example\" ]; decorations = [ \"log-?in\", \"verify\" ];",
	      labels[0]);
#undef WRITE
	assert_true(len < size);
}

static void in_order(size_t order[SITES])
{
	for (size_t i = 0; i < SITES; i++) {
		order[i] = i;
	}
}

/* The key to the left or right of each letter on a QWERTY keyboard. */
static char key_beside(char key)
{
	return "svxsrdfguhjknmiowtarycqztx"[key - 'a'];
}

#define EDITS 8

/* One edit of the label, as dnstwist makes them. \returns false when it changes nothing. */
static bool edit_label(struct seeded *random, unsigned edit, const char *label, char out[32])
{
	size_t len = strlen(label);
	size_t at = 1 + seeded_below(random, (uint32_t)len - 2);
	const char *digit = strchr("o0l1e3a4s5t7", label[at]);

	switch (edit) {
	case 0: /* omission */
		snprintf(out, 32, "%.*s%s", (int)at, label, label + at + 1);
		return true;
	case 1: /* repetition */
		snprintf(out, 32, "%.*s%s", (int)at + 1, label, label + at);
		return true;
	case 2: /* transposition */
		snprintf(out, 32, "%s", label);
		out[at] = label[at + 1];
		out[at + 1] = label[at];
		return at + 1 < len;
	case 3: /* insertion of the key beside */
		snprintf(out, 32, "%.*s%c%s", (int)at, label, key_beside(label[at]), label + at);
		return true;
	case 4: /* hyphenation */
		snprintf(out, 32, "%.*s-%s", (int)at, label, label + at);
		return true;
	case 5: /* a digit that looks like the letter */
		snprintf(out, 32, "%s", label);
		if (digit == NULL) {
			return false;
		}
		out[at] = digit[1];
		return true;
	case 6: /* subdomain: a dot inside */
		snprintf(out, 32, "%.*s.%s", (int)at, label, label + at);
		return true;
	default: /* addition */
		snprintf(out, 32, "%s%c", label, (char)('a' + seeded_below(random, 26)));
		return true;
	}
}

/* Edits that are found whatever the letters: a name is no imitation when it is a word itself. */
static void test_imitations_are_found(void **state)
{
	(void)state;
	struct seeded random = {.state = 2};
	size_t tried[EDITS] = {0};

	for (size_t round = 0; round < ROUNDS; round++) {
		size_t site = seeded_below(&random, SITES);
		unsigned edit = (unsigned)(round % EDITS);
		struct finding found;
		char edited[32], name[64], site_name[32];

		if (!edit_label(&random, edit, labels[site], edited) ||
		    word_is_common(edited, strlen(edited))) {
			continue;
		}
		snprintf(name, sizeof(name), "%s.%s", edited, suffix_of(site));
		snprintf(site_name, sizeof(site_name), "Site %zu", site);
		if (judging_of(&judging, name, &found) != JUDGE_FOUND ||
		    strcmp(found.site, site_name) != 0) {
			fail_msg("%s, an imitation of %s.%s, is not found", name, labels[site],
				 suffix_of(site));
		}
		tried[edit]++;
	}
	for (size_t i = 0; i < EDITS; i++) {
		assert_true(tried[i] > ROUNDS / EDITS / 10);
	}
}

/* Under a protected domain, however that begins; a label under any suffix; an exception. */
static void test_own_names_are_never_found(void **state)
{
	(void)state;
	struct seeded random = {.state = 3};

	for (size_t round = 0; round < ROUNDS; round++) {
		size_t site = seeded_below(&random, SITES), other = seeded_below(&random, SITES);
		static const char *const fronts[] = {"", "www.", "login.", "a.b-c.d."};
		static const char *const any[] = {"fr", "co.uk", "com.vn", "top", "xyz"};
		const char *suffix =
		    site % 5 == 4 ? any[seeded_below(&random, 5)] : suffix_of(site);
		struct finding found;
		char name[128], edited[32];

		snprintf(name, sizeof(name), "%s%s.%s", fronts[round % 4], labels[site], suffix);
		assert_int_equal(judging_of(&judging, name, &found), JUDGE_NOTHING);
		if (!edit_label(&random, (unsigned)round % EDITS, labels[other], edited)) {
			continue;
		}
		snprintf(name, sizeof(name), "%s.%s.%s", edited, labels[site], suffix);
		assert_int_equal(judging_of(&judging, name, &found), JUDGE_NOTHING);
		snprintf(name, sizeof(name), "%s.%s-run.example", edited, labels[0]);
		assert_int_equal(judging_of(&judging, name, &found), JUDGE_NOTHING);
	}
}

/* A name of letters, tokens, digits, hyphens and dots put together at random. */
static void make_name(struct seeded *random, char out[96])
{
	static const char *const pieces[] = {"login", "verify", "shop",  "com",  "vn", "24h", "my",
					     "the",   "www",    "apple", "bank", "xq", "1",   "0"};
	static const char *const ends[] = {".top", ".com", ".com.vn", ".xyz", ".blogspot.com"};
	size_t count = 1 + seeded_below(random, 3);
	char edited[32];

	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		size_t site = seeded_below(random, SITES);
		unsigned edit = seeded_below(random, EDITS + 4);

		if (i > 0 && seeded_percent(random, 60)) {
			strcat(out, seeded_percent(random, 70) ? "-" : ".");
		}
		if (seeded_percent(random, 50)) {
			strcat(out, pieces[seeded_below(random, 14)]);
		} else if (site % 5 == 3 && seeded_percent(random, 50)) {
			strncat(out, labels[site], 4 + seeded_below(random, 2));
		} else if (edit < EDITS && edit_label(random, edit, labels[site], edited)) {
			strcat(out, edited);
		} else {
			strcat(out, labels[site]);
		}
	}
	strcat(out, ends[seeded_below(random, 5)]);
}

static void test_case_and_dot(void **state)
{
	(void)state;
	struct seeded random = {.state = 4};

	for (size_t round = 0; round < ROUNDS; round++) {
		struct finding first, other;
		char name[96], written[200] = "";
		enum judge_result result;
		size_t len = 0;

		make_name(&random, name);
		result = judging_of(&judging, name, &first);
		for (const char *c = name; *c != '\0'; c++) {
			if (*c == '.' && seeded_percent(&random, 30)) {
				memcpy(written + len, "\xe3\x80\x82", 3);
				len += 3;
			} else {
				bool letter = *c >= 'a' && *c <= 'z';

				written[len++] =
				    letter && seeded_percent(&random, 50) ? (char)(*c - 32) : *c;
			}
		}
		if (seeded_percent(&random, 50)) {
			written[len++] = '.';
		}
		assert_int_equal(judge_name(judging.judge, written, len, &other), result);
		assert_true(result != JUDGE_FOUND || same_finding(&first, &other));
	}
}

/* A decoration more in a name never makes its finding less certain. */
static void test_more_decorations(void **state)
{
	(void)state;
	static const char *const words[] = {"login", "verify", "xacthuc", "nhanqua", "anmelden"};
	struct seeded random = {.state = 7};
	size_t decorated = 0;

	for (size_t round = 0; round < ROUNDS; round++) {
		struct finding plain, more;
		char name[96], longer[160];
		const char *word = words[seeded_below(&random, 5)];

		make_name(&random, name);
		if (judging_of(&judging, name, &plain) != JUDGE_FOUND) {
			continue;
		}
		const char *rest = name;
		for (const char *c = name + strlen(name); c > name; c--) {
			size_t dots = 0;

			for (const char *d = c; *d != '\0'; d++) {
				dots += *d == '.';
			}
			if (dots == plain.labels - 1U && c[-1] == '.') {
				rest = c;
				break;
			}
		}
		if (seeded_percent(&random, 50)) {
			snprintf(longer, sizeof(longer), "%.*s%s-%s", (int)(rest - name), name,
				 word, rest);
		} else {
			size_t label = strcspn(rest, ".");

			snprintf(longer, sizeof(longer), "%.*s-%s%s",
				 (int)(rest - name + (int)label), name, word, rest + label);
		}
		/* one that a dot or a hyphen splits is not split so any more, but part of another
		 */
		if (plain.labels != 2 || memchr(rest, '-', strcspn(rest, ".")) != NULL) {
			continue;
		}
		if (judging_of(&judging, longer, &more) != JUDGE_FOUND ||
		    more.confidence < plain.confidence) {
			fail_msg("%s: %s, %s; %s: less, %s", name,
				 confidence_text(plain.confidence), plain.why, longer, more.why);
		}
		decorated++;
	}
	assert_true(decorated > ROUNDS / 8);
}

static void test_order_of_policy(void **state)
{
	(void)state;
	struct seeded random = {.state = 5};
	size_t order[SITES], found_count = 0;
	struct judging shuffled;

	in_order(order);
	for (size_t i = SITES - 1; i > 0; i--) {
		size_t j = seeded_below(&random, (uint32_t)i + 1), kept = order[i];

		order[i] = order[j];
		order[j] = kept;
	}
	write_policy(order, true);
	shuffled = judging_new(policy_text);
	for (size_t round = 0; round < ROUNDS; round++) {
		struct finding first, other;
		enum judge_result result;
		char name[96];

		make_name(&random, name);
		result = judging_of(&judging, name, &first);
		assert_int_equal(judging_of(&shuffled, name, &other), result);
		if (result != JUDGE_FOUND) {
			continue;
		}
		if (!same_finding(&first, &other)) {
			fail_msg("%s: %s, %s; shuffled: %s, %s", name, first.imitates, first.why,
				 other.imitates, other.why);
		}
		found_count++;
	}
	assert_in_range(found_count, ROUNDS / 4, ROUNDS - 1);
	judging_free(&shuffled);
}

/*
 * No name hides another: a finding for F is never weaker for PREFIX.F, whatever the labels in front
 * that are no findings themselves, as far as a name's 253 octets go.
 */
static void test_prefixes_hide_nothing(void **state)
{
	(void)state;
	struct seeded random = {.state = 8};
	size_t compared = 0;

	for (size_t round = 0; round < ROUNDS; round++) {
		char name[96], prefixed[300], unit[40];
		struct finding alone, behind;
		const size_t site = seeded_below(&random, SITES);
		const size_t name_len = (make_name(&random, name), strlen(name));
		size_t len = 0, label = 0;

		if (judging_of(&judging, name, &alone) != JUDGE_FOUND) {
			continue;
		}
		/* a site's label, as it is or with something at its side, as often as there is room
		 */
		if (!edit_label(&random, (unsigned)round % (EDITS - 2), labels[site], unit) ||
		    round % 3 == 0) {
			snprintf(unit, sizeof(unit), "%s%s", round % 2 == 0 ? "" : "q",
				 labels[site]);
		}
		const size_t unit_len = strlen(unit);
		while (len + unit_len + 2 + name_len < 253) {
			if (label + unit_len > 60) {
				prefixed[len++] = '.';
				label = 0;
			}
			memcpy(prefixed + len, unit, unit_len);
			len += unit_len;
			label += unit_len;
		}
		snprintf(prefixed + len, sizeof(prefixed) - len, ".%s", name);
		if (judging_of(&judging, prefixed, &behind) != JUDGE_FOUND ||
		    behind.confidence < alone.confidence) {
			fail_msg("%s is found, %s is not, or is weaker", name, prefixed);
		}
		compared++;
	}
	assert_true(compared > ROUNDS / 4);
}

/* The same where a site has many domains with one label, each of them a token. */
static void test_many_domains_hide_nothing(void **state)
{
	(void)state;
	static const char *const fakes[] = {
	    "vietc0mbank.top",
	    "vietcombank-login.top",
	    "paypa1.com",
	    "www.vietcombank.com.vn.login-id.top",
	    "xn--vetcombank-x2i.com",
	    "vietcombank-xacthuc.top",
	};
	static const char *const units[] = {"amaz0n", "arnazon", "qamazonq", "xamazon", "amazon"};
	struct judging many = judging_new(
	    "version = 1; contact = \"it@office.example\"; sites = ("
	    "{ name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; },"
	    "{ name = \"PayPal\"; domains = [ \"paypal.com\", \"paypal.me\" ]; },"
	    "{ name = \"Amazon\"; domains = [ \"amazon.com\", \"amazon.ca\", \"amazon.de\","
	    "\"amazon.fr\", \"amazon.it\", \"amazon.es\", \"amazon.nl\", \"amazon.pl\", "
	    "\"amazon.se\","
	    "\"amazon.in\", \"amazon.sg\", \"amazon.ae\", \"amazon.sa\", \"amazon.eg\","
	    "\"amazon.co.jp\", \"amazon.co.uk\", \"amazon.com.au\" ]; });"
	    "decorations = [ \"login\", \"xac-?thuc\" ];");

	for (size_t i = 0; i < sizeof(fakes) / sizeof(fakes[0]); i++) {
		struct finding alone, behind;

		assert_int_equal(judging_of(&many, fakes[i], &alone), JUDGE_FOUND);
		for (size_t j = 0; j < sizeof(units) / sizeof(units[0]); j++) {
			const size_t unit_len = strlen(units[j]);
			char prefixed[300] = "";

			for (size_t k = 1; k <= (250 - strlen(fakes[i])) / (unit_len * 6 + 1) * 6;
			     k++) {
				strcat(prefixed, units[j]);
				strcat(prefixed, k % 6 == 0 ? "." : "");
			}
			strcat(prefixed, fakes[i]);
			if (judging_of(&many, prefixed, &behind) != JUDGE_FOUND ||
			    behind.confidence < alone.confidence) {
				fail_msg("%s is found, %s is not, or is weaker", fakes[i],
					 prefixed);
			}
		}
	}
	judging_free(&many);
}

/* Octets of any kind, and names of the greatest length. */
static void test_any_octets(void **state)
{
	(void)state;
	struct seeded random = {.state = 6};

	for (size_t round = 0; round < ROUNDS; round++) {
		struct finding found, again;
		char name[300];
		size_t len = seeded_below(&random, sizeof(name));
		enum judge_result result;

		for (size_t i = 0; i < len; i++) {
			name[i] = seeded_percent(&random, 85)
				      ? "abcdeilmnorvw01-."[seeded_below(&random, 17)]
				      : (char)seeded_below(&random, 256);
		}
		result = judge_name(judging.judge, name, len, &found);
		assert_int_equal(judge_name(judging.judge, name, len, &again), result);
		assert_true(result != JUDGE_FOUND || same_finding(&found, &again));
	}
}

static void test_takes_no_heap(void **state)
{
	(void)state;
#if HEAP_WATCHED
	struct seeded random = {.state = 7};
	struct finding found;
	char name[96];
	uint64_t taken;

	judging_of(&judging, "xn--80ak6aa92e.com", &found); /* ICU makes its mapping once */
	judging_of(&judging, "vi\xe1\xbb\x87t.com", &found);
	taken = heap.taken;
	for (size_t round = 0; round < ROUNDS; round++) {
		make_name(&random, name);
		judging_of(&judging, name, &found);
		judging_of(&judging, "vi\xe1\xbb\x87tcombank.xn--vitcombank-06a.com.vn", &found);
	}
	assert_int_equal(heap.taken, taken);
#else
	print_message("not counted: a sanitizer's heap is its own\n");
	skip();
#endif
}

static int set_up(void **state)
{
	(void)state;
	struct seeded random = {.state = 1};
	size_t order[SITES];

	for (size_t i = 0; i < SITES; i++) {
		make_label(&random, labels[i]);
	}
	in_order(order);
	write_policy(order, false);
	judging = judging_new(policy_text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_imitations_are_found),
	    cmocka_unit_test(test_own_names_are_never_found),
	    cmocka_unit_test(test_case_and_dot),
	    cmocka_unit_test(test_order_of_policy),
	    cmocka_unit_test(test_more_decorations),
	    cmocka_unit_test(test_prefixes_hide_nothing),
	    cmocka_unit_test(test_many_domains_hide_nothing),
	    cmocka_unit_test(test_any_octets),
	    cmocka_unit_test(test_takes_no_heap),
	};
	return cmocka_run_group_tests(tests, set_up, judging_tear_down);
}
