/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/config_token.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool starts_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static bool continues_word(char c)
{
	return starts_word(c) || is_digit(c) || c == '-' || c == '_';
}

static bool is_hex_digit(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static const char *skip_blank(const char *at)
{
	for (;;) {
		at += strspn(at, " \t\r\n\f");
		if (*at == '#' || (at[0] == '/' && at[1] == '/')) {
			at += strcspn(at, "\n");
		} else if (at[0] == '/' && at[1] == '*') {
			const char *end = strstr(at + 2, "*/");
			if (end == NULL) {
				return at; /* never closed: no comment, and no other token */
			}
			at = end + 2;
		} else {
			return at;
		}
	}
}

/* The end of a text whose opening quote is at `at`: after its closing quote, or at the NUL. */
static const char *skip_text(const char *at)
{
	for (at++; *at != '\0'; at++) {
		if (*at == '"') {
			return at + 1;
		}
		if (at[0] == '\\' && (at[1] == '\\' || at[1] == '"')) {
			at++;
		}
	}
	return at;
}

static const char *skip_number(const char *at)
{
	at += *at == '-' || *at == '+' ? 1 : 0;
	if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
		at += 2;
		while (is_hex_digit(*at)) {
			at++;
		}
	}
	while (is_digit(*at) || *at == '.') {
		at++;
	}
	if (*at == 'e' || *at == 'E') {
		const char *exponent = at + 1;
		exponent += *exponent == '-' || *exponent == '+' ? 1 : 0;
		while (is_digit(*exponent)) {
			at = ++exponent;
		}
	}
	return at + strspn(at, "L");
}

static enum config_token_kind word_kind(const char *start, size_t len)
{
	bool boolean = (len == 4 && strncasecmp(start, "true", len) == 0) ||
		       (len == 5 && strncasecmp(start, "false", len) == 0);
	return boolean ? CONFIG_TOKEN_SCALAR : CONFIG_TOKEN_NAME;
}

static enum config_token_kind sign_kind(char c)
{
	switch (c) {
	case '=':
	case ':':
		return CONFIG_TOKEN_ASSIGN;
	case '(':
	case '[':
	case '{':
		return CONFIG_TOKEN_OPEN;
	case ')':
	case ']':
	case '}':
		return CONFIG_TOKEN_CLOSE;
	case ',':
		return CONFIG_TOKEN_COMMA;
	case ';':
		return CONFIG_TOKEN_SEMICOLON;
	default:
		return CONFIG_TOKEN_FOREIGN;
	}
}

struct config_token config_token_next(const char *at)
{
	at = skip_blank(at);
	struct config_token token = {CONFIG_TOKEN_END, at, at};
	if (*at == '\0') {
		return token;
	}
	if (starts_word(*at)) {
		while (continues_word(*token.end)) {
			token.end++;
		}
		token.kind = word_kind(at, (size_t)(token.end - at));
	} else if (*at == '"') {
		token.end = skip_text(at);
		token.kind = CONFIG_TOKEN_TEXT;
	} else if (is_digit(*at) || *at == '.' ||
		   ((*at == '-' || *at == '+') && (is_digit(at[1]) || at[1] == '.'))) {
		token.end = skip_number(at);
		token.kind = CONFIG_TOKEN_SCALAR;
	} else {
		token.end = at + 1;
		token.kind = sign_kind(*at);
	}
	return token;
}
