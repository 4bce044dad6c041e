/*
 * The report for a terminal.
 */
#ifndef DAEMON_REPORT_REPORT_TEXT_H
#define DAEMON_REPORT_REPORT_TEXT_H

#include <stdio.h>

#include "daemon/report/ledger.h"

/* A table of the fakes, then how many there were by site and by technique. */
void report_text(struct ledger *ledger, FILE *out);

#endif
