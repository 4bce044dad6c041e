/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Evidence about one fake, for its registrar, its host or a CERT.
 */
#ifndef DAEMON_REPORT_TAKEDOWN_H
#define DAEMON_REPORT_TAKEDOWN_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "daemon/report/event_summary.h"

/*
 * Writes a mail as X-ARF has it (https://github.com/abusix/xarf, "XARF via SMTP"), which extends
 * RFC 5965: multipart/report of a text, the fields of a feedback report, of type "xarf", and the
 * report as JSON in the place of a mail, of which there is none. What the person has to fill in is
 * marked. It is about the fake alone: nothing of devices, of other fakes, or of the office is in
 * it.
 *
 * \param hours  in which this fake was seen.
 * \param now    the moment of the report.
 * \returns false when memory is short; what was written is then no whole mail.
 */
bool takedown_write(const struct fake *fake, const struct hour *hours, size_t hour_count,
		    time_t now, FILE *out);

#endif
