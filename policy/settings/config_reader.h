/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every part of reading a settings file needs, a policy's or a daemon's configuration:
 * messages that point at a setting, and what holds for lists of texts and for names.
 */
#ifndef POLICY_SETTINGS_CONFIG_READER_H
#define POLICY_SETTINGS_CONFIG_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/name/ascii_fold.h"
#include "policy/settings/diagnostics.h"
#include "policy/settings/setting.h"

/* A file whose settings are read. */
struct config_reader_file {
	const char *name; /* for messages */
	size_t number;    /* in the order in which a policy's files are read */
};

struct config_reader {
	const struct config_reader_file *file; /* the one being read */
	struct diagnostics *diagnostics;
	struct ascii_folder *folder;
	bool failed;          /* a message was added */
	bool short_of_memory; /* and that was one */
};

/* Adds a message that points at a setting (NULL: at the file being read, as a whole). */
__attribute__((format(printf, 3, 4))) void config_reader_error(struct config_reader *reader,
							       const struct setting *at,
							       const char *format, ...);

/* Says that memory ran out; such a message appears once. */
void config_reader_no_memory(struct config_reader *reader);

/*
 * Refuses members of a group that are not known, naming a known one that is near.
 *
 * \param known   ends with NULL.
 * \param advice  stands where none is near.
 */
void config_reader_refuse_unknown(struct config_reader *reader, const struct setting *group,
				  const char *const *known, const char *advice);

/*
 * A text.
 *
 * \param what      what it is, for messages: "contact".
 * \param fault_of  gives what is wrong with it, as a phrase to follow what it is, or NULL.
 * \returns a copy the caller frees, or NULL after a message.
 */
char *config_reader_text(struct config_reader *reader, const struct setting *setting,
			 const char *what, const char *(*fault_of)(const char *text));

/*
 * The texts of a list or array. An element that is not a text gets a message and is skipped.
 *
 * \returns count of them in *out, which the caller frees (the texts belong to the tree); 0 with
 * *out NULL for none. A missing list (NULL) is empty.
 */
size_t config_reader_texts(struct config_reader *reader, const struct setting *list,
			   const char *what, const struct setting ***out);

/* Something that must not stand twice in a policy. */
struct config_reader_key {
	const char *key;
	const struct setting *at;
};

struct config_reader_keys {
	struct config_reader_key *items;
	size_t count;
	size_t room;
};

/* key and at outlive the keys. \returns false after a message. */
bool config_reader_add_key(struct config_reader *reader, struct config_reader_keys *keys,
			   const char *key, const struct setting *at);

/* Reports what stands twice: at the later place, naming the earlier. Sorts the keys. */
void config_reader_refuse_twice(struct config_reader *reader, struct config_reader_keys *keys,
				const char *what);

/* Room for a place, with the NUL. */
#define READER_PLACE_SIZE 256

/* "policy.conf:12:7" for a setting, to be named in a message. \returns out. */
const char *config_reader_place(const struct setting *setting, char out[READER_PLACE_SIZE]);

#endif
