/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/command/command.h"
#include "daemon/command/output.h"
#include "daemon/process/crash_message.h"

static const struct command commands[] = {
    {"check", "say which of the given host names imitate a protected site", check_command},
    {"replay", "find imitations in a capture file; needs neither root nor network", replay_command},
    {"run", "run the daemon on a gateway; see truegate-rules(8)", run_command},
    {"status", "show daemon, queues, rules and policy on one screen", status_command},
    {"policy", "write, check, compare, install and roll back policies", policy_command},
    {"exempt", "except a name from every policy, in the office's own file", exempt_command},
    {"established", "know the names that many people visit, from a public list",
     established_command},
    {"suggest", "propose exceptions for what the daemon only observed", suggest_command},
    {"report", "list the fakes in the event log", report_command},
    {0},
};

/*
 * Holds descriptors 0 to 2 that the caller closed, so that no file opened later takes their place.
 * They are opened the wrong way round: using them still fails.
 */
static bool hold_standard_descriptors(void)
{
	for (int descriptor = 0; descriptor <= 2; descriptor++) {
		if (fcntl(descriptor, F_GETFD) >= 0) {
			continue;
		}
		if (open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY) != descriptor) {
			return false;
		}
	}
	return true;
}

static enum status run(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("truegate " TRUEGATE_VERSION);
		return STATUS_NOTHING;
	}
	return command_run("truegate", commands, argc, argv);
}

int main(int argc, char **argv)
{
	if (!hold_standard_descriptors()) {
		return STATUS_ERROR;
	}
	/* A reader that went away is noticed by the write that fails. */
	signal(SIGPIPE, SIG_IGN);
	crash_message_prepare();

	enum status status = run(argc, argv);
	crash_message_disarm();
	return output_flush() ? (int)status : STATUS_ERROR;
}
