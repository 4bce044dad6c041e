/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What `truegate policy fetch` keeps in the folder of policies (daemon/store/store.h): the last
 * policy that came, before it is verified, and how the last fetch ended.
 *
 *   fetched/policy.conf  fetched/policy.conf.minisig  fetch
 */
#ifndef DAEMON_STORE_FETCHED_H
#define DAEMON_STORE_FETCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest texts that are kept, with the NUL. */
#define FETCHED_URL_SIZE 1024
#define FETCHED_ETAG_SIZE 256
#define FETCHED_ERROR_SIZE 768
#define FETCHED_CHANGES_SIZE 2304

/* All zero: nothing was ever fetched. Times are seconds since 1970. */
struct fetched {
	char url[FETCHED_URL_SIZE];         /* asked last */
	char etag[FETCHED_ETAG_SIZE];       /* of what was installed from there (RFC 9110 8.8.3) */
	uint32_t version;                   /* that came from there last and was good; 0: none */
	uint64_t confirmed_s;               /* when the server last had that */
	uint64_t installed_s;               /* when it was put in force */
	uint64_t failed_s;                  /* when the last fetch failed; 0: it did not */
	char error[FETCHED_ERROR_SIZE];     /* why; one line */
	char changes[FETCHED_CHANGES_SIZE]; /* what that version changed, in words, a line each */
};

/*
 * Reads how the last fetch ended. Takes no lock: the record is replaced in one step.
 *
 * \param store  path of the folder of policies.
 * \returns false when there is none, or none that can be read; out is then all zero.
 */
bool fetched_read(const char *store, struct fetched *out);

/* Replaces the record in one step, on the disk. The caller has the folder open (store_open()).
 * \returns false with errno set. */
bool fetched_write(const char *store, const struct fetched *fetched);

/* Whether a version that was installed is still kept. */
bool fetched_is_kept(const char *store, uint32_t version);

/*
 * Keeps a policy that came with its signature, unverified, over the one before.
 *
 * \param path  gets the policy's path.
 * \returns false with errno set.
 */
bool fetched_keep(const char *store, const char *policy, size_t policy_len, const char *signature,
		  size_t signature_len, char *path, size_t path_size);

/* Removes what fetched_keep() kept; none is fine. */
void fetched_forget(const char *store);

#endif
