/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A settings file as a tree in which each setting knows where it is. The format is libconfig's, as
 * https://hyperrealm.github.io/libconfig/ defines it, less what would be read otherwise than it
 * looks (setting_parse()); tests/unit/policy/test_setting.c holds it against libconfig.
 */
#ifndef POLICY_SETTINGS_SETTING_H
#define POLICY_SETTINGS_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Brackets may be nested no deeper than this; no group may have more settings. */
#define SETTING_DEPTH_MAX 16
#define SETTING_MEMBERS_MAX 64

enum setting_kind {
	SETTING_GROUP, /* { } and the file itself */
	SETTING_LIST,  /* ( ) */
	SETTING_ARRAY, /* [ ] */
	SETTING_TEXT,
	SETTING_NUMBER,  /* a whole one, without sign, that fits */
	SETTING_BOOLEAN, /* number is 1 for true */
	SETTING_OTHER,   /* another number */
};

struct config_reader_file;

struct setting {
	struct setting *parent;    /* NULL of the file itself */
	struct setting **children; /* of a group, list or array */
	size_t count, room;
	char *name;      /* NULL of an element and of the file itself */
	char *text;      /* of a text, UTF-8 as written, escapes resolved */
	uint64_t number; /* of a number or boolean */
	bool is_hexadecimal;
	enum setting_kind kind;
	unsigned line, column; /* of its name, or of its value when it has none; both from 1, a
				  column is a code point; 0 of the file itself */
	const struct config_reader_file *file; /* of the file itself */
};

struct setting_fault {
	unsigned line, column; /* 0: about the file as a whole */
	const char *why;       /* what is wrong and what to do */
};

/*
 * Parses a text. Refused beyond what libconfig refuses: a text over several lines, texts in a row
 * (a comma was forgotten), @include, "\x00", "\a", "\b" and "\v" (versions of libconfig differ).
 *
 * \param text  NUL-terminated; need not outlive the call.
 * \returns the tree, to be freed with setting_free(); NULL with fault filled.
 */
struct setting *setting_parse(const char *text, struct setting_fault *fault);
void setting_free(struct setting *root);

/* A member of a group; NULL when it is not there. */
const struct setting *setting_member(const struct setting *group, const char *name);

/* The text of a setting; NULL when it is none. */
const char *setting_text(const struct setting *setting);

/* Whether it is something in [ ] or ( ). */
bool setting_is_list(const struct setting *setting);

#endif
