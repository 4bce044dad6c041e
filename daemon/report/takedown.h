/*
 * Evidence about one fake, for its registrar, its host or a CERT.
 */
#ifndef DAEMON_REPORT_TAKEDOWN_H
#define DAEMON_REPORT_TAKEDOWN_H

#include <stdio.h>
#include <time.h>

#include "daemon/report/ledger.h"

/*
 * Writes a mail as RFC 5965 has it (multipart/report, feedback type "fraud"), with the parts that
 * the person has to fill in marked. It is about the fake alone: nothing of devices, of other fakes,
 * or of the office is in it. There is no mail that it is about, so the third part is the evidence
 * as JSON instead.
 *
 * \param hours  in which this fake was seen.
 * \param now    the moment of the report.
 */
void takedown_write(const struct fake *fake, const struct hour *hours, size_t hour_count,
		    time_t now, FILE *out);

#endif
