/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/file/local_edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/settings/config_token.h"

const char local_edit_start[] = "# The office's own word; see truegate-policy(5), LOCAL FILE. It "
				"can only take away, and no policy\n"
				"# and no upgrade changes it. `truegate exempt NAME` adds to it.\n";

/* Where a list can be added to. */
struct place {
	const char
	    *at; /* behind its last entry, or behind its opening bracket; NULL: no such list */
	bool is_empty;
	bool is_spread; /* its entries stand on lines of their own */
};

/* Goes to the end of a list whose opening bracket is `open`. */
static struct place find_end(struct config_token open)
{
	struct place place = {.at = open.end, .is_empty = true};
	struct config_token token = config_token_next(open.end);
	while (token.kind == CONFIG_TOKEN_TEXT || token.kind == CONFIG_TOKEN_COMMA) {
		if (token.kind == CONFIG_TOKEN_TEXT) {
			place.at = token.end;
			place.is_empty = false;
		}
		token = config_token_next(token.end);
	}
	place.is_spread =
	    memchr(open.end, '\n', (size_t)(token.start - open.end)) != NULL && !place.is_empty;
	return place;
}

static struct place find_list(const char *text, const char *list)
{
	struct config_token token = config_token_next(text);
	unsigned depth = 0;
	for (; token.kind != CONFIG_TOKEN_END; token = config_token_next(token.end)) {
		depth += token.kind == CONFIG_TOKEN_OPEN ? 1 : 0;
		depth -= token.kind == CONFIG_TOKEN_CLOSE && depth > 0 ? 1 : 0;
		const size_t len = (size_t)(token.end - token.start);
		if (depth > 0 || token.kind != CONFIG_TOKEN_NAME || len != strlen(list) ||
		    strncmp(token.start, list, len) != 0) {
			continue;
		}
		token = config_token_next(token.end); /* the "=" */
		return find_end(config_token_next(token.end));
	}
	return (struct place){.at = NULL};
}

static void put_entry(FILE *out, const char *entry)
{
	putc('"', out);
	for (; *entry != '\0'; entry++) {
		if (*entry == '\\') {
			putc('\\', out);
		}
		putc(*entry, out);
	}
	putc('"', out);
}

char *local_edit_add(const char *text, const char *list, const char *entry)
{
	const struct place place = find_list(text, list);
	char *edited = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&edited, &len);
	if (out == NULL) {
		return NULL;
	}
	if (place.at == NULL) {
		const size_t text_len = strlen(text);
		fputs(text, out);
		fputs(text_len > 0 && text[text_len - 1] != '\n' ? "\n" : "", out);
		fprintf(out, "%s = [\n  ", list);
		put_entry(out, entry);
		fputs("\n];\n", out);
	} else {
		fwrite(text, 1, (size_t)(place.at - text), out);
		fputs(place.is_empty ? " " : place.is_spread ? ",\n  " : ", ", out);
		put_entry(out, entry);
		fputs(place.is_empty ? " " : "", out);
		fputs(place.at, out);
	}
	if (fclose(out) != 0) {
		free(edited);
		return NULL;
	}
	return edited;
}
