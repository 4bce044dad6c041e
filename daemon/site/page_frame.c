/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/site/page_frame.h"

#include <sodium.h>
#include <string.h>

#include "daemon/text/html_entity.h"
#include "daemon/text/safe_text.h"

/* Base64 of a SHA-256, with its NUL. */
#define HASH_SIZE                                                                                  \
	sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)

/* clang-format off */
static const char style[] =
"\n:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --ground: #f1f3f5; --line: #8a939c;\n"
"  --accent: #9a3412; --link: #0b4f9e; --button: #0b4f9e; --on-button: #fff; --mark: #fdf0e6; }\n"
"@media (prefers-color-scheme: dark) {\n"
"  :root { --ink: #e9edf1; --paper: #1d2126; --ground: #121519; --line: #7c8791; --accent: #ffb38a;\n"
"    --link: #8fc1ff; --button: #8fc1ff; --on-button: #10151b; --mark: #33271f; } }\n"
"* { box-sizing: border-box; }\n"
"body { margin: 0; padding: 1rem; background: var(--ground); color: var(--ink);\n"
"  font: 1.0625rem/1.55 system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", sans-serif; }\n"
"main { max-width: 40rem; margin: 0 auto; }\n"
"article { background: var(--paper); border-top: .375rem solid var(--accent); border-radius: .5rem;\n"
"  padding: 1.25rem; margin-bottom: 1rem; }\n"
"h2, h3 { font-size: 1.0625rem; margin: 1.25rem 0 .25rem; }\n"
".title { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .75rem; color: var(--accent); }\n"
"p { margin: .5rem 0; }\n"
".name { font-weight: 700; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }\n"
".fake { background: var(--mark); border-radius: .25rem; padding: .5rem .75rem; }\n"
".fake p { margin: 0; }\n"
"a, li { overflow-wrap: anywhere; }\n"
"a { color: var(--link); }\n"
".real { display: block; margin: .75rem 0; padding: .75rem 1rem; border-radius: .375rem;\n"
"  background: var(--button); color: var(--on-button); font-weight: 700; text-align: center;\n"
"  text-decoration: none; }\n"
"button, input, .on { font: inherit; width: 100%; padding: .625rem 1rem; border: .125rem solid var(--line);\n"
"  border-radius: .375rem; background: transparent; color: inherit; margin: .25rem 0;\n"
"  overflow-wrap: anywhere; }\n"
"button, .on { cursor: pointer; text-align: center; }\n"
".on { display: block; text-decoration: none; }\n"
".calm { border-color: var(--line); }\n"
".calm .title { color: inherit; }\n"
".calm .fake { background: var(--ground); }\n"
"time { white-space: nowrap; }\n"
":focus-visible { outline: .1875rem solid var(--accent); outline-offset: .1875rem; }\n"
".small { font-size: .9375rem; }\n"
"@media (min-width: 40rem) { body { padding: 2.5rem 1rem; } article { padding: 1.75rem 2rem; } }\n";
/* clang-format on */

void page_begin(FILE *out, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"robots\" content=\"noindex\">\n<title>",
	      out);
	page_put(out, title);
	fprintf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n", style);
}

void page_end(FILE *out)
{
	fputs(
	    "<p class=\"small\">Trang này chỉ nói về sự giống nhau của tên. Không ai nói rằng "
	    "trang "
	    "đó là bất hợp pháp. Không ghi lại ai đã mở trang nào.</p>\n"
	    "<p class=\"small\" lang=\"en\">This page is about likeness only. Nobody says that the "
	    "site is illegal. No record is kept of who opened it.</p>\n"
	    "<p class=\"small\"><a href=\"/\">Truegate: danh sách, ngoại lệ, ai đã ký · "
	    "<span lang=\"en\">list, exceptions, who signed</span></a></p>\n"
	    "</main>\n</body>\n</html>\n",
	    out);
}

void page_put(FILE *out, const char *text)
{
	char safe[SAFE_TEXT_SIZE(PAGE_TEXT_MAX)];
	const size_t len = strlen(text);

	safe_text(text, len < PAGE_TEXT_MAX ? len : PAGE_TEXT_MAX, safe, sizeof safe);
	for (const char *at = safe; *at != '\0'; at++) {
		const char *entity = html_entity(*at);

		if (entity != NULL) {
			fputs(entity, out);
		} else {
			fputc(*at, out);
		}
	}
}

void page_put_name(FILE *out, const char *name)
{
	fputs("<span class=\"name\" translate=\"no\">", out);
	page_put(out, name);
	fputs("</span>", out);
}

void page_csp(char out[PAGE_CSP_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[HASH_SIZE];

	crypto_hash_sha256(hash, (const unsigned char *)style, strlen(style));
	sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
	/* Browsers hold the redirect that answers a form against form-action as well. */
	snprintf(out, PAGE_CSP_SIZE,
		 "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'self' "
		 "http: https:; frame-ancestors 'none'",
		 text);
}
