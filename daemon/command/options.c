/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum options_result options_refuse(const char *program, char *const argv[], int option)
{
	const char *last = argv[optind - 1];
	const char short_option[] = {'-', (char)optopt, '\0'};
	fprintf(stderr, "%s: option '%s' %s; see '%s --help'\n", program,
		strncmp(last, "--", 2) == 0 ? last : short_option,
		option == ':' ? "needs a value" : "does not exist or takes no value", program);
	return OPTIONS_WRONG;
}

bool options_go_on(enum options_result result, enum status *status)
{
	*status = result == OPTIONS_HELP ? STATUS_NOTHING : STATUS_ERROR;
	return result == OPTIONS_READ;
}
