/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A finding as two lines for people.
 */
#ifndef DAEMON_TEXT_FINDING_TEXT_H
#define DAEMON_TEXT_FINDING_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dpi/observation.h"
#include "policy/finding.h"

/*
 * Writes the name (A-labels, U-labels in parentheses where it has some), whom it imitates, and
 * below: action, confidence, technique, how it was asked for, and why. Errors are left in `out` for
 * ferror().
 *
 * \param via     NULL leaves that column out.
 * \param colour  use ANSI colours (ECMA-48 SGR).
 */
void finding_text(FILE *out, const char *host, size_t host_len, const struct finding *finding,
		  const enum via *via, bool colour);

#endif
