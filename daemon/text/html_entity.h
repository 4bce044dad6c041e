/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may not stand as it is in HTML text or in a quoted attribute.
 */
#ifndef DAEMON_TEXT_HTML_ENTITY_H
#define DAEMON_TEXT_HTML_ENTITY_H

/* \returns the character reference to write for an octet, NULL when it may stand as it is. */
const char *html_entity(char octet);

#endif
