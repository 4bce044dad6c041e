/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a takedown mail says to the person who reads it. Internal to daemon/report/.
 */
#ifndef DAEMON_REPORT_TAKEDOWN_TEXT_H
#define DAEMON_REPORT_TAKEDOWN_TEXT_H

#include <stdio.h>

#include "daemon/report/takedown.h"

/* Longest line that is written, in octets; RFC 5322 section 2.1.1 has 998. */
#define TAKEDOWN_LINE_MAX 900

/* Writes it in UTF-8, in the languages that are wished for. */
void takedown_text(const struct takedown *takedown, FILE *out);

#endif
