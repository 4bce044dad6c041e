/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report for a terminal.
 */
#ifndef DAEMON_REPORT_REPORT_TEXT_H
#define DAEMON_REPORT_REPORT_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "daemon/report/event_summary.h"

/* A table of the fakes, then how many there were by site and by technique. \returns false when
 * out of memory; what was written is then incomplete. */
bool report_text(struct event_summary *summary, FILE *out);

#endif
