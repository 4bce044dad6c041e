/*
 * What every part of reading a policy needs: the settings of a libconfig tree with messages that
 * point at them. Internal to policy/.
 */
#ifndef POLICY_READER_H
#define POLICY_READER_H

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>

#include "policy/ascii_fold.h"
#include "policy/diagnostics.h"

/* Longest text shown to people (a site's name, the contact), in octets of UTF-8. */
#define READER_SHOWN_MAX 200

struct reader {
	const char *text; /* the whole policy */
	const char *name; /* of the file, for messages */
	struct diagnostics *diagnostics;
	struct ascii_folder *folder;
	bool failed;          /* a message was added */
	bool short_of_memory; /* and that was one */
};

/* Adds a message that points at a setting (NULL: at the file as a whole). */
__attribute__((format(printf, 3, 4))) void
reader_error(struct reader *reader, const config_setting_t *at, const char *format, ...);

/* Says that memory is short; such a message stands once. */
void reader_no_memory(struct reader *reader);

/*
 * Refuses members of a group that are not known, naming a known one that is near.
 *
 * \param known   ends with NULL.
 * \param advice  stands where none is near.
 */
void reader_refuse_unknown(struct reader *reader, const config_setting_t *group,
			   const char *const *known, const char *advice);

/*
 * A text that people will be shown: not empty, one line, UTF-8, no more than READER_SHOWN_MAX
 * octets, nothing that changes the direction of writing.
 *
 * \param what  what it is, for messages: "contact".
 * \returns a copy the caller frees, or NULL after a message.
 */
char *reader_shown_text(struct reader *reader, const config_setting_t *setting, const char *what);

/*
 * The texts of a list or array. An element that is no text gets a message and is left out.
 *
 * \returns count of them in *out, which the caller frees (the texts belong to the tree); 0 with
 * *out NULL for none. A missing list (NULL) is empty.
 */
size_t reader_texts(struct reader *reader, const config_setting_t *list, const char *what,
		    const config_setting_t ***out);

/* Something that must not stand twice in a policy. */
struct reader_key {
	const char *key;
	const config_setting_t *at;
};

/* Reports what stands twice: at the later place, naming the earlier. Sorts the keys. */
void reader_refuse_twice(struct reader *reader, struct reader_key *keys, size_t count,
			 const char *what);

/*
 * "12:7" for a setting's line and column, to be named in the next message; empty when that will
 * not be kept, for finding a place takes time. \returns buffer.
 */
const char *reader_place(const struct reader *reader, const config_setting_t *setting, char *buffer,
			 size_t size);

#endif
