/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which findings were already shown. Only names that are findings are ever put in.
 */
#ifndef DAEMON_COMMAND_SEEN_FINDINGS_H
#define DAEMON_COMMAND_SEEN_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "dpi/observation.h"

/*
 * Findings held at once. Each falls into one of the table's rows of SEEN_FINDINGS_ROW; when its row
 * is full, the one that came first there is forgotten.
 */
#define SEEN_FINDINGS_MAX 16384
#define SEEN_FINDINGS_ROW 8

struct seen_findings;

/* \returns NULL when memory is short (4 MiB). Free with seen_findings_free(). */
struct seen_findings *seen_findings_new(void);
void seen_findings_free(struct seen_findings *seen);

/*
 * Puts a finding in. Takes no memory.
 *
 * \returns true when it was not there yet, or was forgotten.
 */
bool seen_findings_add(struct seen_findings *seen, const struct observation *observation);

#endif
