/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/site/name_page.h"

#include <string.h>
#include <unicode/utf8.h>

#include "daemon/answer/proceed.h"
#include "daemon/answer/url_host.h"
#include "daemon/site/page_frame.h"
#include "daemon/text/name_text.h"

/* A text in one of the page's languages. */
enum language { VIETNAMESE, ENGLISH, LANGUAGES };

enum word {
	LOOKS_LIKE, /* the title, which the site's name stands between */
	BUT_IS_NOT,
	ASKED_FOR,
	SHOWN_AS,
	LETTERS,
	WHY,
	WHAT_IS_ALIKE,
	CAREFUL,
	REAL,
	OPEN_REAL,
	TYPE_REAL,
	MISTAKE,
	ASK,
	QUESTIONS,
	ASK_ANY,
	GO_ON,
	GO_ON_MEANS,
	SURE,
	CONFIRM_MEANS,
	OPEN_HTTPS,
	OPEN_HTTP,
	FIRST_STEP,
	WENT_ON,
	STALE,
	OBSERVED,
	NOTHING,
	NOTHING_MEANS,
	WORDS,
};

#define TEXT_OF(number) #number
#define NUMBER_TEXT(number) TEXT_OF(number)
#define MINUTES NUMBER_TEXT(PROCEED_MINUTES)

static const char *const words[WORDS][LANGUAGES] = {
    [LOOKS_LIKE] = {"Trang này có tên giống ", "This site’s name looks like "},
    [BUT_IS_NOT] = {", nhưng không phải là ", ", but it is not "},
    [ASKED_FOR] = {"Tên: ", "Name: "},
    [SHOWN_AS] = {"Hiển thị là: ", "Shown as: "},
    [LETTERS] = {"Các chữ không phải chữ Latin cơ bản: ", "Letters beyond the basic Latin ones: "},
    [WHY] = {"Vì sao có cảnh báo này?", "Why this warning?"},
    [WHAT_IS_ALIKE] = {"Giống ở chỗ nào?", "What is alike?"},
    [CAREFUL] =
	{"Đừng nhập mật khẩu, mã OTP hay số thẻ khi bạn chưa chắc chắn về trang này.",
	 "Do not enter a password, one-time code or card number unless you are sure of this "
	 "site."},
    [REAL] = {"Trang thật", "The real site"},
    [OPEN_REAL] = {"Mở ", "Open "},
    [TYPE_REAL] = {"Hãy gõ địa chỉ mà bạn vẫn dùng.", "Type the address that you always use."},
    [MISTAKE] = {"Cảnh báo nhầm?", "Is this a mistake?"},
    [ASK] = {"Có thể có nhầm lẫn. Hãy hỏi: ", "It may be. Please ask: "},
    [QUESTIONS] = {"Bạn muốn hỏi thêm?", "Any questions?"},
    [ASK_ANY] = {"Hãy hỏi: ", "Please ask: "},
    [GO_ON] = {"Vẫn muốn mở?", "Open it all the same?"},
    [GO_ON_MEANS] = {"Trên thiết bị này, cảnh báo về tên này sẽ tạm ngừng trong " MINUTES " phút.",
		     "On this device, warnings about this name will pause for " MINUTES
		     " minutes."},
    [SURE] = {"Bạn có chắc không?", "Are you sure?"},
    [CONFIRM_MEANS] = {"Tên này rất giống tên thật. Hãy chỉ mở khi bạn biết trang này của ai.",
		       "This name looks very much like the real one. Open it only when you know "
		       "whose site it is."},
    [OPEN_HTTPS] = {"Vẫn mở bằng https", "Open it with https"},
    [OPEN_HTTP] = {"Vẫn mở bằng http", "Open it with http"},
    [FIRST_STEP] = {"Tôi vẫn muốn mở", "I want to open it"},
    [WENT_ON] = {"Trên thiết bị này, cảnh báo đang tạm ngừng.",
		 "On this device, the warning is paused."},
    [STALE] =
	{"Chưa mở được: trang bạn bấm nút đã quá cũ. Hãy bấm lại ở đây.",
	 "Not opened yet: the page whose button you pressed was too old. Press it again here."},
    [OBSERVED] = {"Không có cảnh báo nào về tên này; hệ thống chỉ đếm.",
		  "Nobody is warned about this name; it is only counted."},
    [NOTHING] = {"Truegate không có gì để nói về tên này",
		 "Truegate has nothing to say about this name"},
    [NOTHING_MEANS] = {"Tên không giống trang nào trong danh sách, hoặc thuộc về một trang đó, "
		       "hoặc là ngoại lệ.",
		       "It is not like any site on the list, or it belongs to one, or it is an "
		       "exception."},
};

/* Shows what is beyond ASCII by its number (U+0430), which no two letters share. */
static void put_letters(FILE *out, const char *text)
{
	const int32_t len = (int32_t)strlen(text);
	int32_t at = 0;

	while (at < len) {
		const int32_t start = at;
		UChar32 letter;

		U8_NEXT((const uint8_t *)text, at, len, letter);
		if (letter < 0x80) {
			continue;
		}

		char octets[U8_MAX_LENGTH + 1] = "";

		memcpy(octets, text + start, (size_t)(at - start));
		page_put_name(out, octets);
		fprintf(out, " U+%04X ", (unsigned)letter);
	}
}

static void put_names(FILE *out, const char *name, enum language in)
{
	char unicode[NAME_UNICODE_SIZE];

	fprintf(out, "<div class=\"fake\">\n<p>%s", words[ASKED_FOR][in]);
	page_put_name(out, name);
	fputs("</p>\n", out);
	if (name_unicode(name, unicode)) {
		fprintf(out, "<p>%s", words[SHOWN_AS][in]);
		page_put_name(out, unicode);
		fprintf(out, "</p>\n<p>%s", words[LETTERS][in]);
		put_letters(out, unicode);
		fputs("</p>\n", out);
	}
	fputs("</div>\n", out);
}

static void put_heading(FILE *out, enum word word, enum language in)
{
	fprintf(out, "<h2>%s</h2>\n", words[word][in]);
}

static void put_real(FILE *out, const struct finding *finding, enum language in)
{
	char real[HOST_NAME_MAX_LEN + 1];

	put_heading(out, REAL, in);
	/* "google.*" stands for many sites: nothing to link to. */
	if (!url_host(finding->imitates, strlen(finding->imitates), real)) {
		fprintf(out, "<p>%s</p>\n", words[TYPE_REAL][in]);
		return;
	}
	fputs("<p><a class=\"real\" href=\"https://", out);
	page_put(out, real);
	fprintf(out, "/\">%s", words[OPEN_REAL][in]);
	page_put(out, finding->site);
	fputs(": ", out);
	page_put(out, finding->imitates);
	fputs("</a></p>\n", out);
}

static void put_contact(FILE *out, const char *contact, bool warned, enum language in)
{
	if (contact == NULL || contact[0] == '\0') {
		return;
	}
	put_heading(out, warned ? MISTAKE : QUESTIONS, in);
	fprintf(out, "<p>%s", words[warned ? ASK : ASK_ANY][in]);
	page_put_name(out, contact);
	fputs("</p>\n", out);
}

static void put_link(FILE *out, const char *name, enum word word, const char *scheme,
		     enum language in)
{
	fprintf(out, "<a class=\"on\" href=\"%s://", scheme);
	page_put(out, name);
	fprintf(out, "/\">%s</a>\n", words[word][in]);
}

static void put_links(FILE *out, const char *name, enum language in)
{
	fprintf(out, "<p>%s</p>\n", words[WENT_ON][in]);
	put_link(out, name, OPEN_HTTPS, "https", in);
	put_link(out, name, OPEN_HTTP, "http", in);
}

static void put_button(FILE *out, enum word word, const char *to, enum language in)
{
	fprintf(out, "<button type=\"submit\" name=\"to\" value=\"%s\">%s</button>\n", to,
		words[word][in]);
}

static void put_form(FILE *out, const struct name_page *page, enum language in)
{
	const bool asks_again = page->finding->action == ACTION_BLOCK && !page->confirm;

	put_heading(out, page->confirm ? SURE : GO_ON, in);
	fprintf(out, "<p>%s</p>\n", words[page->confirm ? CONFIRM_MEANS : GO_ON_MEANS][in]);
	fputs("<form method=\"post\" action=\"/", out);
	page_put(out, page->name);
	/* The page that asks again is read in the same language. The site's own address is not
	 * given a fragment: a browser would keep it in the redirect (RFC 9110 section 10.2.2). */
	fprintf(out, "%s\"><input type=\"hidden\" name=\"step\" value=\"%s\">",
		asks_again && in == ENGLISH ? "#en" : "", page->confirm ? "confirm" : "ask");
	fputs("<input type=\"hidden\" name=\"token\" value=\"", out);
	page_put(out, page->token);
	fputs("\">\n", out);
	if (asks_again) {
		put_button(out, FIRST_STEP, "again", in);
	} else {
		put_button(out, OPEN_HTTPS, "https", in);
		put_button(out, OPEN_HTTP, "http", in);
	}
	fputs("</form>\n", out);
}

static void put_way_on(FILE *out, const struct name_page *page, enum language in)
{
	if (page->granted) {
		put_links(out, page->name, in);
	} else if (page->token != NULL) {
		put_form(out, page, in);
	}
}

static void put_why(FILE *out, const struct finding *finding, bool warned, enum language in)
{
	put_heading(out, warned ? WHY : WHAT_IS_ALIKE, in);
	fputs("<p>", out);
	page_put(out, in == VIETNAMESE ? finding->why_vi : finding->why);
	fprintf(out, ".</p>\n<p>%s</p>\n", words[warned ? CAREFUL : OBSERVED][in]);
}

static void put_finding(FILE *out, const struct name_page *page, enum language in)
{
	const struct finding *finding = page->finding;
	const bool warned = finding->action != ACTION_OBSERVE;

	fprintf(out, "<h1 class=\"title\">%s", words[LOOKS_LIKE][in]);
	page_put(out, finding->site);
	fputs(words[BUT_IS_NOT][in], out);
	page_put(out, finding->site);
	fputs("</h1>\n", out);
	put_names(out, page->name, in);
	if (page->stale && !page->granted) {
		fprintf(out, "<p>%s</p>\n", words[STALE][in]);
	}
	/* What changed by the press of a button is at the top, where a phone shows it. */
	if (warned && page->confirm) {
		put_way_on(out, page, in);
	}
	put_why(out, finding, warned, in);
	put_real(out, finding, in);
	put_contact(out, page->contact, warned, in);
	if (warned && !page->confirm) {
		put_way_on(out, page, in);
	}
}

static void put_nothing(FILE *out, const struct name_page *page, enum language in)
{
	fprintf(out, "<h1 class=\"title\">%s</h1>\n", words[NOTHING][in]);
	put_names(out, page->name, in);
	fprintf(out, "<p>%s</p>\n", words[NOTHING_MEANS][in]);
}

static void begin_article(FILE *out, const struct name_page *page, enum language in)
{
	const bool warned = page->finding != NULL && page->finding->action != ACTION_OBSERVE;

	fprintf(out, "<article%s%s>\n", warned ? "" : " class=\"calm\"",
		in == ENGLISH ? " lang=\"en\" id=\"en\"" : "");
}

void name_page_write(FILE *out, const struct name_page *page)
{
	page_begin(out, page->name);
	fputs("<p class=\"small\"><a href=\"#en\" lang=\"en\">English below</a></p>\n", out);
	for (enum language in = VIETNAMESE; in < LANGUAGES; in++) {
		begin_article(out, page, in);
		if (page->finding != NULL) {
			put_finding(out, page, in);
		} else {
			put_nothing(out, page, in);
		}
		fputs("</article>\n", out);
	}
	page_end(out);
}
