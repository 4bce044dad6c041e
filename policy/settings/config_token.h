/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tokens of libconfig's syntax, for what libconfig does not tell: columns, and what exactly is
 * wrong. For policy/ and the daemon's configuration.
 */
#ifndef POLICY_SETTINGS_CONFIG_TOKEN_H
#define POLICY_SETTINGS_CONFIG_TOKEN_H

enum config_token_kind {
	CONFIG_TOKEN_END,
	CONFIG_TOKEN_NAME,
	CONFIG_TOKEN_TEXT,   /* with its quotes; without the closing one when the file ends first */
	CONFIG_TOKEN_SCALAR, /* a number, true or false */
	CONFIG_TOKEN_ASSIGN, /* = or : */
	CONFIG_TOKEN_OPEN,   /* ( [ { */
	CONFIG_TOKEN_CLOSE,  /* ) ] } */
	CONFIG_TOKEN_COMMA,
	CONFIG_TOKEN_SEMICOLON,
	CONFIG_TOKEN_FOREIGN, /* one octet that begins none of these */
};

struct config_token {
	enum config_token_kind kind;
	const char *start;
	const char *end; /* after its last octet */
};

/* The first token at or after a place in a NUL-terminated text, white space and comments skipped.
 */
struct config_token config_token_next(const char *at);

#endif
