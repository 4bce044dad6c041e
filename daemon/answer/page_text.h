/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fills in a page template:
 *
 *     {{key}}              the value of that key, escaped for HTML text and quoted attributes
 *     {{#key}}...{{/key}}  kept when the key has a value, left out when it has none;
 *                          one may stand inside another of another key
 *     {{!...}}             a comment, left out
 */
#ifndef DAEMON_ANSWER_PAGE_TEXT_H
#define DAEMON_ANSWER_PAGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct page_value {
	const char *key;
	const char *value; /* NULL: none */
};

/* Text being written into a buffer of fixed size. */
struct page_writer {
	char *out;
	size_t size;
	size_t len;
	bool overflow; /* something did not fit; what follows is not written either */
};

/*
 * Writes the template with its values. Keys that are not among the values have none.
 *
 * \param values  count of them; value strings are UTF-8, made safe already (safe_text.h).
 */
void page_text_fill(struct page_writer *writer, const char *page, const struct page_value *values,
		    size_t count);

#endif
