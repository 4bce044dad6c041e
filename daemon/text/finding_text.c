/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/text/finding_text.h"

#include <string.h>

#include "daemon/text/name_text.h"
#include "daemon/text/safe_text.h"
#include "policy/limits.h"

/* Octets of a site's displayed name. */
#define SITE_LEN (SITE_NAME_SIZE - 1)

static const char *const action_colours[ACTION_COUNT] = {
    [ACTION_OBSERVE] = "\x1b[36m",
    [ACTION_WARN] = "\x1b[33m",
    [ACTION_BLOCK] = "\x1b[1;31m",
};

void finding_text(FILE *out, const char *host, size_t host_len, const struct finding *finding,
		  const enum via *via, bool colour)
{
	char name[NAME_TEXT_SIZE];
	char unicode[NAME_UNICODE_SIZE];
	char site[SAFE_TEXT_SIZE(SITE_LEN)];
	char why[SAFE_TEXT_SIZE(FINDING_WHY_SIZE)];
	const char *bold = colour ? "\x1b[1m" : "";
	const char *action_colour = colour ? action_colours[finding->action] : "";
	const char *plain = colour ? "\x1b[0m" : "";

	name_text(host, host_len, name);
	safe_text(finding->site, strnlen(finding->site, SITE_LEN), site, sizeof(site));
	safe_text(finding->why, strlen(finding->why), why, sizeof(why));

	fprintf(out, "%s%s%s", bold, name, plain);
	if (name_unicode(name, unicode)) {
		fprintf(out, " (%s)", unicode);
	}
	fprintf(out, " imitates %s%s%s (%s)\n", bold, finding->imitates, plain, site);
	fprintf(out, "    %s%-7s%s  %-6s  %-11s  ", action_colour, action_text(finding->action),
		plain, confidence_text(finding->confidence), technique_text(finding->technique));
	if (via != NULL) {
		fprintf(out, "%-4s  ", via_text(*via));
	}
	fprintf(out, "%s\n", why);
}
