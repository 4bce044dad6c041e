/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/settings/config_location.h"

#include <stdbool.h>
#include <string.h>

#include "policy/settings/config_token.h"

struct cursor {
	const char *at;
	enum config_token_kind previous;
};

/*
 * The place of the next setting, in the order in which a depth-first walk of the tree meets them.
 * What follows an assignment belongs to the name before it.
 */
static const char *next_setting(struct cursor *cursor)
{
	for (;;) {
		struct config_token token = config_token_next(cursor->at);
		bool value = token.kind == CONFIG_TOKEN_NAME || token.kind == CONFIG_TOKEN_TEXT ||
			     token.kind == CONFIG_TOKEN_SCALAR || token.kind == CONFIG_TOKEN_OPEN;
		bool assigned = cursor->previous == CONFIG_TOKEN_ASSIGN;
		cursor->at = token.end;
		cursor->previous = token.kind;
		if (token.kind == CONFIG_TOKEN_END) {
			return NULL;
		}
		if (value && !assigned) {
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

void config_location_assign(const config_t *config, const char *text)
{
	struct cursor cursor = {text, CONFIG_TOKEN_END};
	assign_children(config_root_setting(config), &cursor);
}

const char *config_location_of(const config_setting_t *setting)
{
	return config_setting_get_hook(setting);
}

void config_location_line_column(const char *text, const char *place, unsigned *line,
				 unsigned *column)
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
