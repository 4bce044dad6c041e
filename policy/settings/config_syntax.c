/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/config_syntax.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "policy/settings/config_token.h"

enum expectation {
	EXPECT_NAME, /* or the end of the group */
	EXPECT_ASSIGN,
	EXPECT_VALUE,   /* after an assignment */
	EXPECT_ELEMENT, /* of a list, after a comma */
	EXPECT_FIRST,   /* element of a list, or its end */
	EXPECT_MORE,    /* after a value: what may follow it where it stands */
};

/* Names of one group's settings, which libconfig compares each with each. */
struct names {
	struct config_token items[CONFIG_SYNTAX_SETTINGS_MAX];
	size_t count;
};

struct parser {
	const char *open[CONFIG_SYNTAX_DEPTH_MAX];       /* brackets not yet closed */
	struct names names[CONFIG_SYNTAX_DEPTH_MAX + 1]; /* within each, and outside of all */
	size_t depth;
	enum expectation expectation;
	struct config_token previous;
	const char *why; /* set with a fault */
};

static const char *fault_at(struct parser *parser, const char *place, const char *why)
{
	parser->why = why;
	return place;
}

static bool in_list(const struct parser *parser)
{
	return parser->depth > 0 && *parser->open[parser->depth - 1] != '{';
}

static const char *text_fault(const struct config_token *token, struct parser *parser)
{
	size_t len = (size_t)(token->end - token->start);
	if (memchr(token->start, '\n', len) != NULL || token->end[-1] != '"' || len == 1) {
		return fault_at(parser, token->start,
				"this text has no closing quote (\") on its line; add it");
	}
	for (const char *at = token->start; at + 3 < token->end; at++) {
		if (at[0] == '\\' && at[1] == '\\') {
			at++;
		} else if (at[0] == '\\' && (at[1] == 'x' || at[1] == 'X') && at[2] == '0' &&
			   at[3] == '0') {
			return fault_at(parser, at, "\\x00 cannot stand in a text; leave it out");
		}
	}
	return NULL;
}

static char closing(char open)
{
	switch (open) {
	case '(':
		return ')';
	case '[':
		return ']';
	default:
		return '}';
	}
}

static const char *open_fault(struct parser *parser, const struct config_token *token)
{
	if (parser->depth == CONFIG_SYNTAX_DEPTH_MAX) {
		return fault_at(parser, token->start,
				"brackets are nested too deep here; no setting needs it");
	}
	if (in_list(parser) && *parser->open[parser->depth - 1] == '[') {
		return fault_at(parser, token->start,
				"[ ] holds texts alone; write ( ) around what holds more");
	}
	parser->open[parser->depth++] = token->start;
	parser->names[parser->depth].count = 0;
	parser->expectation = *token->start == '{' ? EXPECT_NAME : EXPECT_FIRST;
	return NULL;
}

static const char *close_fault(struct parser *parser, const struct config_token *token)
{
	if (parser->depth == 0) {
		return fault_at(
		    parser, token->start,
		    "this bracket closes nothing; remove it, or add the one that opens");
	}
	const char *open = parser->open[parser->depth - 1];
	if (closing(*open) != *token->start) {
		return fault_at(parser, open,
				"this bracket is closed by one of another kind, or not at all; ( ) "
				"[ ] { } go in pairs");
	}
	parser->depth--;
	parser->expectation = EXPECT_MORE;
	return NULL;
}

static bool is_same(const struct config_token *a, const struct config_token *b)
{
	const size_t len = (size_t)(a->end - a->start);
	return len == (size_t)(b->end - b->start) && memcmp(a->start, b->start, len) == 0;
}

static const char *name_fault(struct parser *parser, const struct config_token *token)
{
	struct names *names = &parser->names[parser->depth];
	parser->expectation = EXPECT_ASSIGN;
	for (size_t i = 0; i < names->count; i++) {
		if (is_same(&names->items[i], token)) {
			return fault_at(parser, token->start,
					"duplicate setting name; write it once");
		}
	}
	if (names->count == CONFIG_SYNTAX_SETTINGS_MAX) {
		return fault_at(parser, token->start,
				"too many settings stand together here; none needs as many");
	}
	names->items[names->count++] = *token;
	return NULL;
}

/* Whether a text stands in [ ] that began with a number, or the other way round. */
static bool is_mixed(const struct parser *parser, const struct config_token *token)
{
	const char *open = parser->depth > 0 ? parser->open[parser->depth - 1] : "";
	return *open == '[' && config_token_next(open + 1).kind != token->kind;
}

static const char *value_fault(struct parser *parser, const struct config_token *token)
{
	switch (token->kind) {
	case CONFIG_TOKEN_TEXT:
	case CONFIG_TOKEN_SCALAR:
		parser->expectation = EXPECT_MORE;
		if (is_mixed(parser, token)) {
			return fault_at(parser, token->start,
					"[ ] holds entries of one kind; put every entry in quotes");
		}
		return token->kind == CONFIG_TOKEN_TEXT ? text_fault(token, parser) : NULL;
	case CONFIG_TOKEN_OPEN:
		return open_fault(parser, token);
	case CONFIG_TOKEN_NAME:
		return fault_at(parser, token->start, "this is no value; put texts in quotes");
	default:
		return fault_at(parser, token->start,
				"a value is missing here; write a number, a text in quotes or a "
				"list");
	}
}

static const char *more_fault(struct parser *parser, const struct config_token *token)
{
	if (token->kind == CONFIG_TOKEN_CLOSE) {
		return close_fault(parser, token);
	}
	if (in_list(parser)) {
		parser->expectation = EXPECT_ELEMENT;
		return token->kind == CONFIG_TOKEN_COMMA
			   ? NULL
			   : fault_at(parser, token->start,
				      "a comma or a closing bracket is missing before this");
	}
	if (token->kind == CONFIG_TOKEN_NAME) {
		return name_fault(parser, token); /* libconfig can do without the semicolon */
	}
	parser->expectation = EXPECT_NAME;
	return token->kind == CONFIG_TOKEN_SEMICOLON || token->kind == CONFIG_TOKEN_COMMA
		   ? NULL
		   : fault_at(parser, token->start, "a semicolon is missing before this");
}

static const char *token_fault(struct parser *parser, const struct config_token *token)
{
	if (*token->start == '@') {
		return fault_at(parser, token->start,
				"@include cannot be used; write it here (a policy can include a "
				"directory: truegate-policy(5))");
	}
	switch (parser->expectation) {
	case EXPECT_NAME:
		if (token->kind == CONFIG_TOKEN_CLOSE) {
			return close_fault(parser, token);
		}
		return token->kind == CONFIG_TOKEN_NAME
			   ? name_fault(parser, token)
			   : fault_at(parser, token->start,
				      "a setting is expected here; write its name, \"=\" and a "
				      "value");
	case EXPECT_ASSIGN:
		parser->expectation = EXPECT_VALUE;
		return token->kind == CONFIG_TOKEN_ASSIGN
			   ? NULL
			   : fault_at(parser, parser->previous.start,
				      "a \"=\" is missing after this name");
	case EXPECT_FIRST:
		return token->kind == CONFIG_TOKEN_CLOSE ? close_fault(parser, token)
							 : value_fault(parser, token);
	case EXPECT_ELEMENT:
		if (token->kind == CONFIG_TOKEN_CLOSE) {
			return fault_at(parser, parser->previous.start,
					"a comma stands before a closing bracket; remove it");
		}
		return value_fault(parser, token);
	case EXPECT_VALUE:
		return value_fault(parser, token);
	case EXPECT_MORE:
		break;
	}
	return more_fault(parser, token);
}

static const char *end_fault(struct parser *parser)
{
	if (parser->depth > 0) {
		return fault_at(parser, parser->open[parser->depth - 1],
				"this bracket is never closed; add the one that closes it");
	}
	if (parser->expectation == EXPECT_ASSIGN) {
		return fault_at(parser, parser->previous.start,
				"a \"=\" is missing after this name");
	}
	if (parser->expectation == EXPECT_VALUE) {
		return fault_at(
		    parser, parser->previous.start,
		    "a value is missing after this; write a number, a text in quotes or "
		    "a list");
	}
	return NULL;
}

const char *config_syntax_fault(const char *text, const char **why)
{
	struct parser parser = {.expectation = EXPECT_NAME};
	const char *fault = NULL;
	struct config_token token = config_token_next(text);
	while (token.kind != CONFIG_TOKEN_END && fault == NULL) {
		fault = token_fault(&parser, &token);
		parser.previous = token;
		token = config_token_next(token.end);
	}
	if (fault == NULL) {
		fault = end_fault(&parser);
	}
	*why = parser.why;
	return fault;
}
