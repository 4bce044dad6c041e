/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/answer/extended_error.h"

#include <stdio.h>
#include <string.h>

#include "daemon/text/safe_text.h"

#define TEXT_SIZE 1024
#define ORGANISATION "the gateway of this network (Truegate)"

size_t extended_error_plain(const struct finding *finding, const char *contact, char *out,
			    size_t out_size)
{
	char text[TEXT_SIZE];
	bool has_contact = contact != NULL && contact[0] != '\0';

	(void)snprintf(text, sizeof(text), "imitates %s (%s)%s%s; see %s", finding->imitates,
		       finding->site, has_contact ? "; ask " : "", has_contact ? contact : "",
		       EXTENDED_ERROR_PAGE);
	return safe_text(text, strlen(text), out, out_size);
}

/* A JSON text being written; `overflow` once something did not fit. */
struct json {
	char *out;
	size_t size;
	size_t len;
	bool overflow;
};

static void put(struct json *json, const char *text, size_t len)
{
	if (json->overflow || len >= json->size - json->len) {
		json->overflow = true;
		return;
	}
	memcpy(json->out + json->len, text, len);
	json->len += len;
	json->out[json->len] = '\0';
}

static void put_text(struct json *json, const char *text)
{
	put(json, text, strlen(text));
}

/* Writes a text in quotes. Controls are gone (safe_text), so only two characters are escaped (RFC
 * 8259 section 7). */
static void put_string(struct json *json, const char *text)
{
	put_text(json, "\"");
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\') {
			put_text(json, "\\");
		}
		put(json, text, 1);
	}
	put_text(json, "\"");
}

/* The contact as one of the URIs that the draft allows; an empty text when it is neither a mail
 * address nor a telephone number, or cannot stand in a URI as it is. */
static void write_uri(const char *contact, char *out, size_t out_size)
{
	static const char mail[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   ".-_+";
	size_t local = strspn(contact, mail);
	size_t number = strspn(contact, "+0123456789-.");
	int len = 0;

	out[0] = '\0';
	if (local > 0 && contact[local] == '@' && contact[local + 1] != '\0' &&
	    contact[local + 1 + strspn(contact + local + 1, mail)] == '\0') {
		len = snprintf(out, out_size, "mailto:%s", contact);
	} else if (number > 2 && contact[number] == '\0') {
		len = snprintf(out, out_size, "tel:%s", contact);
	}
	if (len < 0 || (size_t)len >= out_size) {
		out[0] = '\0';
	}
}

static size_t write_structured(const char *uri, const char *justification, const char *organisation,
			       char *out, /* NOLINT(readability-non-const-parameter) */
			       size_t out_size)
{
	struct json json = {.out = out, .size = out_size};

	put_text(&json, "{");
	if (uri[0] != '\0') {
		put_text(&json, "\"c\":[");
		put_string(&json, uri);
		put_text(&json, "]");
	}
	if (justification != NULL) {
		put_text(&json, uri[0] != '\0' ? ",\"j\":" : "\"j\":");
		put_string(&json, justification);
	}
	if (organisation != NULL) {
		put_text(&json, ",\"o\":");
		put_string(&json, organisation);
	}
	if (justification != NULL) {
		put_text(&json, ",\"l\":\"en\"");
	}
	put_text(&json, "}");
	return json.overflow ? 0 : json.len;
}

size_t extended_error_structured(const struct finding *finding, const char *contact, char *out,
				 size_t out_size)
{
	char uri[256] = "", justification[TEXT_SIZE];

	if (contact != NULL) {
		write_uri(contact, uri, sizeof(uri));
	}
	/* Whom to ask stands in the justification where no URI can say it. */
	(void)extended_error_plain(finding, uri[0] == '\0' ? contact : NULL, justification,
				   sizeof(justification));

	size_t len = write_structured(uri, justification, ORGANISATION, out, out_size);

	if (len == 0) {
		len = write_structured(uri, justification, NULL, out, out_size);
	}
	if (len == 0 && uri[0] != '\0') {
		len = write_structured(uri, NULL, NULL, out, out_size);
	}
	return len;
}
