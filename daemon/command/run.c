/* SPDX-License-Identifier: GPL-3.0-or-later */
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
	    {0},
	};
	static const struct command_line line = {
	    .program = "truegate run",
	    .help = help,
	    .options = options,
	    .wrong_operands = "takes no arguments",
	};
	const char *config = LIVE_CONFIG_PATH;
	bool dry_run = false;
	enum options_result result;
	enum status status;
	for (int option; (option = options_next(&line, argc, argv, &result)) != 0;) {
		if (option == 'c') {
			config = optarg;
		} else {
			dry_run = true;
		}
	}
	if (!options_go_on(result, &status)) {
		return status;
	}
	return service_run(config, dry_run) ? STATUS_NOTHING : STATUS_ERROR;
}
