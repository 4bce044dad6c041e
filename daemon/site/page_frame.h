/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all pages of the gateway share: head, style, foot, and how a text from the policy or the
 * network is put in. No script, nothing from outside. Errors are left in `out` for ferror().
 */
#ifndef DAEMON_SITE_PAGE_FRAME_H
#define DAEMON_SITE_PAGE_FRAME_H

#include <stdio.h>

/* Longest text that is shown whole, octets. */
#define PAGE_TEXT_MAX 1024

/* Longest Content-Security-Policy, with its NUL. */
#define PAGE_CSP_SIZE 256

/* \param title  plain text. */
void page_begin(FILE *out, const char *title);
/* Ends with the fixed words that stand on each page, which nothing in a policy can alter. */
void page_end(FILE *out);

/* Writes text for an element or a quoted attribute; controls and the like become U+FFFD
 * (safe_text.h). */
void page_put(FILE *out, const char *text);
/* Likewise, a name in an element of its own. */
void page_put_name(FILE *out, const char *name);

/* The policy to send with each page: nothing but its own style, and nobody's frame. */
void page_csp(char out[PAGE_CSP_SIZE]);

#endif
