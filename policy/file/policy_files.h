/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of a policy: the one that is named and those of the directory that it includes
 * (docs/truegate-policy.5). Each is read once, and verified before anything in it is believed.
 */
#ifndef POLICY_FILE_POLICY_FILES_H
#define POLICY_FILE_POLICY_FILES_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "policy/file/signature.h"
#include "policy/settings/diagnostics.h"

/* A policy file larger than this is none: a list of the 200,000 most used sites is some 15 MiB. */
#define POLICY_OCTETS_MAX ((size_t)16 << 20)

/* A signature stands beside its file, under its name and this. */
#define SIGNATURE_SUFFIX ".minisig"

/* Files that a policy can include. */
#define POLICY_INCLUDED_MAX 256

/* Where the package puts its catalogue of sites, and how many of its files a policy can include. */
#define POLICY_CATALOGUE_FOLDER "/usr/share/truegate/catalogue"
#define POLICY_CATALOGUE_MAX 32

struct policy_file {
	char *path;       /* as it was typed, for messages */
	char *real;       /* where it is read */
	const char *name; /* without its folder; part of path */
	char *text;
	size_t text_len;
	char *signature; /* NULL when none was asked for */
	size_t signature_len;
};

struct policy_files {
	struct policy_file policy; /* the one that was named */
	char *folder;              /* where that one truly is; NULL for one from memory */
	bool is_signed;            /* all of them, with key */
	struct signature_key key;
	char *directory;              /* included, beside the policy; NULL for none */
	struct policy_file *included; /* ordered by name */
	size_t included_count;
	const char *catalogue_folder;  /* the caller's; POLICY_CATALOGUE_FOLDER unless set */
	struct policy_file *catalogue; /* files of it that the policy includes, never signed */
	size_t catalogue_count;
};

/*
 * Reads the policy itself.
 *
 * \param key_path  minisign's public key file; NULL when signatures are not asked for.
 * \returns false with at least one message; out then holds nothing. Otherwise free it with
 * policy_files_clear().
 */
bool policy_files_open(const char *path, const char *key_path, struct policy_files *out,
		       struct diagnostics *diagnostics);

/*
 * Takes a policy from memory, which can include nothing.
 *
 * \param text  NUL-terminated; name stands for the file in messages.
 * \returns as policy_files_open().
 */
bool policy_files_from_text(const char *text, const char *name, struct policy_files *out,
			    struct diagnostics *diagnostics);

/*
 * Reads what stands in a directory beside the policy: each file whose name ends in ".conf" and does
 * not begin with a dot. Where signatures are asked for, each must be signed with the same key,
 * and with the trusted comment "version N": so that no file of another version can be slipped in.
 *
 * \param directory  only its name.
 * \param why        gets what is wrong with the directory, else is empty.
 * \returns false after a message, or with why filled. Called at most once.
 */
bool policy_files_include(struct policy_files *files, const char *directory, uint32_t version,
			  struct diagnostics *diagnostics, char *why, size_t why_size);

/*
 * Reads a file of the catalogue that the package installed, "vietnam" for vietnam.conf. It is not
 * signed, as the program is not: both are root's.
 *
 * \param why  gets what is wrong with the name, else is empty.
 * \returns false after a message, or with why filled. Called at most POLICY_CATALOGUE_MAX times.
 */
bool policy_files_catalogue(struct policy_files *files, const char *name,
			    struct diagnostics *diagnostics, char *why, size_t why_size);

/* For scandir(3): which files of a directory are parts of a policy. */
int policy_files_select(const struct dirent *entry);

void policy_files_clear(struct policy_files *files);

#endif
