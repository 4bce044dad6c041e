/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report as one page of HTML.
 */
#ifndef DAEMON_REPORT_REPORT_HTML_H
#define DAEMON_REPORT_REPORT_HTML_H

#include <stdbool.h>
#include <stdio.h>

#include "daemon/report/event_summary.h"

/*
 * Writes a page that needs nothing from elsewhere and runs no script: charts of the fakes by time,
 * by site and by technique, each beside the figures, and a table of the fakes. It prints on A4.
 *
 * \param today  the date of the report (time_arg.h).
 * \returns false when out of memory; what was written is then incomplete.
 */
bool report_html(struct event_summary *summary, time_t today, FILE *out);

#endif
