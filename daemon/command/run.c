/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "daemon/command/command.h"
#include "daemon/command/options.h"
#include "daemon/config/config.h"
#include "daemon/service/service.h"

static const char help[] =
    "usage: truegate run [--config FILE] [--dry-run]\n"
    "\n"
    "Decides on the packets that firewall rules hand over (truegate-rules), until it is\n"
    "told to stop (SIGTERM). SIGHUP reloads the policy and reopens the event log.\n"
    "\n"
    "  --config FILE   the configuration (default " LIVE_CONFIG_PATH ")\n"
    "  --dry-run       warn nobody: findings are only counted, for 'truegate suggest'\n"
    "\n"
    "Exits with 0 after it was told to stop, with 2 when it could not start.\n";

enum status run_command(int argc, char **argv)
{
	static const struct option options[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"dry-run", no_argument, NULL, 'd'},
	    {"help", no_argument, NULL, 'h'},
	    {0},
	};
	const char *config = LIVE_CONFIG_PATH;
	bool dry_run = false;
	int option = 0;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			config = optarg;
			break;
		case 'd':
			dry_run = true;
			break;
		case 'h':
			fputs(help, stdout);
			return STATUS_NOTHING;
		default:
			options_refuse("truegate run", argv, option);
			return STATUS_ERROR;
		}
	}
	if (optind < argc) {
		fputs("truegate run: takes no arguments; see 'truegate run --help'\n", stderr);
		return STATUS_ERROR;
	}
	return service_run(config, dry_run) ? STATUS_NOTHING : STATUS_ERROR;
}
