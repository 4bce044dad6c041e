/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a finding says to a person, in both languages, and how much of the name it is about. */
#include "tests/unit/policy/judging.h"

static const char policy[] =
    "version = 1;\n"
    "contact = \"it@office.example\";\n"
    "sites = (\n"
    "  { name = \"Vietcombank\"; domains = [ \"vietcombank.com.vn\" ]; },\n"
    "  { name = \"Viet-Bank\"; domains = [ \"viet-bank.vn\" ]; },\n"
    "  { name = \"Cor-Nernet\"; domains = [ \"cor-nernet.com\" ]; },\n"
    "  { name = \"Wikipedia\"; domains = [ \"wikipedia.org\" ]; },\n"
    "  { name = \"Apple\"; domains = [ \"apple.com\" ]; }\n"
    ");\n"
    "decorations = [ \"login\" ];\n";

static const struct {
	const char *name, *why, *why_vi;
	unsigned labels;
} rows[] = {
    {"vietc0mbank.top", "0 stands for o", "0 thay cho o", 2},
    {"a.b.vietc0mbank.top", "0 stands for o", "0 thay cho o", 2},
    {"vietcomank.com.vn", "b is left out", "thiếu chữ b", 3},
    {"vietcombbank.com.vn", "b is doubled", "chữ b bị lặp lại", 3},
    {"veitcombank.com.vn", "i and e are swapped", "i và e bị đổi chỗ", 3},
    {"vietcombsnk.com.vn", "s, the key beside it, stands for a",
     "s, phím ngay bên cạnh, thay cho a", 3},
    {"vietcomvbank.com.vn", "v, a key beside it, is typed too", "gõ thừa v, phím ngay bên cạnh", 3},
    {"vietcombenk.com.vn", "e stands for a, another vowel", "e thay cho a, một nguyên âm khác", 3},
    {"vietcombankx.com.vn", "x is added at the end", "thêm x ở cuối", 3},
    {"vietcombanc.com.vn", "c is said like k", "c đọc giống k", 3},
    {"vietbombank.com.vn", "one flipped bit makes b of c", "b thay cho c, chỉ khác một bit", 3},
    {"vietcoqmbank.com.vn", "q is put in", "chèn thêm q", 3},
    {"xn--80ak6aa92e.com", "а (U+0430) stands for a, р (U+0440) stands for p, 2 more",
     "а (U+0430) thay cho a, р (U+0440) thay cho p, còn 2 chỗ khác", 2},
    {"vietcom-bank.com.vn", "a hyphen splits vietcombank", "dấu gạch nối chia đôi vietcombank", 3},
    {"www.vietcombank.top", "vietcombank under top instead of com.vn",
     "vietcombank có đuôi top thay vì com.vn", 2},
    {"vietcombank-com-vn.top", "vietcombank with com-vn from its own suffix",
     "vietcombank kèm theo com-vn lấy từ đuôi tên miền thật", 2},
    {"my-vietcombank-login.top", "vietcombank with my and login",
     "vietcombank kèm theo my và login", 2},
    {"x.vietcombank.com.vn.login-id.top", "vietcombank.com.vn stands in front of login-id.top",
     "vietcombank.com.vn đứng trước login-id.top", 5},
    {"x.vietcom.bank.com.vn", "a dot splits vietcombank", "dấu chấm chia đôi vietcombank", 4},

    /* hyphens, of the name or of the token, are not letters */
    {"viebtank.vn", "t and b are swapped", "t và b bị đổi chỗ", 2},
    {"vie-btank.vn", "t and b are swapped", "t và b bị đổi chỗ", 2},
    {"v-vikipedia.org", "vv stands for w", "vv thay cho w", 2},
    {"vietcor-nbank.top", "rn stands for m", "rn thay cho m", 2},
    {"comernet.top", "m stands for rn", "m thay cho rn", 2},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding found;

		if (judging_of(&judging, rows[i].name, &found) != JUDGE_FOUND) {
			fail_msg("%s is not found", rows[i].name);
		}
		assert_string_equal(found.why, rows[i].why);
		assert_string_equal(found.why_vi, rows[i].why_vi);
		if (found.labels != rows[i].labels) {
			fail_msg("%s: %u labels", rows[i].name, found.labels);
		}
	}
}

/* What has no room is cut between two characters: here the room ends within one. */
static void test_cut(void **state)
{
	(void)state;
	enum { CHARACTERS = 54, SHOWN = 1 + (FINDING_WHY_SIZE - 2) / 3 * 3 };
	char label[1 + CHARACTERS * 3 + 1] = "a", text[1024], name[sizeof(label) + 8];
	struct finding found;
	struct judging given;

	for (size_t i = 0; i < CHARACTERS; i++) {
		strcat(label, "中");
	}
	snprintf(text, sizeof(text),
		 "version = 1; contact = \"it@office.example\";\n"
		 "sites = ( { name = \"A\"; domains = [ \"%s.cn\" ]; } );",
		 label);
	snprintf(name, sizeof(name), "%s.top", label);
	given = judging_new(text);
	assert_int_equal(judging_of(&given, name, &found), JUDGE_FOUND);
	assert_true(SHOWN < FINDING_WHY_SIZE - 1);
	label[SHOWN] = '\0';
	assert_string_equal(found.why, label);
	assert_string_equal(found.why_vi, label);
	judging_free(&given);
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
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_cut),
	};
	return cmocka_run_group_tests(tests, set_up, judging_tear_down);
}
