/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/command/command.h"
#include "daemon/command/options.h"
#include "daemon/command/output.h"
#include "daemon/config/config.h"
#include "daemon/status/status_report.h"

/* Options of truegate-rules, as the service reads them. */
#define RULES_OPTIONS "/etc/truegate/rules.env"

static const char help[] =
    "usage: truegate status [--json] [--config FILE] [--rules COMMAND]\n"
    "\n"
    "Shows the daemon, its queues, the rules, the policy and what share of names is seen.\n"
    "\n"
    "  --json           the same for programs\n"
    "  --config FILE    the daemon's configuration (default " LIVE_CONFIG_PATH ")\n"
    "  --rules COMMAND  what prints the rules (default: '" RULES_COMMAND "' with the\n"
    "                   options in " RULES_OPTIONS ")\n"
    "\n"
    "Exits with 0 when all is fine, with 1 when something needs a look, with 2 when the\n"
    "daemon does not run or cannot be asked.\n";

struct status_options {
	bool json;
	const char *config;
	const char *rules;
};

static enum options_result parse(int argc, char **argv, struct status_options *out)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"config", required_argument, NULL, 'c'},
	    {"rules", required_argument, NULL, 'r'},
	    {0},
	};
	const struct command_line line = {
	    .program = "truegate status",
	    .help = help,
	    .options = options,
	    .wrong_operands = "takes no arguments",
	};
	enum options_result result;

	*out = (struct status_options){0};
	for (int option; (option = options_next(&line, argc, argv, &result)) != 0;) {
		switch (option) {
		case 'j':
			out->json = true;
			break;
		case 'c':
			out->config = optarg;
			break;
		default:
			out->rules = optarg;
		}
	}
	return result;
}

/* The options that the service gives truegate-rules. Only what such options are made of is taken,
 * since a shell reads it. */
static void usual_command(char *out, size_t size)
{
	char line[512];
	FILE *file = fopen(RULES_OPTIONS, "re");

	(void)snprintf(out, size, "%s", RULES_COMMAND);
	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		char *value = line + strlen("RULES=");

		if (strncmp(line, "RULES=", strlen("RULES=")) != 0) {
			continue;
		}
		value += strspn(value, "\"'");
		value[strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789 _.,:/@-")] = '\0';
		(void)snprintf(out, size, "%s %s", RULES_COMMAND, value);
	}
	if (file != NULL) {
		fclose(file);
	}
}

static enum status show(const struct status_options *options, const struct config *config)
{
	static struct gateway gateway;
	static struct problems problems;
	char usual[1024];

	usual_command(usual, sizeof(usual));
	gateway_look(config, options->rules != NULL ? options->rules : usual, &gateway);

	enum health health = status_judge(&gateway, &problems);

	if (!options->json) {
		status_text(&gateway, health, &problems, stdout);
	} else if (!status_json(&gateway, health, &problems, stdout)) {
		fputs("truegate status: out of memory\n", stderr);
		return STATUS_ERROR;
	}
	if (!output_flush()) {
		return STATUS_ERROR;
	}
	return health == HEALTH_GOOD       ? STATUS_NOTHING
	       : health == HEALTH_DEGRADED ? STATUS_FOUND
					   : STATUS_ERROR;
}

enum status status_command(int argc, char **argv)
{
	enum status status;
	struct status_options options;
	struct diagnostics diagnostics = {0};
	struct config config;

	if (!options_go_on(parse(argc, argv, &options), &status)) {
		return status;
	}
	if (!config_load_usual(options.config, &config, &diagnostics)) {
		diagnostics_print(&diagnostics, stderr);
		return STATUS_ERROR;
	}
	status = show(&options, &config);
	config_release(&config);
	return status;
}
