/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Subcommands: `truegate check ...`, `truegate policy check ...`.
 */
#ifndef DAEMON_COMMAND_COMMAND_H
#define DAEMON_COMMAND_COMMAND_H

#include <stddef.h>

/* Exit statuses of every subcommand. */
enum status {
	STATUS_NOTHING = 0, /* done; nothing found, where there is something to find */
	STATUS_FOUND = 1,   /* done; something imitates a protected site */
	STATUS_ERROR = 2,   /* a message on standard error says what and what to do */
};

struct command {
	const char *name;
	const char *summary; /* one line for --help */
	/* argv[0] is the command's own name. */
	enum status (*run)(int argc, char **argv);
};

/*
 * Runs the command that argv[1] names; prints the list of commands for --help.
 *
 * \param program   what the user typed before argv[1], for messages: "truegate policy".
 * \param commands  ends with an entry whose name is NULL.
 */
enum status command_run(const char *program, const struct command *commands, int argc, char **argv);

/* Names to findings. */
enum status check_command(int argc, char **argv);
/* A capture file to findings. */
enum status replay_command(int argc, char **argv);
/* The daemon. */
enum status run_command(int argc, char **argv);
/* What is done with policy files. */
enum status policy_command(int argc, char **argv);

/* How the daemon and the gateway are. */
enum status status_command(int argc, char **argv);

/* The office's own exceptions. */
enum status exempt_command(int argc, char **argv);
/* Names that many people visit. */
enum status established_command(int argc, char **argv);
/* Exceptions for what is only observed. */
enum status suggest_command(int argc, char **argv);

/* The event log, for people. */
enum status report_command(int argc, char **argv);

#endif
