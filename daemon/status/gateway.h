/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that `truegate status` shows, gathered.
 */
#ifndef DAEMON_STATUS_GATEWAY_H
#define DAEMON_STATUS_GATEWAY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/config/config.h"
#include "daemon/status/daemon_state.h"
#include "daemon/status/queue_table.h"
#include "daemon/status/rules_state.h"
#include "daemon/store/fetched.h"

#define GATEWAY_WHY_SIZE 1024

struct gateway {
	bool running;
	pid_t pid;
	uint32_t version;               /* of the policy in force */
	char refusal[GATEWAY_WHY_SIZE]; /* why the last reload was refused, fit to show; or empty */
	bool has_state;                 /* the daemon's own numbers could be read */
	struct daemon_state state;
	uint64_t age_s;         /* of those numbers */
	uint32_t queues_wanted; /* as the configuration has it */
	bool has_queues;        /* the kernel's numbers could be read */
	struct queue_table queues;
	struct rules_state rules;
	struct fetched fetched;           /* of `truegate policy fetch`, its texts fit to show */
	int forwards_ipv4, forwards_ipv6; /* 1: yes, 0: no, -1: cannot be read */
};

/*
 * Gathers it. What cannot be had is marked so.
 *
 * \param rules_command  as rules_state_ask() takes it.
 */
void gateway_look(const struct config *config, const char *rules_command, struct gateway *out);

#endif
