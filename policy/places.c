#include "policy/places.h"

#include <stddef.h>
#include <string.h>

enum token_kind {
	TOKEN_END,
	TOKEN_WORD, /* a setting's name, or true or false */
	TOKEN_TEXT,
	TOKEN_NUMBER,
	TOKEN_ASSIGN,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_OTHER,
};

struct token {
	enum token_kind kind;
	const char *start;
	const char *end;
};

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
			at = end != NULL ? end + 2 : at + strlen(at);
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

static struct token next_token(const char *at)
{
	at = skip_blank(at);
	struct token token = {TOKEN_OTHER, at, at + 1};
	if (*at == '\0') {
		token.kind = TOKEN_END;
		token.end = at;
	} else if (starts_word(*at)) {
		token.kind = TOKEN_WORD;
		while (continues_word(*token.end)) {
			token.end++;
		}
	} else if (*at == '"') {
		token.kind = TOKEN_TEXT;
		token.end = skip_text(at);
	} else if (is_digit(*at) || ((*at == '-' || *at == '+') && (is_digit(at[1]))) ||
		   (*at == '.')) {
		token.kind = TOKEN_NUMBER;
		token.end = skip_number(at);
	} else if (*at == '=' || *at == ':') {
		token.kind = TOKEN_ASSIGN;
	} else if (strchr("([{", *at) != NULL) {
		token.kind = TOKEN_OPEN;
	} else if (strchr(")]}", *at) != NULL) {
		token.kind = TOKEN_CLOSE;
	} else if (*at == ',') {
		token.kind = TOKEN_COMMA;
	}
	return token;
}

static const char *text_fault(const struct token *token, const char **why)
{
	size_t len = (size_t)(token->end - token->start);
	if (memchr(token->start, '\n', len) != NULL || token->end[-1] != '"' || len == 1) {
		*why = "this text has no closing quote (\") on its line; add it";
		return token->start;
	}
	for (const char *at = token->start; at + 3 < token->end; at++) {
		if (at[0] == '\\' && at[1] == '\\') {
			at++;
		} else if (at[0] == '\\' && (at[1] == 'x' || at[1] == 'X') && at[2] == '0' &&
			   at[3] == '0') {
			*why = "\\x00 cannot stand in a text; leave it out";
			return at;
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

static const char *bracket_fault(const struct token *token, const char **open, size_t *depth,
				 const char **why)
{
	if (token->kind == TOKEN_OPEN) {
		if (*depth == PLACES_DEPTH_MAX) {
			*why = "brackets are nested too deep here; no setting of a policy needs it";
			return token->start;
		}
		open[(*depth)++] = token->start;
		return NULL;
	}
	if (*depth == 0) {
		*why = "this bracket closes nothing; remove it, or add the one that opens";
		return token->start;
	}
	if (closing(*open[--*depth]) != *token->start) {
		*why = "this bracket is closed by one of another kind; ( ) [ ] { } go in pairs";
		return open[*depth];
	}
	return NULL;
}

const char *places_find_fault(const char *text, const char **why)
{
	const char *open[PLACES_DEPTH_MAX];
	size_t depth = 0;
	struct token token = next_token(text);
	struct token previous = token;
	for (; token.kind != TOKEN_END; previous = token, token = next_token(token.end)) {
		const char *fault = NULL;
		if (token.kind == TOKEN_TEXT) {
			fault = text_fault(&token, why);
		} else if (previous.kind == TOKEN_COMMA && strchr(")]", *token.start) != NULL) {
			*why = "a comma stands before a closing bracket; remove it";
			fault = previous.start;
		} else if (token.kind == TOKEN_OPEN || token.kind == TOKEN_CLOSE) {
			fault = bracket_fault(&token, open, &depth, why);
		} else if (*token.start == '@') {
			*why = "@include cannot be used in a policy; write everything in one file";
			fault = token.start;
		}
		if (fault != NULL) {
			return fault;
		}
	}
	if (depth > 0) {
		*why = "this bracket is never closed; add the one that closes it";
		return open[depth - 1];
	}
	return NULL;
}

struct cursor {
	const char *at;
	enum token_kind previous;
};

/* The place of the next setting, in the order in which a depth-first walk of the tree meets them.
 */
static const char *next_setting(struct cursor *cursor)
{
	for (;;) {
		struct token token = next_token(cursor->at);
		enum token_kind previous = cursor->previous;
		if (token.kind == TOKEN_END) {
			return NULL;
		}
		cursor->at = token.end;
		cursor->previous = token.kind;
		/* What follows an assignment belongs to the name before it, and texts in a row are
		 * one. */
		bool value = token.kind == TOKEN_WORD || token.kind == TOKEN_NUMBER ||
			     token.kind == TOKEN_OPEN ||
			     (token.kind == TOKEN_TEXT && previous != TOKEN_TEXT);
		if (value && previous != TOKEN_ASSIGN) {
			return token.start;
		}
	}
}

static void assign_children(config_setting_t *parent, struct cursor *cursor)
{
	int count = config_setting_length(parent);
	for (int i = 0; i < count; i++) {
		config_setting_t *child = config_setting_get_elem(parent, (unsigned)i);
		const char *place = next_setting(cursor);
		void *hook = NULL; /* its type is not const, yet nothing is written through it */
		memcpy(&hook, &place, sizeof(hook));
		config_setting_set_hook(child, hook);
		assign_children(child, cursor);
	}
}

void places_assign(const config_t *config, const char *text)
{
	struct cursor cursor = {text, TOKEN_END};
	assign_children(config_root_setting(config), &cursor);
}

const char *places_of(const config_setting_t *setting)
{
	return config_setting_get_hook(setting);
}

void places_line_column(const char *text, const char *place, unsigned *line, unsigned *column)
{
	*line = 1;
	*column = 1;
	for (const char *at = text; at < place; at++) {
		if (*at == '\n') {
			(*line)++;
			*column = 1;
		} else if (((unsigned char)*at & 0xc0) != 0x80) {
			(*column)++;
		}
	}
}
