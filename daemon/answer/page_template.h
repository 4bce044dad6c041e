/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * daemon/answer/page.html, NUL-terminated. What may stand in it is said in page_text.h.
 */
#ifndef DAEMON_ANSWER_PAGE_TEMPLATE_H
#define DAEMON_ANSWER_PAGE_TEMPLATE_H

extern const char page_template[];

#endif
