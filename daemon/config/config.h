/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration of `truegate run` (libconfig syntax; docs/truegate.conf.5).
 */
#ifndef DAEMON_CONFIG_CONFIG_H
#define DAEMON_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "dpi/inspector.h"
#include "policy/settings/diagnostics.h"

#define LIVE_CONFIG_PATH "/etc/truegate/truegate.conf"

/* Where installed policies are, when the configuration does not say. */
#define LIVE_CONFIG_POLICY_STORE "/var/lib/truegate/policy"

/* Where the set of established names is, likewise. */
#define LIVE_CONFIG_ESTABLISHED "/var/lib/truegate/established"

/* Workers at most, and so queues. */
#define LIVE_QUEUES_MAX 64

struct config {
	char *policy;       /* path */
	char *policy_key;   /* path of minisign's public key */
	char *policy_local; /* path of the office's own file, which need not be there */
	char *established;  /* path of the set of established names, which need not be there */
	char *catalogue;    /* folder of the package's catalogue of sites */
	char *policy_store; /* folder of installed policies */
	char *policy_url;   /* where `truegate policy fetch` gets policies; empty: nowhere */
	char *status;       /* path of the file that says what is in force */
	char *events;       /* path of the event log */
	char *observed;     /* path of the file for `truegate suggest` */
	char *user;         /* whom to run as, when started by root */
	struct {
		uint32_t first; /* number of the first netfilter queue */
		uint32_t count; /* of queues, each with a worker; 0 in the file: one a CPU */
		uint32_t receive_octets; /* of each queue's socket */
	} queue;
	char *metrics; /* where they are asked for, see daemon/config/address.h; empty: nowhere */
	struct {
		uint32_t released; /* of flows that need not be queued any more */
		uint32_t answer;   /* of packets sent in a server's place */
	} mark;                    /* one bit each; the firewall rules have the same */
	struct {
		uint32_t grants;
	} proceed; /* see daemon/answer/proceed.h */
	struct {
		char *address;
		char *address6;
		uint32_t port; /* where it listens on the gateway */
	} site;                /* of the gateway's page, see daemon/config/site_address.h */
	struct {
		uint32_t canary; /* 1: names by which browsers ask whether they may go round are
				    answered, see daemon/answer/own_name.h */
	} dns;
	struct {
		struct inspector_limits flows; /* of each worker */
		uint32_t answered;             /* connections answered at once, of each worker */
		uint32_t event_slots;          /* see daemon/event/event_log.h */
		uint32_t event_fakes;
	} limits;
};

/*
 * Reads a configuration. What the file does not set has its default; an unknown setting, a wrong
 * type or a value out of range is an error, each with its place. Whole or not at all.
 *
 * \returns false with at least one message in diagnostics; out then holds nothing. Otherwise free
 * it with config_release().
 */
bool config_load(const char *path, struct config *out, struct diagnostics *diagnostics);

/*
 * Likewise for a command beside the daemon. A named file must be there; NULL is LIVE_CONFIG_PATH,
 * without which every setting has its default.
 */
bool config_load_usual(const char *named, struct config *out, struct diagnostics *diagnostics);

/* Likewise from memory; name stands for the file in messages. */
bool config_load_text(const char *text, const char *name, struct config *out,
		      struct diagnostics *diagnostics);
void config_release(struct config *config);

#endif
