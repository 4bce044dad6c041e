/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/bait_words.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Words of each language, from all over the alphabet: a table out of order would lose some. */
static void test_words(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum bait bait;
	} rows[] = {
	    {"acceso", BAIT_LURE},     {"account", BAIT_LURE},       {"aktualisierung", BAIT_LURE},
	    {"anmelden", BAIT_LURE},   {"atualizar", BAIT_LURE},     {"bantuan", BAIT_LURE},
	    {"capnhat", BAIT_LURE},    {"connexion", BAIT_LURE},     {"dangnhap", BAIT_LURE},
	    {"hotro", BAIT_LURE},      {"kakunin", BAIT_LURE},       {"login", BAIT_LURE},
	    {"nhanqua", BAIT_LURE},    {"rabop", BAIT_LURE},         {"seguranca", BAIT_LURE},
	    {"sicherheit", BAIT_LURE}, {"verifikasi", BAIT_LURE},    {"verify", BAIT_LURE},
	    {"xacthuc", BAIT_LURE},    {"zahlung", BAIT_LURE},       {"app", BAIT_PLAIN},
	    {"shop", BAIT_PLAIN},      {"www", BAIT_PLAIN},          {"vip99", BAIT_PLAIN},
	    {"xac-thuc", BAIT_NONE},   {"login-vip", BAIT_LURE},     {"viplogin24", BAIT_LURE},
	    {"24-login-7", BAIT_LURE}, {"customerlogin", BAIT_LURE}, {"247", BAIT_NONE},
	    {"", BAIT_NONE},           {"loginx", BAIT_NONE},        {"lo", BAIT_NONE},
	    {"logi", BAIT_NONE},       {"bakery", BAIT_NONE},        {"x", BAIT_NONE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (bait_of(rows[i].text, strlen(rows[i].text)) != rows[i].bait) {
			fail_msg("%s", rows[i].text);
		}
	}
}

static void test_edges(void **state)
{
	(void)state;
	assert_true(is_edged_by_lure("loginxyz", 8));
	assert_true(is_edged_by_lure("xyzlogin", 8));
	assert_false(is_edged_by_lure("login", 5));
	assert_false(is_edged_by_lure("xloginx", 7));
	assert_false(is_edged_by_lure("cardxyz", 7)); /* too short to be seen there */
}

static void test_machines(void **state)
{
	(void)state;
	assert_true(is_machine_words("cdn", 3));
	assert_true(is_machine_words("usercontent-2", 13));
	assert_true(is_machine_words("apis", 4));
	assert_false(is_machine_words("login", 5));
	assert_false(is_machine_words("", 0));
	assert_true(names_delivery("qlivecdn", 8));
	assert_false(names_delivery("example", 7));
}

/* No more than len characters are read, however long the piece. */
static void test_length(void **state)
{
	(void)state;
	char piece[300];

	memset(piece, 'a', sizeof(piece));
	assert_int_equal(bait_of(piece, sizeof(piece)), BAIT_NONE);
	assert_false(is_machine_words(piece, sizeof(piece)));
	assert_int_equal(bait_of("loginx", 5), BAIT_LURE);
	assert_true(is_machine_words("cdnx", 3));
}

static int ready(void **state)
{
	(void)state;
	return bait_words_ready() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_edges),
	    cmocka_unit_test(test_machines),
	    cmocka_unit_test(test_length),
	};
	return cmocka_run_group_tests(tests, ready, NULL);
}
