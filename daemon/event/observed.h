/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Domains that resemble a protected site and that the policy lets pass (action "observe"), counted
 * so that `truegate suggest` can propose which of them are the office's everyday ones. Per domain
 * it holds on how many days it was asked for, and the largest band of devices of a day; no device,
 * no time, no date. docs/events.md says what of it reaches the disk.
 */
#ifndef DAEMON_EVENT_OBSERVED_H
#define DAEMON_EVENT_OBSERVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/finding.h"

/* Domains at most. When there are more, the one asked for on the fewest days goes. */
#define OBSERVED_DOMAINS_MAX 1024

/* When so many days were counted, all numbers of days are halved: what is long past fades. */
#define OBSERVED_DAYS_MAX 28

/* A domain reaches the disk from so many days, or so many devices on one, on. */
#define OBSERVED_DAYS_WRITTEN 3
#define OBSERVED_DEVICES_WRITTEN 5

#define OBSERVED_TEXT_SIZE 256

struct observed_domain {
	char name[OBSERVED_TEXT_SIZE];     /* the registered one, printable ASCII */
	char imitates[OBSERVED_TEXT_SIZE]; /* the protected domain */
	char site[OBSERVED_TEXT_SIZE];     /* its displayed name, UTF-8, fit to show */
	char why[OBSERVED_TEXT_SIZE];      /* likewise */
	enum technique technique;
	uint32_t days;    /* on which it was asked for */
	uint32_t devices; /* most on one day, counted up to 10 */
};

struct observed;

/* \returns NULL without memory. Free with observed_free(). */
struct observed *observed_new(void);
void observed_free(struct observed *observed);

/*
 * Counts that a device asked for a domain.
 *
 * \param name         the registered domain, at most OBSERVED_TEXT_SIZE - 1 octets.
 * \param finding      of it; its texts are copied.
 * \param device_hash  keyed.
 * \param day          of the sighting (batch_clock_day()). One of another day than the last ends
 *                     that one.
 */
void observed_count(struct observed *observed, const char *name, const struct finding *finding,
		    uint64_t device_hash, int64_t day);

/* Ends the day that is counted, unless it is this one. \returns whether one ended. */
bool observed_end_day(struct observed *observed, int64_t today);

/* Days that were counted whole; the domains, in order of their names. Domains whose first day is
 * not over are not among them. */
uint32_t observed_days(const struct observed *observed);
size_t observed_domains(struct observed *observed, const struct observed_domain **out);

/*
 * Reads what observed_save() wrote, adding to what is there. A file that is not there is none; what
 * is not a domain in it is skipped.
 *
 * \returns false when it cannot be read or is not such a file; errno is set, EBADMSG for the
 * latter.
 */
bool observed_load(struct observed *observed, const char *path);

/*
 * Writes the domains that OBSERVED_DAYS_WRITTEN and OBSERVED_DEVICES_WRITTEN let, beside the file,
 * then in its place. Mode 0640. \returns false with errno set.
 */
bool observed_save(struct observed *observed, const char *path);

#endif
