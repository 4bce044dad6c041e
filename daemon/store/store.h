/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The folder of installed policies. Each is a folder named after its version, which never changes
 * once it has that name:
 *
 *   7/policy.conf  7/policy.conf.minisig  7/policy.d/...   8/...   current -> 8   newest   refused
 *
 * What is in force is what `current` names, replaced in one step; so a power cut at any moment
 * leaves one whole policy, the old one or the new one. All changes are durable when a function
 * returns. What an interrupted change left behind is removed by the next.
 */
#ifndef DAEMON_STORE_STORE_H
#define DAEMON_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Policies kept, with the one in force. */
#define STORE_KEPT 5

#define STORE_POLICY_NAME "policy.conf"

struct store;
struct policy_files;

/*
 * Opens the folder, making it when there is none, and keeps others from changing it meanwhile. One
 * that another user can change is not opened.
 *
 * \param error  on failure gets a sentence that says what is wrong and what to do.
 * \returns NULL on failure. Close with store_close().
 */
struct store *store_open(const char *path, char *error, size_t error_size);
void store_close(struct store *store);

/* Version in force; 0 when there is none. */
uint32_t store_current(const struct store *store);

/*
 * The newest version that ever was in force; 0 when none was.
 *
 * \returns false, with a sentence in error, when what is remembered cannot be read: then nothing
 * may be installed, or an old version could be brought back.
 */
bool store_newest(const struct store *store, uint32_t *out, char *error, size_t error_size);

/* The version to go back to from the one in force; 0 when none is kept. */
uint32_t store_previous(const struct store *store);

/* Path of a version's policy file. */
void store_policy_path(const struct store *store, uint32_t version, char *out, size_t out_size);

/* Whether what is kept of a version are these files, octet for octet. */
bool store_has(const struct store *store, uint32_t version, const struct policy_files *files);

/*
 * Installs a policy of a version newer than store_newest(), and puts it in force. Policies that
 * were gone back from are removed, then the oldest beyond STORE_KEPT.
 *
 * \param is_older  it is not newer and the office means it: it is the newest from then on.
 */
bool store_install(struct store *store, uint32_t version, const struct policy_files *files,
		   bool is_older, char *error, size_t error_size);

/*
 * Puts another version that is kept in force. The newest is remembered, so that none up to it can
 * be installed again.
 */
bool store_go_back(struct store *store, uint32_t version, char *error, size_t error_size);

/*
 * Undoes an installation that the daemon refused: as store_go_back(), but the refused version is
 * removed and not remembered. 0: there was none before.
 */
bool store_undo(struct store *store, uint32_t version, char *error, size_t error_size);

/* Counts a policy that was refused. What cannot be written is not counted. */
void store_count_refusal(struct store *store);

/* How many were, by the folder's path, for who has not opened it; 0 when none was counted. */
uint64_t store_refusals(const char *path);

#endif
