/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/warning_page.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/answer/page_template.h"
#include "daemon/answer/page_text.h"
#include "daemon/answer/proceed.h"
#include "daemon/answer/url_host.h"
#include "daemon/text/name_text.h"
#include "daemon/text/safe_text.h"
#include "policy/limits.h"

#define HEAD_SIZE 1024
/* Texts of the policy are shown up to here, octets. */
#define POLICY_TEXT_SIZE CONTACT_SIZE /* and SITE_NAME_SIZE */
/* A style's hash in a Content-Security-Policy: base64 of a SHA-256. */
#define STYLE_HASH_SIZE                                                                            \
	sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)

#define TEXT_OF(number) #number
#define NUMBER_TEXT(number) TEXT_OF(number)

struct technique_words {
	const char *vi;
	const char *en;
};

/* What each technique is, for somebody who never heard of it. */
static const struct technique_words words_of[TECHNIQUE_COUNT] = {
    [TECHNIQUE_HOMOGLYPH] = {"Tên này dùng chữ hoặc số trông giống chữ trong tên thật.",
			     "The name uses letters or digits that look like those of the real "
			     "one."},
    [TECHNIQUE_TYPO] = {"Tên này chỉ khác tên thật một lỗi gõ nhỏ.",
			"The name differs from the real one by a small slip of typing."},
    [TECHNIQUE_BITSQUAT] = {"Tên này chỉ khác tên thật một ký tự.",
			    "The name differs from the real one by one character."},
    [TECHNIQUE_HYPHENATION] = {"Tên này là tên thật với dấu gạch nối thêm vào hoặc bỏ đi.",
			       "The name is the real one with a hyphen added or left out."},
    [TECHNIQUE_DIACRITICS] = {"Tên này khác tên thật ở dấu của chữ.",
			      "The name differs from the real one by the marks on its letters."},
    [TECHNIQUE_TLD_SWAP] = {"Tên này giống tên thật nhưng có phần đuôi khác.",
			    "The name is like the real one but has another ending."},
    [TECHNIQUE_COMBOSQUAT] = {"Tên này ghép tên thật với từ hoặc số khác.",
			      "The name joins the real one with other words or digits."},
    [TECHNIQUE_SUBDOMAIN] = {"Tên thật chỉ đứng ở đầu; trang này thuộc về một tên khác.",
			     "The real name only stands in front; the site belongs to another "
			     "name."},
};

/* An address that can stand in a mailto URL as it is (RFC 6068 section 2, without escapes), and
 * whole.
 */
static bool is_mail_address(const char *contact)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_+";
	size_t local_len = strspn(contact, allowed);

	if (local_len == 0 || contact[local_len] != '@' || strlen(contact) >= POLICY_TEXT_SIZE) {
		return false;
	}

	const char *domain = contact + local_len + 1;

	return *domain != '\0' && domain[strspn(domain, allowed)] == '\0';
}

/* The hash of what stands between <style> and </style>, which the template has exactly once. */
static void hash_style(char out[STYLE_HASH_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	const char *style = strstr(page_template, "<style>") + strlen("<style>");
	size_t len = (size_t)(strstr(style, "</style>") - style);

	crypto_hash_sha256(hash, (const unsigned char *)style, len);
	sodium_bin2base64(out, STYLE_HASH_SIZE, hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
}

static void write_body(const struct warning *warning, struct page_writer *body)
{
	const struct finding *finding = warning->finding;
	const struct technique_words *words = &words_of[finding->technique];
	const char *contact = warning->contact;
	bool has_contact = contact != NULL && contact[0] != '\0';
	bool is_mail = has_contact && is_mail_address(contact);
	char host[NAME_TEXT_SIZE], unicode[NAME_UNICODE_SIZE];
	char real[HOST_NAME_MAX_LEN + 1], link[sizeof("https:///") + HOST_NAME_MAX_LEN];
	char imitates[SAFE_TEXT_SIZE(HOST_NAME_MAX_LEN)], why[SAFE_TEXT_SIZE(FINDING_WHY_SIZE)];
	char site[POLICY_TEXT_SIZE], contact_text[POLICY_TEXT_SIZE] = "";
	char mailto[sizeof("mailto:") + POLICY_TEXT_SIZE];

	name_text(warning->host, warning->host_len, host);
	safe_text(finding->imitates, strlen(finding->imitates), imitates, sizeof(imitates));
	safe_text(finding->site, strlen(finding->site), site, sizeof(site));
	safe_text(finding->why, strlen(finding->why), why, sizeof(why));
	if (has_contact) {
		safe_text(contact, strlen(contact), contact_text, sizeof(contact_text));
	}
	(void)snprintf(mailto, sizeof(mailto), "mailto:%s", contact_text);

	/* "google.*" stands for many sites: nothing to link to. */
	bool has_link = url_host(finding->imitates, strlen(finding->imitates), real);

	(void)snprintf(link, sizeof(link), "https://%s/", has_link ? real : "");

	const struct page_value values[] = {
	    {"host", host},
	    {"unicode", name_unicode(host, unicode) ? unicode : NULL},
	    {"imitates", imitates},
	    {"site", site},
	    {"link", has_link ? link : NULL},
	    {"no_link", has_link ? NULL : ""},
	    {"why", why},
	    {"technique_vi", words->vi},
	    {"technique_en", words->en},
	    {"contact", has_contact ? contact_text : NULL},
	    {"mailto", is_mail ? mailto : NULL},
	    {"no_mailto", is_mail ? NULL : ""},
	    {"proceed", warning->proceed_url},
	    {"minutes", NUMBER_TEXT(PROCEED_MINUTES)},
	};
	page_text_fill(body, page_template, values, sizeof(values) / sizeof(values[0]));
}

/* Writes the response's head; false when it does not fit. */
static bool write_head(size_t content_length, struct page_writer *head)
{
	char style_hash[STYLE_HASH_SIZE];

	hash_style(style_hash);

	int len = snprintf(head->out, head->size,
			   "HTTP/1.1 403 Forbidden\r\n"
			   "Content-Type: text/html; charset=utf-8\r\n"
			   "Content-Length: %zu\r\n"
			   "Content-Language: vi, en\r\n"
			   "Cache-Control: no-store\r\n"
			   "Connection: close\r\n"
			   "Content-Security-Policy: default-src 'none'; style-src 'sha256-%s'; "
			   "base-uri 'none'; form-action http:; frame-ancestors 'none'\r\n"
			   "X-Frame-Options: DENY\r\n"
			   "X-Content-Type-Options: nosniff\r\n"
			   "Referrer-Policy: no-referrer\r\n"
			   "Proxy-Status: truegate; error=http_request_denied\r\n"
			   "\r\n",
			   content_length, style_hash);
	if (len < 0 || (size_t)len >= head->size) {
		return false;
	}
	head->len = (size_t)len;
	return true;
}

size_t warning_page(const struct warning *warning, char *out, size_t out_size)
{
	if (out_size < HEAD_SIZE) {
		return 0;
	}

	/* The head tells the body's length, so the body is written first, behind room for a head.
	 */
	struct page_writer head = {.out = out, .size = HEAD_SIZE};
	struct page_writer body = {.out = out + HEAD_SIZE, .size = out_size - HEAD_SIZE};

	write_body(warning, &body);
	if (body.overflow || !write_head(body.len, &head)) {
		return 0;
	}
	if (warning->head_only) {
		return head.len;
	}
	memmove(out + head.len, body.out, body.len);
	return head.len + body.len;
}

size_t warning_page_redirect(const char *host, uint16_t port, char *out, size_t out_size)
{
	char port_text[sizeof(":65535")] = "";

	if (port != 80) {
		(void)snprintf(port_text, sizeof(port_text), ":%u", port);
	}

	int len = snprintf(out, out_size,
			   "HTTP/1.1 303 See Other\r\n"
			   "Location: http://%s%s/\r\n"
			   "Content-Length: 0\r\n"
			   "Cache-Control: no-store\r\n"
			   "Connection: close\r\n"
			   "Referrer-Policy: no-referrer\r\n"
			   "\r\n",
			   host, port_text);
	return len < 0 || (size_t)len >= out_size ? 0 : (size_t)len;
}
