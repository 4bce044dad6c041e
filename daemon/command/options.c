/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/options.h"

#include <stdio.h>
#include <string.h>

/* Options of one subcommand at most, with help and the end. */
#define OPTIONS_MAX 16

int options_next(const struct command_line *line, int argc, char **argv,
		 enum options_result *result)
{
	struct option options[OPTIONS_MAX] = {{"help", no_argument, NULL, 'h'}};
	for (size_t i = 0; line->options[i].name != NULL && i + 2 < OPTIONS_MAX; i++) {
		options[i + 1] = line->options[i];
	}
	opterr = 0;
	const int option = getopt_long(argc, argv, ":h", options, NULL);
	*result = OPTIONS_READ;
	if (option == -1) {
		if (argc - optind < line->operands_min || argc - optind > line->operands_max) {
			fprintf(stderr, "%s: %s; see '%s --help'\n", line->program,
				line->wrong_operands, line->program);
			*result = OPTIONS_WRONG;
		}
		return 0;
	}
	if (option == 'h') {
		fputs(line->help, stdout);
		*result = OPTIONS_HELP;
		return 0;
	}
	if (option == '?' || option == ':') {
		*result = options_refuse(line->program, argv, option);
		return 0;
	}
	return option;
}

enum options_result options_refuse(const char *program, char *const argv[], int option)
{
	const char *last = argv[optind - 1];
	const char short_option[] = {'-', (char)optopt, '\0'};
	const char *name = strncmp(last, "--", 2) == 0 ? last : short_option;
	if (option == ':') {
		fprintf(stderr, "%s: option '%s' needs a value; see '%s --help'\n", program, name,
			program);
	} else if (strncmp(last, "--", 2) == 0 && strchr(last, '=') != NULL && optopt != 0) {
		fprintf(stderr, "%s: option '%.*s' takes no value; see '%s --help'\n", program,
			(int)strcspn(last, "="), last, program);
	} else {
		fprintf(stderr, "%s: unknown option '%s'; see '%s --help'\n", program, name,
			program);
	}
	return OPTIONS_WRONG;
}

bool options_go_on(enum options_result result, enum status *status)
{
	*status = result == OPTIONS_HELP ? STATUS_NOTHING : STATUS_ERROR;
	return result == OPTIONS_READ;
}
