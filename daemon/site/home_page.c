/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/site/home_page.h"

#include <inttypes.h>

#include "daemon/site/page_frame.h"

static void put_search(FILE *out, const struct home_page *page)
{
	fputs("<h1 class=\"title\">Truegate</h1>\n"
	      "<form method=\"get\" action=\"/\"><p><label for=\"name\">Tên này có bị cảnh báo "
	      "không, vì sao? <span lang=\"en\">Is there a warning about a name, and "
	      "why?</span></label></p>\n"
	      "<input id=\"name\" name=\"name\" maxlength=\"512\" autocapitalize=\"none\" "
	      "spellcheck=\"false\" placeholder=\"example.com\">\n"
	      "<button type=\"submit\">Hỏi · <span lang=\"en\">Ask</span></button></form>\n",
	      out);
	if (page->not_a_name) {
		fputs("<p>Đó không phải là tên máy chủ. <span lang=\"en\">That is not a host "
		      "name.</span></p>\n",
		      out);
	}
}

static void put_scope(FILE *out, const struct home_page *page)
{
	fputs("<h2>Truegate thấy gì</h2>\n"
	      "<p>Chỉ tên máy chủ: câu hỏi của DNS, Host của HTTP, tên máy chủ trong thông điệp "
	      "đầu của TLS và QUIC. Không bao giờ giữ hay xem đường dẫn, câu truy vấn, cookie, nội "
	      "dung. Một tên chỉ bị cảnh báo khi giống một trang trong danh sách dưới đây; tên "
	      "không giống không để lại dấu vết. Không ghi lại thiết bị nào đã mở gì. Người quản "
	      "trị cổng mạng vẫn có thể theo dõi lưu lượng mà không cần Truegate.</p>\n"
	      "<h2 lang=\"en\">What Truegate sees</h2>\n"
	      "<p lang=\"en\">Host names only: the question of DNS, the Host of HTTP, the server "
	      "name in the first message of TLS and QUIC. Paths, queries, cookies and bodies are "
	      "never kept or examined. There is a warning only about a name that looks like a site "
	      "on the list below; any other name leaves no trace. No record is kept of which "
	      "device opened what. Whoever administers the gateway could watch its traffic without "
	      "Truegate, too.</p>\n",
	      out);
	if (page->canary) {
		fputs("<p>Mạng này yêu cầu trình duyệt dùng DNS của mạng. <span lang=\"en\">This "
		      "network "
		      "asks browsers to use its own DNS.</span></p>\n",
		      out);
	}
}

static void put_signer(FILE *out, const struct home_page *page)
{
	const char *signer = policy_signer(page->policy);
	const char *comment = policy_signed_comment(page->policy);
	char loaded[sizeof "0000-00-00 00:00 UTC"] = "";
	struct tm utc;

	if (gmtime_r(&page->loaded, &utc) != NULL) {
		strftime(loaded, sizeof loaded, "%Y-%m-%d %H:%M UTC", &utc);
	}
	fprintf(out,
		"<h2>Danh sách của ai · <span lang=\"en\">Whose list</span></h2>\n"
		"<p>Phiên bản · <span lang=\"en\">Version</span> %" PRIu32
		", từ · <span lang=\"en\">since</span> <time>%s</time>. Truegate " TRUEGATE_VERSION
		"</p>\n<p>",
		policy_version(page->policy), loaded);
	if (signer == NULL) {
		fputs("Không có chữ ký. <span lang=\"en\">Not signed.</span>", out);
	} else {
		fputs("Người ký · <span lang=\"en\">Signed by</span>: ", out);
		page_put_name(out, signer);
	}
	if (signer != NULL && comment != NULL) {
		fputs(" ", out);
		page_put(out, comment);
	}
	fputs("</p>\n", out);

	const char *contact = policy_contact(page->policy);

	if (contact != NULL && contact[0] != '\0') {
		fputs("<p>Hỏi ai · <span lang=\"en\">Whom to ask</span>: ", out);
		page_put_name(out, contact);
		fputs("</p>\n", out);
	}
}

static void put_site(FILE *out, const struct policy *policy, size_t i)
{
	struct policy_site_view site;

	policy_site(policy, i, &site);
	fputs("<li>", out);
	page_put(out, site.name);
	for (size_t j = 0; j < site.domain_count; j++) {
		fputs(j == 0 ? ": " : ", ", out);
		page_put(out, policy_site_domain(&site, j));
	}
	fputs("</li>\n", out);
}

typedef size_t count_fn(const struct policy *policy);
typedef const char *row_fn(const struct policy *policy, size_t i);

static void put_rows(FILE *out, const struct home_page *page, const char *heading, count_fn *count,
		     row_fn *row)
{
	const size_t rows = count(page->policy);

	fprintf(out, "<h2>%s (%zu)</h2>\n<ul>\n", heading, rows);
	for (size_t i = page->from; i < rows && i - page->from < HOME_PAGE_ROWS; i++) {
		fputs("<li>", out);
		page_put(out, row(page->policy, i));
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static size_t most_rows(const struct policy *policy)
{
	const size_t counts[] = {policy_site_count(policy), policy_exception_count(policy),
				 policy_local_exception_count(policy)};
	size_t most = 0;

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		most = counts[i] > most ? counts[i] : most;
	}
	return most;
}

static void put_lists(FILE *out, const struct home_page *page)
{
	const size_t sites = policy_site_count(page->policy);

	fprintf(out,
		"<h2>Các trang được bảo vệ · <span lang=\"en\">Protected sites</span> "
		"(%zu)</h2>\n<ul>\n",
		sites);
	for (size_t i = page->from; i < sites && i - page->from < HOME_PAGE_ROWS; i++) {
		put_site(out, page->policy, i);
	}
	fputs("</ul>\n", out);
	put_rows(out, page,
		 "Ngoại lệ của danh sách · <span lang=\"en\">Exceptions of the list</span>",
		 policy_exception_count, policy_exception_at);
	put_rows(out, page,
		 "Ngoại lệ của văn phòng · <span lang=\"en\">Exceptions of this office</span>",
		 policy_local_exception_count, policy_local_exception_at);
	if (most_rows(page->policy) > HOME_PAGE_ROWS &&
	    page->from < most_rows(page->policy) - HOME_PAGE_ROWS) {
		fprintf(out,
			"<p><a href=\"/?from=%zu\">Tiếp · <span lang=\"en\">More</span></a></p>\n",
			page->from + HOME_PAGE_ROWS);
	}
}

void home_page_write(FILE *out, const struct home_page *page)
{
	page_begin(out, "Truegate");
	fputs("<article class=\"calm\">\n", out);
	put_search(out, page);
	put_scope(out, page);
	put_signer(out, page);
	put_lists(out, page);
	fputs("</article>\n", out);
	page_end(out);
}
