/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which devices asked for a fake by plain DNS here a short while ago. Such a device finds the
 * gateway's page by its name; one whose questions are hidden (DNS over HTTPS) does not, and is sent
 * to the page's address.
 *
 * Only fakes are noted, as keyed hashes whose random key dies with the process; a place is taken by
 * whoever comes last. Takes its memory once. All functions are thread-safe and never wait.
 */
#ifndef DAEMON_ANSWER_PLAIN_DNS_H
#define DAEMON_ANSWER_PLAIN_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/answer/proceed.h"

/* How long a question counts, in seconds: as long as browsers and systems keep an answer. */
#define PLAIN_DNS_SECONDS 3600

struct plain_dns;

/* \returns NULL without memory. Free with plain_dns_free(). */
struct plain_dns *plain_dns_new(void);
void plain_dns_free(struct plain_dns *table);

/* Notes a question. \param now_s  CLOCK_MONOTONIC, seconds. */
void plain_dns_note(struct plain_dns *table, struct device_address device, const char *host,
		    size_t host_len, uint64_t now_s);

/* Whether the device asked for the name within PLAIN_DNS_SECONDS. */
bool plain_dns_asked(const struct plain_dns *table, struct device_address device, const char *host,
		     size_t host_len, uint64_t now_s);

#endif
