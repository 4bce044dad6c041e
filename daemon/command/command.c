/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/command/command.h"

#include <stdio.h>
#include <string.h>

static void print_help(const char *program, const struct command *commands)
{
	printf("usage: %s COMMAND [OPTION...] [ARGUMENT...]\n\ncommands:\n", program);
	for (; commands->name != NULL; commands++) {
		printf("  %-8s %s\n", commands->name, commands->summary);
	}
	printf("\n'%s COMMAND --help' says more about one of them.\n", program);
}

enum status command_run(const char *program, const struct command *commands, int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "%s: a command is missing; see '%s --help'\n", program, program);
		return STATUS_ERROR;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help(program, commands);
		return STATUS_NOTHING;
	}
	for (const struct command *command = commands; command->name != NULL; command++) {
		if (strcmp(argv[1], command->name) == 0) {
			return command->run(argc - 1, argv + 1);
		}
	}
	fprintf(stderr, "%s: unknown command '%s'; see '%s --help'\n", program, argv[1], program);
	return STATUS_ERROR;
}
