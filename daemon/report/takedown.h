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

struct takedown {
	const struct fake *fake;
	const struct day *days; /* on which this fake was seen */
	size_t day_count;
	time_t now;     /* the moment of the report */
	const char *to; /* a mail address; NULL: to be filled in */
	bool english;   /* languages of the text; at least one */
	bool vietnamese;
};

/*
 * Writes a mail in X-ARF's form (https://github.com/abusix/xarf, "XARF via SMTP"), which extends
 * RFC 5965: multipart/report of a text, the fields of a feedback report, of type "xarf", and the
 * report as JSON in the place of a mail, of which there is none. What the person must fill in is
 * marked. It is about this fake only: nothing of devices, of other fakes, or of the office is in
 * it.
 *
 * \returns false when out of memory; what was written is then not a whole mail.
 */
bool takedown_write(const struct takedown *takedown, FILE *out);

#endif
