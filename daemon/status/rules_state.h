/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which firewall rules stand, as truegate-rules(8) says.
 */
#ifndef DAEMON_STATUS_RULES_STATE_H
#define DAEMON_STATUS_RULES_STATE_H

#include <stdbool.h>
#include <stddef.h>

#define RULES_TEXT_SIZE 256

/* What asks for them, when nothing else is said. */
#define RULES_COMMAND "truegate-rules status"

enum rules {
	RULES_UNKNOWN, /* it could not be asked, or did not know */
	RULES_OFF,
	RULES_ON,
};

struct rules_state {
	enum rules rules;
	char backend[RULES_TEXT_SIZE];    /* "nftables", "iptables", "iptables, ip6tables" */
	char interfaces[RULES_TEXT_SIZE]; /* "eth1, eth2"; empty: all but lo */
};

/* Reads what `truegate-rules status` prints, a NUL-terminated text. Sets all but `rules`. */
void rules_state_parse(const char *text, struct rules_state *out);

/* Runs a shell command that prints it and exits with 0 for on, 1 for off. */
void rules_state_ask(const char *command, struct rules_state *out);

#endif
