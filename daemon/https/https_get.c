/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/https/https_get.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/https/curl_library.h"

#define REDIRECTS_MAX 5L
#define CONNECT_S 15L

struct answer {
	char *text; /* NUL-terminated */
	size_t len;
	size_t max;
	bool is_too_long;
};

static size_t take(char *octets, size_t size, size_t count, void *ctx)
{
	struct answer *answer = ctx;
	size_t len = size * count;
	char *text;

	if (len > answer->max - answer->len) {
		answer->is_too_long = true;
		return 0;
	}
	text = realloc(answer->text, answer->len + len + 1);
	if (text == NULL) {
		return 0;
	}
	memcpy(text + answer->len, octets, len);
	answer->text = text;
	answer->len += len;
	text[answer->len] = '\0';
	return len;
}

static bool set_up(const struct curl_library *curl, CURL *easy, const struct https_request *request,
		   struct curl_slist *headers, struct answer *answer)
{
	return curl->easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https") == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_MAXREDIRS, REDIRECTS_MAX) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_TIMEOUT, request->seconds) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, CONNECT_S) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_USERAGENT, "Truegate") == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_WRITEDATA, answer) == CURLE_OK &&
	       (request->ca == NULL ||
		curl->easy_setopt(easy, CURLOPT_CAINFO, request->ca) == CURLE_OK);
}

static long perform(const struct curl_library *curl, CURL *easy, const struct answer *answer,
		    bool is_conditional, char *error, size_t error_size)
{
	long status = 0;
	CURLcode result = curl->easy_perform(easy);

	if (answer->is_too_long) {
		(void)snprintf(error, error_size, "it is larger than %zu octets", answer->max);
		return 0;
	}
	if (result != CURLE_OK) {
		(void)snprintf(error, error_size, "%s", curl->easy_strerror(result));
		return 0;
	}
	curl->easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200 && !(status == 304 && is_conditional)) {
		(void)snprintf(error, error_size, "it answers with HTTP status %ld", status);
	}
	return status;
}

/* Keeps the entity tag of the last answer: printable ASCII only, as it is sent back. */
static void read_etag(const struct curl_library *curl, CURL *easy, char out[HTTPS_ETAG_SIZE])
{
	struct curl_header *header = NULL;

	if (curl->easy_header(easy, "ETag", 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
	    strlen(header->value) >= HTTPS_ETAG_SIZE) {
		return;
	}
	for (const char *octet = header->value; *octet != '\0'; octet++) {
		if (*octet < '!' || *octet > '~') {
			return;
		}
	}
	memcpy(out, header->value, strlen(header->value) + 1);
}

/* Adds a field to a list. \returns false when out of memory; the list stays. */
static bool add_field(const struct curl_library *curl, struct curl_slist **list, const char *name,
		      const char *value)
{
	char field[HTTPS_ETAG_SIZE + 64];
	struct curl_slist *longer;

	(void)snprintf(field, sizeof(field), "%s: %s", name, value);
	longer = curl->slist_append(*list, field);
	if (longer != NULL) {
		*list = longer;
	}
	return longer != NULL;
}

long https_get(const struct https_request *request, struct https_document *document, char *error,
	       size_t error_size)
{
	const struct curl_library *curl = curl_library_load();
	struct answer answer = {.max = request->octets_max};
	struct curl_slist *headers = NULL;
	long status = 0;

	*document = (struct https_document){0};
	if (curl == NULL) {
		(void)snprintf(error, error_size, "needs libcurl; install libcurl3-gnutls");
		return 0;
	}

	CURL *easy = curl->easy_init();

	if (easy == NULL || !add_field(curl, &headers, "Accept", request->accept) ||
	    (request->etag != NULL && !add_field(curl, &headers, "If-None-Match", request->etag)) ||
	    !set_up(curl, easy, request, headers, &answer)) {
		(void)snprintf(error, error_size, "libcurl refuses an option");
	} else {
		status = perform(curl, easy, &answer, request->etag != NULL, error, error_size);
	}
	if (status == 200) {
		read_etag(curl, easy, document->etag);
		document->text = answer.text != NULL ? answer.text : strdup("");
		document->len = answer.len;
		if (document->text == NULL) {
			(void)snprintf(error, error_size, "out of memory");
			status = 0;
		}
	} else {
		free(answer.text);
	}
	curl->slist_free_all(headers);
	curl->easy_cleanup(easy);
	return status;
}
