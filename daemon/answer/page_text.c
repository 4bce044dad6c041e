/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/page_text.h"

#include <string.h>

#include "daemon/text/html_entity.h"

static void put(struct page_writer *writer, const char *text, size_t len)
{
	if (writer->overflow || len > writer->size - writer->len) {
		writer->overflow = true;
		return;
	}
	memcpy(writer->out + writer->len, text, len);
	writer->len += len;
}

static void put_escaped(struct page_writer *writer, const char *text)
{
	for (; *text != '\0'; text++) {
		const char *entity = html_entity(*text);

		if (entity != NULL) {
			put(writer, entity, strlen(entity));
		} else {
			put(writer, text, 1);
		}
	}
}

static const char *value_of(const struct page_value *values, size_t count, const char *key,
			    size_t key_len)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(values[i].key) == key_len && memcmp(values[i].key, key, key_len) == 0) {
			return values[i].value;
		}
	}
	return NULL;
}

/* Where the text after {{/key}} begins; the end of the page when that does not stand there. */
static const char *after_section(const char *at, const char *key, size_t key_len)
{
	for (;;) {
		at = strstr(at, "{{/");
		if (at == NULL) {
			return "";
		}
		at += 3;
		if (strncmp(at, key, key_len) == 0 && strncmp(at + key_len, "}}", 2) == 0) {
			return at + key_len + 2;
		}
	}
}

void page_text_fill(struct page_writer *writer, const char *page, const struct page_value *values,
		    size_t count)
{
	const char *open, *close;

	while ((open = strstr(page, "{{")) != NULL && (close = strstr(open, "}}")) != NULL) {
		const char *key = open + 2;
		size_t key_len = (size_t)(close - key);

		put(writer, page, (size_t)(open - page));
		page = close + 2;
		if (*key == '#') {
			if (value_of(values, count, key + 1, key_len - 1) == NULL) {
				page = after_section(page, key + 1, key_len - 1);
			}
		} else if (*key != '/' && *key != '!') {
			const char *value = value_of(values, count, key, key_len);

			if (value != NULL) {
				put_escaped(writer, value);
			}
		}
	}
	put(writer, page, strlen(page));
}
