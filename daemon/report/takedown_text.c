/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/report/takedown_text.h"

#include <string.h>

#include "daemon/report/time_arg.h"
#include "daemon/text/name_text.h"

/* Days that the text lists; the attached report has all. */
#define DAYS_LISTED 31

struct wording {
	const char *begin, *displays, *imitates, *please, *such_as, *reached, *dns_only, *days,
	    *more_days, *contents;
	const char *techniques[TECHNIQUE_COUNT];
	bool has_why; /* `why` is in this language */
};

static const struct wording english = {
    .begin = "The host name",
    .displays = "(displays as %s)",
    .imitates = "imitates %s, a site of %s (%s",
    .please = "Please investigate, and suspend it if you agree.",
    .such_as = "Names under it that were asked for:",
    .reached = "Connections to it went to:",
    .dns_only = "It was seen only in DNS queries, so we have no IP address for it.",
    .days = "It was asked for on these days:",
    .more_days = "and %zu more days; see the attached report",
    .contents = "We have not looked at the site's contents.",
    .techniques = {"homoglyph", "typo", "bitsquat", "hyphenation", "diacritics", "tld-swap",
		   "combosquat", "subdomain"},
    .has_why = true,
};

static const struct wording vietnamese = {
    .begin = "Tên miền",
    .displays = "(hiển thị là %s)",
    .imitates = "có tên bắt chước %s, trang web của %s (%s",
    .please = "Kính đề nghị quý đơn vị kiểm tra, và tạm ngừng tên miền này nếu xác nhận như vậy.",
    .such_as = "Các tên bên dưới tên miền này đã được truy cập:",
    .reached = "Các kết nối tới tên miền này đi đến địa chỉ IP:",
    .dns_only = "Tên miền này chỉ được thấy trong truy vấn DNS, nên chúng tôi không có địa chỉ IP.",
    .days = "Tên miền này đã được truy cập vào các ngày:",
    .more_days = "và %zu ngày nữa; xem báo cáo đính kèm",
    .contents = "Chúng tôi chưa xem nội dung của trang web.",
    .techniques = {"dùng ký tự trông giống nhau", "viết gần giống, sai chính tả",
		   "khác một bit so với tên thật", "thêm hoặc bớt dấu gạch nối", "dùng chữ có dấu",
		   "đổi đuôi tên miền", "ghép thêm từ vào tên thật",
		   "đặt tên thật trong tên miền con"},
};

/* A name in a line of its own, or in several: one that long has only escapes. */
static void write_name(const char *name, FILE *out)
{
	do {
		fprintf(out, "    %.*s\n", TAKEDOWN_LINE_MAX, name);
		name += strnlen(name, TAKEDOWN_LINE_MAX);
	} while (*name != '\0');
}

static void write_list(const char *head, const char *const *texts, size_t count, FILE *out)
{
	if (count == 0) {
		return;
	}
	fprintf(out, "%s\n\n", head);
	for (size_t i = 0; i < count; i++) {
		write_name(texts[i], out);
	}
	putc('\n', out);
}

static void write_days(const struct takedown *takedown, const struct wording *words, FILE *out)
{
	fprintf(out, "%s\n\n", words->days);
	for (size_t i = 0; i < takedown->day_count && i < DAYS_LISTED; i++) {
		char date[DATE_TEXT_SIZE];
		date_text(takedown->days[i].date, date);
		fprintf(out, "    %s\n", date);
	}
	if (takedown->day_count > DAYS_LISTED) {
		fputs("    ", out);
		fprintf(out, words->more_days, takedown->day_count - DAYS_LISTED);
		putc('\n', out);
	}
	putc('\n', out);
}

static void write_language(const struct takedown *takedown, const struct wording *words, FILE *out)
{
	const struct fake *fake = takedown->fake;
	char shown[NAME_UNICODE_SIZE];
	fprintf(out, "%s\n\n", words->begin);
	write_name(fake->name, out);
	if (name_unicode(fake->name, shown)) {
		fputs("    ", out);
		fprintf(out, words->displays, shown);
		putc('\n', out);
	}
	putc('\n', out);
	fprintf(out, words->imitates, fake->imitates, fake->site,
		words->techniques[fake->technique]);
	fprintf(out, "%s%s).\n%s\n\n", words->has_why ? ": " : "", words->has_why ? fake->why : "",
		words->please);
	write_list(words->such_as, fake->examples, fake->example_count, out);
	write_list(words->reached, fake->addresses, fake->address_count, out);
	if (fake->address_count == 0 && !fake->via_web) {
		fprintf(out, "%s\n\n", words->dns_only);
	}
	write_days(takedown, words, out);
	fprintf(out, "%s\n\n", words->contents);
}

void takedown_text(const struct takedown *takedown, FILE *out)
{
	if (takedown->english) {
		write_language(takedown, &english, out);
	}
	if (takedown->english && takedown->vietnamese) {
		fputs("----------------------------------------\n\n", out);
	}
	if (takedown->vietnamese) {
		write_language(takedown, &vietnamese, out);
	}
}
