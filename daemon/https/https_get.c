/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/https/https_get.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/https/curl_library.h"

#define REDIRECTS_MAX 5L

struct answer {
	char *text; /* NUL-terminated */
	size_t len;
	size_t max;
};

static size_t take(char *octets, size_t size, size_t count, void *ctx)
{
	struct answer *answer = ctx;
	size_t len = size * count;
	char *text;

	if (len > answer->max - answer->len) {
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
	       curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_USERAGENT, "Truegate") == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
	       curl->easy_setopt(easy, CURLOPT_WRITEDATA, answer) == CURLE_OK &&
	       (request->ca == NULL ||
		curl->easy_setopt(easy, CURLOPT_CAINFO, request->ca) == CURLE_OK);
}

static long perform(const struct curl_library *curl, CURL *easy, char *error, size_t error_size)
{
	long status = 0;
	CURLcode result = curl->easy_perform(easy);

	if (result != CURLE_OK) {
		(void)snprintf(error, error_size, "%s", curl->easy_strerror(result));
		return 0;
	}
	curl->easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200) {
		(void)snprintf(error, error_size, "it answers with HTTP status %ld", status);
	}
	return status;
}

long https_get(const struct https_request *request, char **document, char *error, size_t error_size)
{
	const struct curl_library *curl = curl_library_load();
	struct answer answer = {.max = request->octets_max};
	long status = 0;
	char accept[256];

	*document = NULL;
	if (curl == NULL) {
		(void)snprintf(error, error_size, "needs libcurl; install libcurl3-gnutls");
		return 0;
	}
	(void)snprintf(accept, sizeof(accept), "Accept: %s", request->accept);

	CURL *easy = curl->easy_init();
	struct curl_slist *headers = curl->slist_append(NULL, accept);

	if (easy == NULL || headers == NULL || !set_up(curl, easy, request, headers, &answer)) {
		(void)snprintf(error, error_size, "libcurl refuses an option");
	} else {
		status = perform(curl, easy, error, error_size);
	}
	curl->slist_free_all(headers);
	curl->easy_cleanup(easy);
	if (status == 200) {
		*document = answer.text != NULL ? answer.text : strdup("");
	} else {
		free(answer.text);
	}
	return status;
}
