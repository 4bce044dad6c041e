/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/setting.h"

#include <assert.h>
#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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

/* How far lines were counted. */
struct cursor {
	const char *at;
	unsigned line, column;
};

struct parser {
	const char *open[SETTING_DEPTH_MAX]; /* brackets not yet closed */
	size_t depth;
	enum expectation expectation;
	struct config_token previous;
	struct cursor cursor;
	struct setting *current; /* what is in the innermost bracket goes here */
	struct setting *named;   /* has a name and no value yet; NULL in a list */
	const char *why;         /* set with a fault */
	bool out_of_memory;
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

static void move_to(struct cursor *cursor, const char *place)
{
	for (; cursor->at < place; cursor->at++) {
		if (*cursor->at == '\n') {
			cursor->line++;
			cursor->column = 1;
		} else if (((unsigned char)*cursor->at & 0xc0) != 0x80) {
			cursor->column++;
		}
	}
}

static void run_out(struct parser *parser)
{
	parser->out_of_memory = true;
}

/* Adds a setting to what is being read. \returns NULL when out of memory. */
static struct setting *add_setting(struct parser *parser, const char *place)
{
	struct setting *parent = parser->current;
	if (parent->count == parent->room) {
		const size_t room = parent->room > 0 ? 2 * parent->room : 4;
		struct setting **children =
		    reallocarray(parent->children, room, sizeof(struct setting *));
		if (children == NULL) {
			run_out(parser);
			return NULL;
		}
		parent->children = children;
		parent->room = room;
	}
	struct setting *setting = calloc(1, sizeof(*setting));
	if (setting == NULL) {
		run_out(parser);
		return NULL;
	}
	move_to(&parser->cursor, place);
	setting->parent = parent;
	setting->line = parser->cursor.line;
	setting->column = parser->cursor.column;
	setting->kind = SETTING_OTHER;
	parent->children[parent->count++] = setting;
	return setting;
}

/* The setting whose value begins here: the one that was named, or a new element. */
static struct setting *begin_value(struct parser *parser, const struct config_token *token)
{
	struct setting *setting = parser->named;
	parser->named = NULL;
	return setting != NULL ? setting : add_setting(parser, token->start);
}

static unsigned hex_digit(char c)
{
	return (unsigned)(c >= 'a' ? c - 'a' + 10 : c >= 'A' ? c - 'A' + 10 : c - '0');
}

/* A text without its quotes, escapes resolved; one that is none stays as written. */
static char *resolve_text(const struct config_token *token)
{
	static const char escapes[] = "\\\"fnrt";
	static const char meanings[] = "\\\"\f\n\r\t";
	char *text = malloc((size_t)(token->end - token->start));
	char *out = text;
	if (text == NULL) {
		return NULL;
	}
	for (const char *at = token->start + 1; at + 1 < token->end; at++) {
		const char *escape = *at == '\\' ? strchr(escapes, at[1]) : NULL;
		if (escape != NULL) {
			*out++ = meanings[escape - escapes];
			at++;
		} else if (*at == '\\' && at[1] == 'x' && isxdigit((unsigned char)at[2]) &&
			   isxdigit((unsigned char)at[3])) {
			*out++ = (char)(hex_digit(at[2]) << 4 | hex_digit(at[3]));
			at += 3;
		} else {
			*out++ = *at;
		}
	}
	*out = '\0';
	return text;
}

/* What a number, true or false is. */
static void resolve_scalar(const struct config_token *token, struct setting *out)
{
	const char *at = token->start;
	if (strchr("tTfF", *at) != NULL) {
		out->kind = SETTING_BOOLEAN;
		out->number = *at == 't' || *at == 'T' ? 1 : 0;
		return;
	}
	out->is_hexadecimal = at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
	const unsigned base = out->is_hexadecimal ? 16 : 10;
	at += out->is_hexadecimal ? 2 : 0;
	uint64_t number = 0;
	bool is_whole = at < token->end;
	for (; is_whole && at < token->end; at++) {
		is_whole =
		    (base == 16 ? isxdigit((unsigned char)*at) : isdigit((unsigned char)*at)) &&
		    number <= (UINT64_MAX - 15) / base;
		number = is_whole ? base * number + hex_digit(*at) : 0;
	}
	out->kind = is_whole ? SETTING_NUMBER : SETTING_OTHER;
	out->number = number;
}

static void keep_value(struct parser *parser, const struct config_token *token)
{
	struct setting *setting = begin_value(parser, token);
	if (setting == NULL) {
		return;
	}
	if (token->kind == CONFIG_TOKEN_SCALAR) {
		resolve_scalar(token, setting);
		return;
	}
	setting->kind = SETTING_TEXT;
	setting->text = resolve_text(token);
	if (setting->text == NULL) {
		run_out(parser);
	}
}

/* Whether a text ends in a quote that no backslash takes away. */
static bool is_closed(const struct config_token *token)
{
	const char *at = token->start + 1;
	while (at + 1 < token->end) {
		at += *at == '\\' && (at[1] == '\\' || at[1] == '"') ? 2 : 1;
	}
	return at < token->end && *at == '"';
}

static const char *text_fault(const struct config_token *token, struct parser *parser)
{
	size_t len = (size_t)(token->end - token->start);
	if (memchr(token->start, '\n', len) != NULL || !is_closed(token)) {
		return fault_at(parser, token->start,
				"this string has no closing quote (\") on its line; add it");
	}
	for (const char *at = token->start; at + 3 < token->end; at++) {
		if (at[0] == '\\' && at[1] == '\\') {
			at++;
		} else if (at[0] == '\\' && (at[1] == 'a' || at[1] == 'b' || at[1] == 'v')) {
			return fault_at(parser, at, "\\a, \\b and \\v cannot appear in a string");
		} else if (at[0] == '\\' && (at[1] == 'x' || at[1] == 'X') && at[2] == '0' &&
			   at[3] == '0') {
			return fault_at(parser, at,
					"\\x00 cannot appear in a string; leave it out");
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
	if (parser->depth == SETTING_DEPTH_MAX) {
		return fault_at(parser, token->start,
				"brackets are nested too deep; no setting needs that");
	}
	if (in_list(parser) && *parser->open[parser->depth - 1] == '[') {
		return fault_at(parser, token->start,
				"[ ] may hold only strings; use ( ) for groups");
	}
	struct setting *setting = begin_value(parser, token);
	if (setting != NULL) {
		setting->kind = *token->start == '{'   ? SETTING_GROUP
				: *token->start == '(' ? SETTING_LIST
						       : SETTING_ARRAY;
		parser->current = setting;
	}
	parser->open[parser->depth++] = token->start;
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
	parser->current = parser->current->parent;
	parser->expectation = EXPECT_MORE;
	return NULL;
}

static const char *name_fault(struct parser *parser, const struct config_token *token)
{
	const struct setting *group = parser->current;
	assert(group != NULL);
	const size_t len = (size_t)(token->end - token->start);
	parser->expectation = EXPECT_ASSIGN;
	for (size_t i = 0; i < group->count; i++) {
		const char *name = group->children[i]->name;
		if (strlen(name) == len && memcmp(name, token->start, len) == 0) {
			return fault_at(parser, token->start,
					"duplicate setting name; write it once");
		}
	}
	if (group->count == SETTING_MEMBERS_MAX) {
		return fault_at(parser, token->start,
				"too many settings together; no group needs so many");
	}
	parser->named = add_setting(parser, token->start);
	if (parser->named != NULL) {
		parser->named->name = strndup(token->start, len);
		if (parser->named->name == NULL) {
			run_out(parser);
		}
	}
	return NULL;
}

/* What kind of entry libconfig takes a token for: all in [ ] must be of one. */
static char entry_kind(const struct config_token *token)
{
	const size_t len = (size_t)(token->end - token->start);
	if (token->kind == CONFIG_TOKEN_TEXT) {
		return '"';
	}
	if (strchr("tTfF", *token->start) != NULL) {
		return 'b';
	}
	const bool is_hexadecimal = len > 1 && (token->start[1] | 0x20) == 'x';
	for (size_t i = 0; i < len; i++) {
		const char c = token->start[i];
		if (!is_hexadecimal && (c == '.' || c == 'e' || c == 'E')) {
			return '.';
		}
	}
	return token->end[-1] == 'L' ? 'L' : '0';
}

static bool is_mixed(const struct parser *parser, const struct config_token *token)
{
	const char *open = parser->depth > 0 ? parser->open[parser->depth - 1] : "";
	if (*open != '[' || parser->current->count == 0) {
		return false;
	}
	const struct config_token first = config_token_next(open + 1);
	return entry_kind(&first) != entry_kind(token);
}

static const char *value_fault(struct parser *parser, const struct config_token *token)
{
	switch (token->kind) {
	case CONFIG_TOKEN_TEXT:
	case CONFIG_TOKEN_SCALAR: {
		parser->expectation = EXPECT_MORE;
		if (is_mixed(parser, token)) {
			return fault_at(parser, token->start,
					"[ ] holds entries of one kind; put every entry in quotes");
		}
		const char *fault =
		    token->kind == CONFIG_TOKEN_TEXT ? text_fault(token, parser) : NULL;
		if (fault == NULL) {
			keep_value(parser, token);
		}
		return fault;
	}
	case CONFIG_TOKEN_OPEN:
		return open_fault(parser, token);
	case CONFIG_TOKEN_NAME:
		return fault_at(parser, token->start, "expected a value; strings need quotes");
	default:
		return fault_at(parser, token->start,
				"a value is missing here; write a number, a quoted string or a "
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
	if (strncmp(token->start, "/*", 2) == 0) {
		return fault_at(parser, token->start, "this comment is never closed; add */");
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
		return fault_at(parser, parser->previous.start,
				"a value is missing after this; write a number, a quoted string or "
				"a list");
	}
	return NULL;
}

static void place_fault(const char *text, const char *place, const char *why,
			struct setting_fault *fault)
{
	struct cursor cursor = {.at = text, .line = 1, .column = 1};
	move_to(&cursor, place);
	*fault = (struct setting_fault){.line = cursor.line, .column = cursor.column, .why = why};
}

struct setting *setting_parse(const char *text, struct setting_fault *fault)
{
	struct setting *root = calloc(1, sizeof(*root));
	struct parser parser = {
	    .expectation = EXPECT_NAME,
	    .cursor = {.at = text, .line = 1, .column = 1},
	    .current = root,
	    .out_of_memory = root == NULL,
	};
	const char *place = NULL;
	struct config_token token = config_token_next(text);
	while (!parser.out_of_memory && token.kind != CONFIG_TOKEN_END && place == NULL) {
		place = token_fault(&parser, &token);
		parser.previous = token;
		token = config_token_next(token.end);
	}
	if (!parser.out_of_memory && place == NULL) {
		place = end_fault(&parser);
	}
	if (!parser.out_of_memory && place == NULL) {
		return root;
	}
	if (parser.out_of_memory) {
		*fault = (struct setting_fault){.why = "out of memory"};
	} else {
		place_fault(text, place, parser.why, fault);
	}
	setting_free(root);
	return NULL;
}

void setting_free(struct setting *root)
{
	if (root == NULL) {
		return;
	}
	for (size_t i = 0; i < root->count; i++) {
		setting_free(root->children[i]);
	}
	free(root->children);
	free(root->name);
	free(root->text);
	free(root);
}

const struct setting *setting_member(const struct setting *group, const char *name)
{
	for (size_t i = 0; i < group->count; i++) {
		const char *known = group->children[i]->name;
		if (known != NULL && strcmp(known, name) == 0) {
			return group->children[i];
		}
	}
	return NULL;
}

const char *setting_text(const struct setting *setting)
{
	return setting->kind == SETTING_TEXT ? setting->text : NULL;
}

bool setting_is_list(const struct setting *setting)
{
	return setting->kind == SETTING_LIST || setting->kind == SETTING_ARRAY;
}
